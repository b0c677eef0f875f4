"""`wirepact publish`, `status`, `kick` and `drain`, said to real servers, whatever their broker is."""

import asyncio
import json
import signal
import sys

import pytest
from click.testing import CliRunner

from brokers import valkey
from served import command, hall, port_of, served
from sites import closed, hear
from wirepact.commands import drain, kick, publish


@pytest.fixture(scope="module")
def redis_url():
    with valkey() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture(params=["memory", "sqlite", "redis"])
def settings(request, tmp_path):
    """What servers and commands have in common."""
    broker = request.getfixturevalue("redis_url") if request.param == "redis" else f"{request.param}://"
    return {
        "broker": broker,
        "broker_prefix": tmp_path.name.replace("[", "").replace("]", ""),
        "state_dir": tmp_path,
    }


async def nodes(settings, holds):
    """What `status --json` shows, as soon as it is as wanted."""
    async with asyncio.timeout(30):
        while True:
            _, said, told = await command("status", "--json", **settings)
            seen = json.loads(said) if said else told
            if said and holds(seen["nodes"]):
                return seen


async def test_what_is_published_by_a_command_is_heard(settings):
    async with served(**settings) as server, hall(await port_of(server)) as client:
        await hear(client)

        code, said, told = await command(
            "publish",
            "works.alarm",
            '{"type":"alarm","text":"fire"}',
            *("--parameter", "hall=1", "--channels", "works"),
            **settings,
        )

        assert (code, told) == (0, ""), told
        assert await hear(client) == {"type": "alarm", "text": "fire"}
        assert said == ""


async def test_status_shows_who_is_there_and_kick_and_drain_send_them_away(settings):
    async with served(**settings) as server:
        port = await port_of(server)
        async with hall(port) as one, hall(port) as two:
            await hear(one)
            await hear(two)
            seen = await nodes(settings, lambda nodes: nodes and nodes[0]["connections"] == 2)
            shown = (await command("status", **settings))[1]

            assert seen["users"] == {"tester": 2}
            assert shown.startswith("1 node, 2 connections\n")
            assert f"{seen['nodes'][0]['node']}  ready  2            heard" in shown

            assert (await command("kick", "tester", "--code", "4404", **settings))[0] == 0
            assert await closed(one) == await closed(two) == (4404, "No such hall")

        async with hall(port) as three:
            await hear(three)
            name = seen["nodes"][0]["node"]
            assert (await command("drain", name, **settings)) == (0, "", "")
            assert await closed(three) == (1001, "The works closes")
        await nodes(settings, lambda nodes: [each["state"] for each in nodes] == ["draining"])

        server.process.send_signal(signal.SIGTERM)
        code, _ = await server.ended()
        assert (code, "Traceback" in server.log) == (0, False)
        assert "Application shutdown complete" in server.log


async def test_without_a_server_commands_say_so(tmp_path):
    code, _, told = await command("status", state_dir=tmp_path)

    assert code == 1
    assert "none answers" in told


async def test_two_servers_are_seen_together_and_one_is_drained(redis_url, tmp_path):
    settings = {"broker": redis_url, "broker_prefix": "together", "state_dir": tmp_path}
    async with served(**settings) as one, served(**settings) as two:
        stays, goes = hall(await port_of(one)), hall(await port_of(two))
        async with stays as staying, goes as going:
            await hear(staying)
            await hear(going)
            seen = await nodes(settings, lambda nodes: [each["connections"] for each in nodes] == [1, 1])
            pid = f"-{two.process.pid}-"
            name = next(each["node"] for each in seen["nodes"] if pid in each["node"])

            wrong = await command("drain", name[:-1], **settings)
            await command("drain", name, **settings)
            assert (await closed(going))[0] == 1001
            await command(
                "publish",
                "works.alarm",
                '{"type":"alarm","text":"on"}',
                "--parameter",
                "hall=1",
                "--channels",
                "works",
                **settings,
            )

            assert (await hear(staying))["text"] == "on"
            assert wrong[0] == 2
            assert f'did you mean "{name}"?' in wrong[2]


async def test_a_server_that_was_killed_is_forgotten_and_one_that_stops_leaves_at_once(redis_url, tmp_path):
    settings = {"broker": redis_url, "broker_prefix": "leaving", "state_dir": tmp_path}
    async with served(**settings) as server:
        await port_of(server)
        await nodes(settings, len)
        server.process.terminate()
        await server.ended()
        code, said, _ = await command("status", **settings)

    assert (code, said) == (1, "0 nodes, 0 connections\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("publish", "works.alarn", "{}", "--channels", "works"), 'did you mean "works.alarm"?'),
        (("publish", "works.alarm", "{}", "--channels", "nowhere"), 'there is no module "nowhere"'),
        (("publish", "works.alarm", '{"type":"alarm"}', "--channels", "works"), "the message: text"),
        (
            ("publish", "works.alarm", '{"type":"alarm","text":"x"}', "--channels", "works"),
            "parameters of the channel",
        ),
        (
            ("publish", "works.reading", '{"type":"reading","value":1}', "--key", "x", "--channels", "works"),
            '"x" is no integer',
        ),
        (
            (
                "publish",
                "works.alarm",
                '{"type":"alarm","text":"x"}',
                "--parameter",
                "hall",
                "--channels",
                "works",
            ),
            "write name=value",
        ),
        (("publish", "nowhere.alarm", "{}"), 'there is no module "generated.nowhere.channels"'),
        (("drain",), "name a node, or say --all"),
        (("kick",), "Missing argument"),
        (("kick", "ann", "--code", "1005"), "1005 is not in the range"),
    ],
)
def test_what_can_not_be_done_says_why(monkeypatch, tmp_path, arguments, problem):
    monkeypatch.setattr(sys, "path", [*sys.path])
    chosen = {"publish": publish, "drain": drain, "kick": kick}[arguments[0]]

    result = CliRunner().invoke(chosen, arguments[1:], env={"WIREPACT_STATE_DIR": str(tmp_path)})

    assert (result.exit_code, result.stdout) == (2, "")
    assert problem in result.stderr


def test_a_message_may_come_from_standard_input(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [*sys.path])
    arguments = ["works.alarm", "--parameter", "hall=1", "--channels", "works"]

    result = CliRunner().invoke(
        publish, arguments, input='{"type":"alarm","text":"x"}\n', env={"WIREPACT_STATE_DIR": str(tmp_path)}
    )

    assert result.exit_code == 1
    assert "none answers" in result.stderr
