"""What Prometheus is told."""

import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import works
from sites import closed, hear, running, until
from wirepact.broker import Health
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import Unavailable
from wirepact.server.metrics import CONTENT_TYPE, SHARED_FOLDER, Metrics
from wirepact.testing import token
from works import HALL, Alarm, GetNotes, Welcome

WELL = Health(is_connected=True, is_deaf=False, silence=0.5, lag=0.01)
LABELS = f'channel="{HALL.name}",service="{HALL.service}"'


def lines(metrics):
    return [each for each in metrics.text().decode().splitlines() if not each.startswith("#")]


def test_what_was_counted_is_told_under_the_names_of_the_document():
    metrics = Metrics()
    here = metrics.channel(HALL)

    here.opened("legacy")
    here.received(GetNotes())
    here.received(GetNotes())
    here.handled("getNotes", 0.02)
    here.sent(Welcome(hall=1))
    here.delivered(1000)
    here.rejected("rate_limited")
    here.dropped("latest", 3)
    here.recovered(is_complete=True, replayed=7)

    said = lines(metrics)
    for line in (
        f"wirepact_connections{{{LABELS}}} 1.0",
        'wirepact_connections_opened_total{channel="hall",profile="legacy",service="works"} 1.0',
        'wirepact_messages_received_total{channel="hall",message="get_notes",service="works"} 2.0',
        'wirepact_handler_seconds_count{channel="hall",operation="getNotes",service="works"} 1.0',
        'wirepact_messages_sent_total{channel="hall",message="welcome",service="works"} 1.0',
        f"wirepact_deliveries_total{{{LABELS}}} 1000.0",
        'wirepact_messages_rejected_total{channel="hall",code="rate_limited",service="works"} 1.0',
        'wirepact_dropped_total{channel="hall",reason="latest",service="works"} 3.0',
        'wirepact_recoveries_total{channel="hall",outcome="complete",service="works"} 1.0',
        f"wirepact_replayed_total{{{LABELS}}} 7.0",
    ):
        assert line in said
    assert "text/plain" in CONTENT_TYPE


def test_a_message_that_the_channel_does_not_have_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        Metrics().channel(HALL).received(Welcome(hall=1))


def test_a_code_of_a_peers_own_invention_takes_no_room():
    metrics = Metrics()
    here = metrics.channel(HALL)

    for code in (1001, 4999, 4998, 3777):
        here.closed(code)
        here.refused(code)

    codes = [each for each in lines(metrics) if each.startswith("wirepact_connections_closed_total")]
    assert [each.split('code="')[1].split('"')[0] for each in codes] == ["1001", "other"]
    assert codes[1].endswith(" 3.0")
    assert here.codes == {"1001": 2, "other": 6}


def test_two_nodes_in_one_process_count_apart():
    one, other = Metrics(), Metrics()

    one.channel(HALL).opened("legacy")
    other.channel(HALL).opened("legacy")
    other.channel(HALL).opened("legacy")

    assert f"wirepact_connections{{{LABELS}}} 1.0" in lines(one)


def test_how_the_broker_is_is_told_and_what_went_wrong_is_counted_on():
    metrics = Metrics()

    metrics.sample(WELL, Counter(gaps=2), topics=3, is_draining=False)
    metrics.sample(WELL, Counter(gaps=5, reconnects=1), topics=4, is_draining=True)

    said = lines(metrics)
    assert 'wirepact_broker_events_total{event="gaps"} 5.0' in said
    assert 'wirepact_broker_events_total{event="reconnects"} 1.0' in said
    assert {"wirepact_topics 4.0", "wirepact_draining 1.0", "wirepact_broker_connected 1.0"} <= set(said)


def value(site, name, **labels):
    """What is told of a metric, 0 if nothing is."""
    labels = {"service": "works", **labels}
    return site.node.metrics.registry.get_sample_value(name, labels) or 0


async def test_a_conversation_is_counted_under_the_names_of_the_document(way):
    async with running(way=way) as site:
        one, two = await site.join(), await site.join("/ws/hall/2/")
        await one.send('{"type":"get_notes"}')
        await hear(one)
        await one.send('{"type":"stop"}')
        await hear(one)
        await one.send("nonsense")
        await hear(one)
        await site.publisher.alarm(Alarm(text="x"), hall=1)
        await hear(one)
        gone = await site.open("/ws/hall/501/")
        await closed(gone)

        assert value(site, "wirepact_connections", channel="hall") == 2
        assert value(site, "wirepact_connections_opened_total", channel="hall", profile="legacy") == 2
        assert value(site, "wirepact_connections_refused_total", channel="hall", code="4404") == 1
        assert value(site, "wirepact_messages_received_total", channel="hall", message="get_notes") == 1
        assert value(site, "wirepact_handler_seconds_count", channel="hall", operation="getNotes") == 1
        assert value(site, "wirepact_messages_sent_total", channel="hall", message="notes") == 1
        assert value(site, "wirepact_messages_rejected_total", channel="hall", code="permission_denied") == 1
        assert value(site, "wirepact_messages_rejected_total", channel="hall", code="bad_request") == 1
        assert value(site, "wirepact_deliveries_total", channel="hall") == 1
        assert value(site, "wirepact_publish_seconds_count", operation="alarm") == 1

        await one.close()
        await two.close()
        await until(lambda: len(site.node) == 0)
        await until(lambda: value(site, "wirepact_connections", channel="hall") == 0)
        assert value(site, "wirepact_connections_closed_total", channel="hall", code="1000") == 2
        assert site.node.metrics.codes == {"1000": 2, "4404": 1}


async def test_what_the_broker_did_not_take_is_counted():
    class Away(MemoryBroker):
        async def publish(self, publication):
            raise Unavailable("the broker", "gone")

    async with running(broker=Away()) as site:
        with pytest.raises(Unavailable):
            await site.publisher.alarm(Alarm(text="x"), hall=1)

        assert value(site, "wirepact_unpublished_total", operation="alarm") == 1
        assert value(site, "wirepact_publish_seconds_count", operation="alarm") == 0


async def test_a_server_tells_what_its_requests_took():
    headers = {"authorization": f"Bearer {token()}"}
    async with running() as site, httpx.AsyncClient(base_url=site.url.replace("ws", "http", 1)) as http:
        await http.get("/api/notes/", headers=headers)
        await http.get("/api/notes/?limit=0", headers=headers)
        said = (await http.get("/metrics")).text

    labels = 'operation="listNotes",service="works"'
    assert f'wirepact_http_request_seconds_count{{{labels},status="200"}} 1.0' in said
    assert f'wirepact_http_request_seconds_count{{{labels},status="400"}} 1.0' in said
    assert "wirepact_broker_connected 1.0" in said


async def test_metrics_can_be_turned_off():
    async with (
        running(metrics="off") as site,
        httpx.AsyncClient(base_url=site.url.replace("ws", "http", 1)) as http,
    ):
        answer = await http.get("/metrics")

    assert answer.status_code == 404


WORKER = """
import sys
from collections import Counter
from wirepact.broker import Health
from wirepact.server.metrics import Metrics
from works import HALL

connections = int(sys.argv[1])
metrics = Metrics()
for _ in range(connections):
    metrics.channel(HALL).opened("legacy")
health = Health(is_connected=connections < 3, is_deaf=False)
metrics.sample(health, Counter(), connections, is_draining=False)
print(metrics.text().decode(), "over", flush=True)
sys.stdin.read()
"""


@contextmanager
def worker(connections, folder):
    """A process that has so many connections, and what it tells."""
    paths = [str(Path(works.__file__).parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {SHARED_FOLDER: str(folder), "PYTHONPATH": os.pathsep.join(paths)}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(connections)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process, list(iter(process.stdout.readline, " over\n"))
        process.kill()


def test_any_worker_answers_for_all_of_them_and_one_that_was_killed_holds_no_connections(tmp_path):
    opened = 'wirepact_connections_opened_total{channel="hall",profile="legacy",service="works"}'
    with worker(2, tmp_path):
        with worker(3, tmp_path) as (process, said):
            assert f"wirepact_connections{{{LABELS}}} 5.0\n" in said
            assert {f"{opened} 5.0\n", "wirepact_broker_connected 0.0\n", "wirepact_topics 5.0\n"} <= set(
                said
            )

        assert process.wait(20)
        with worker(1, tmp_path) as (_, said):
            assert f"wirepact_connections{{{LABELS}}} 3.0\n" in said
            assert f"{opened} 6.0\n" in said
            assert "wirepact_broker_connected 1.0\n" in said


def test_every_metric_stands_in_the_documentation():
    told = (Path(works.__file__).parents[1] / "docs" / "operations.md").read_text()
    metrics = Metrics()

    names = {
        f"{each.name}_total" if each.type == "counter" else each.name for each in metrics.registry.collect()
    }
    assert len(names) > 20
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []
