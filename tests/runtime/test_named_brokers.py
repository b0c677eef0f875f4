"""The broker that a setting names, and that one which is not shared has one process."""

import subprocess
import sys

import pytest

from wirepact.broker import Keep, Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.broker_redis import RedisBroker
from wirepact.broker_sqlite import SqliteBroker
from wirepact.brokers import broker_of
from wirepact.errors import Misconfigured
from wirepact.settings import Settings
from wirepact.testing import KEY


def settings(tmp_path, broker, **others):
    return Settings(state_dir=tmp_path, broker=broker, jwt_secret=KEY, **others)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("memory://", MemoryBroker),
        ("sqlite://", SqliteBroker),
        ("redis://127.0.0.1:6379/0", RedisBroker),
        ("rediss://user:password@127.0.0.1:6379/0", RedisBroker),
    ],
)
def test_the_url_says_which_kind(tmp_path, url, kind):
    assert isinstance(broker_of(settings(tmp_path, url)), kind)


@pytest.mark.parametrize(
    ("url", "file"), [("sqlite://", "broker.sqlite"), ("sqlite:///{}/other.db", "other.db")]
)
async def test_a_file_keeps_what_can_be_recovered(tmp_path, url, file):
    named = settings(tmp_path, url.format(tmp_path))
    broker = broker_of(named)
    position = await broker.publish(Publication("t", b"kept", keep=Keep("stream", 60)))
    await broker.stop()

    again = broker_of(named)
    history = await again.recover("t", type(position)(position.epoch, 0))
    await again.stop()

    assert [each.publication.payload for each in history.kept] == [b"kept"]
    assert (tmp_path / file).is_file()


def test_redis_signs_with_the_key_of_nodes(tmp_path):
    broker = broker_of(settings(tmp_path, "redis://127.0.0.1/0", nodes_secret="n" * 32, broker_prefix="p"))

    assert (broker._options.secret, broker._options.prefix) == (b"n" * 32, "p")


def test_in_production_redis_needs_a_key_to_sign_with(tmp_path):
    bare = Settings(state_dir=tmp_path, env="production", broker="redis://127.0.0.1/0")

    with pytest.raises(Misconfigured, match="WIREPACT_JWT_SECRET: must be set in production"):
        broker_of(bare)


HOLD = """
import asyncio, sys
from pathlib import Path
from wirepact.brokers import broker_of
from wirepact.errors import Misconfigured
from wirepact.settings import Settings

async def main():
    broker = broker_of(Settings(state_dir=Path(sys.argv[1]), broker=sys.argv[2]))
    try:
        await broker.start(print)
    except Misconfigured as error:
        sys.exit(str(error))
    print("started", flush=True)
    sys.stdin.read()
    await broker.stop()

asyncio.run(main())
"""


def start(tmp_path, url):
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("url", "kind"), [("memory://", "in memory"), ("sqlite://", "on SQLite")])
def test_a_second_process_is_told_instead_of_losing_what_the_first_publishes(tmp_path, url, kind):
    with start(tmp_path, url) as first:
        assert first.stdout.readline() == "started\n"
        with start(tmp_path, url) as second:
            _, said = second.communicate(timeout=20)
        first.kill()
        first.wait()
        with start(tmp_path, url) as third:
            started, _ = third.communicate(timeout=20)

    assert f"WIREPACT_BROKER: a broker {kind} serves one process" in said
    assert second.returncode == 1
    assert started == "started\n"


@pytest.mark.parametrize("url", ["memory://", "sqlite://"])
async def test_a_place_that_can_not_be_written_stops_the_start(tmp_path, url):
    (tmp_path / "file").touch()
    broker = broker_of(settings(tmp_path / "file", url))

    with pytest.raises(Misconfigured, match=r"WIREPACT_BROKER: .* can't be made"):
        await broker.start(print)
