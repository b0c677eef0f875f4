"""`wirepact.v1` against a real server, over both ways out; each test names the clause of docs/wire.md that it holds."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from websockets.asyncio.client import connect

from sites import closed, hear, running, until
from speaker import speaking
from wirepact.broker import Position, Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.core import dialogue
from wirepact.descriptors import Limits
from wirepact.errors import Unavailable
from wirepact.lines import SUBPROTOCOL, Control
from wirepact.server import connection, lined, ticking
from wirepact.testing import token
from works import HALL, NOTICE, Alarm, Level, Notice, Reading, Word


@pytest.fixture
def quick(monkeypatch):
    """What is due is looked at often."""
    monkeypatch.setattr(ticking, "PERIOD", 0.02)


ASK = '{"type":"get_notes"}'
WATCH = '{"type":"watch","machine":7}'


@asynccontextmanager
async def greeted(site, *, hall=1, sub="tester", roles=(), positions=None, **hello):
    """A client that said hello, with what it was told until the greeting."""
    async with speaking(f"{site.url}/ws/hall/{hall}/") as client:
        await client.say("hello", token=token(sub, roles=roles), positions=positions, **hello)
        client.welcome = await client.told("welcome")
        client.positions = {}
        while isinstance(said := await client.hear(), Control):
            assert said.name == "position"
            client.positions[said.fields["audience"]] = said.fields
        assert json.loads(said.text) == {"type": "welcome", "hall": hall}
        yield client


def here(told):
    """A position as a client says it."""
    return f"{told['epoch']}.{told['offset']}"


async def notices(site, *texts, hall=1):
    for text in texts:
        await site.publisher.notice(Notice(text=str(text)), hall=hall)


async def test_c3_who_offers_the_protocol_gets_it_and_who_does_not_gets_legacy(site):
    async with connect(
        f"{site.url}/ws/hall/1/?token={token()}", subprotocols=["chat", SUBPROTOCOL]
    ) as client:
        assert client.subprotocol == SUBPROTOCOL
    async with connect(f"{site.url}/ws/hall/1/?token={token()}") as client:
        assert client.subprotocol is None
        assert (await hear(client))["type"] == "welcome"


async def test_c4_a_channel_that_can_not_have_lines_selects_nothing(way):
    async with running(way=way, channel=replace(HALL, has_lines=False)) as site:
        url = f"{site.url}/ws/hall/1/?token={token()}"
        async with connect(url, subprotocols=[SUBPROTOCOL]) as client:
            assert client.subprotocol is None
            assert (await hear(client))["type"] == "welcome"


async def test_v1_lines_of_one_frame_are_heard_one_after_the_other(site):
    async with greeted(site) as client:
        await client.send(f"#a {ASK}", '#b {"type":"dance"}', f"#c {WATCH}")

        assert (await client.message())[0].id == "a"
        assert (await client.told("error"))["id"] == "b"
        assert (await client.told("position"))["audience"] == "machine=7"
        assert await client.told("done") == {"id": "c"}


async def test_v1_what_is_published_at_once_comes_in_one_frame(site):
    async with greeted(site) as client:
        await notices(site, 1, 2, 3)

        frame = await asyncio.wait_for(client.socket.recv(), 5)

        assert [line.split(" ", 1)[0] for line in frame.split("\n")] == ["@1", "@2", "@3"]


async def test_v2_no_frame_has_more_lines_or_bytes_than_it_may(site):
    async with greeted(site) as client:
        await notices(site, *range(200), *["x" * 30_000] * 5)

        heard = 0
        while heard < 205:
            frame = await asyncio.wait_for(client.socket.recv(), 5)
            assert len(frame.split("\n")) <= 64
            assert len(frame) <= 65_536
            heard += len(frame.split("\n"))


async def test_v2_a_frame_may_be_longer_than_a_message_but_not_a_line(way):
    channel = replace(HALL, limits=Limits(message_bytes=100))
    async with running(way=way, channel=channel) as site, greeted(site) as client:
        await client.send(*[f"#{number} {ASK}" for number in range(20)])
        assert [(await client.message())[0].id for _ in range(20)] == [str(each) for each in range(20)]

        await client.send(ASK + " " * 100)
        assert await client.closed() == 1009


async def test_v5_a_control_line_that_nobody_knows_is_answered(site):
    async with greeted(site) as client:
        await client.say("dance")

        assert (await client.told("error"))["code"] == "bad_request"


async def test_v7_who_it_is_may_be_said_in_the_hello(site):
    async with greeted(site, sub="ada", roles=["FOREMAN"]) as client:
        await client.send('#1 {"type":"stop"}')

        assert await client.texts(1) == ["stopped"]
        assert await client.told("done") == {"id": "1"}
        assert site.handlers.stopped == ["ada"]


@pytest.mark.faults(row=25)
async def test_v8_nothing_comes_before_the_hello(site):
    async with speaking(f"{site.url}/ws/hall/1/?token={token()}") as client:
        await client.send(ASK)
        assert await client.closed() == 4401


@pytest.mark.faults(row=25)
async def test_v8_a_second_hello_ends_it(site):
    async with greeted(site) as client:
        await client.say("hello")
        assert await client.closed() == 4400


@pytest.mark.faults(row=25)
@pytest.mark.usefixtures("quick")
async def test_v8_who_says_no_hello_is_not_waited_for(way, monkeypatch):
    monkeypatch.setattr(dialogue, "HELLO_WITHIN", 0.0)
    async with running(way=way) as site, speaking(f"{site.url}/ws/hall/1/") as client:
        assert await client.closed() == 4408


@pytest.mark.parametrize("hello", [{}, {"token": "nonsense"}])
async def test_v9_without_an_identity_there_is_no_welcome(site, hello):
    async with speaking(f"{site.url}/ws/hall/1/") as client:
        await client.say("hello", **hello)
        assert await client.closed() == 4401


async def test_v9_the_token_of_the_hello_goes_before_that_of_the_handshake(site):
    async with speaking(f"{site.url}/ws/hall/1/?token={token('eve')}") as client:
        await client.say("hello", token=token("ada", roles=["FOREMAN"]))
        await client.told("welcome")
        await client.send('#1 {"type":"stop"}')
        await until(lambda: site.handlers.stopped == ["ada"])


async def test_v9_the_token_of_the_handshake_will_do(site):
    async with speaking(f"{site.url}/ws/hall/1/?token={token()}") as client:
        await client.say("hello")
        await client.told("welcome")


async def test_v9_what_the_door_refuses_is_refused_after_the_hello_with_the_same_code(site):
    async with speaking(f"{site.url}/ws/hall/501/") as client:
        await client.say("hello", token=token())
        assert await client.closed() == 4404


async def test_v10_the_welcome_says_how_things_are_done_here(way):
    async with running(way=way, ping_interval=7, ping_timeout=3) as site, greeted(site) as client:
        welcome = client.welcome

        assert welcome.pop("connection") in {each.id for each in site.node.connections}
        assert welcome.pop("time").startswith("20")
        assert 3590 < welcome.pop("expires") <= 3600
        assert welcome == {"heartbeat": 7, "timeout": 3, "message_bytes": 4096, "contract": "c0ffee"}


async def test_v13_what_can_be_recovered_is_tagged_with_its_audience(site):
    async with greeted(site, sub="ada lovelace", roles=["CLERK"]) as client:
        await client.send(f"#1 {WATCH}")
        await client.told("position")
        await client.told("done")

        await notices(site, "all")
        await site.publisher.level(Level(tank="a", value=1), hall=1, machine=7)
        await site.publisher.whisper(Word(text="you"), hall=1, user="ada lovelace")
        await site.publisher.whisper(Word(text="another"), hall=1, user="eve")
        await site.publisher.order(Word(text="role"), hall=1)
        await site.publisher.alarm(Alarm(text="alarm"), hall=1)

        tags = {}
        for _ in range(5):
            said, heard = await client.message()
            tags[heard.get("text", "level")] = (said.offset, said.audience)
        assert tags == {
            "all": (1, ""),
            "level": (1, "machine=7"),
            "you": (1, "~user"),
            "role": (0, ""),
            "alarm": (0, ""),
        }


async def test_v14_who_comes_is_told_where_it_is(site):
    await notices(site, 1, 2)
    async with greeted(site) as client:
        assert client.positions[""]["offset"] == 2
        assert "recovered" not in client.positions[""]
        assert set(client.positions) == {"", "~user"}


@pytest.mark.faults(row=30)
async def test_v14_who_comes_back_is_sent_what_it_missed_and_then_what_is_new(site):
    async with greeted(site) as client:
        await notices(site, 1)
        await client.texts(1)
        since = f"{client.positions['']['epoch']}.1"

    await notices(site, 2, 3)
    async with greeted(site, positions={"": since}) as client:
        assert client.positions[""] | {"epoch": ""} == {
            "audience": "",
            "epoch": "",
            "offset": 1,
            "recovered": True,
        }
        await notices(site, 4)
        assert await client.texts(3) == ["2", "3", "4"]


async def test_v14_of_latest_the_last_of_each_key_is_sent(site):
    async with greeted(site) as client:
        await client.send(f"#1 {WATCH}")
        start = await client.told("position")

    for tank, value in (("a", 1), ("b", 2), ("a", 3)):
        await site.publisher.level(Level(tank=tank, value=value), hall=1, machine=7)
    async with greeted(site, positions={"machine=7": here(start)}) as client:
        await client.send(f"#1 {WATCH}")

        assert (await client.told("position"))["recovered"] is True
        heard = [await client.message() for _ in range(2)]
        assert [(said.offset, each["tank"], each["value"]) for said, each in heard] == [
            (2, "b", 2),
            (3, "a", 3),
        ]
        await client.told("done")


@pytest.mark.faults(row=29)
@pytest.mark.parametrize("since", ["0123456789abcdef.0", "nonsense", "{epoch}.99", "{epoch}.-1"])
async def test_v15_a_position_that_is_not_known_is_not_recovered(site, since):
    async with greeted(site) as first:
        await notices(site, 1, 2)
        await first.texts(2)
        since = since.replace("{epoch}", first.positions[""]["epoch"])

        async with greeted(site, positions={"": since}) as client:
            told = client.positions[""]
            assert (told["recovered"], told["offset"]) == (False, 2)
            assert told["epoch"] == first.positions[""]["epoch"]
            await notices(site, 3)
            said, heard = await client.message()
            assert (said.offset, heard["text"]) == (3, "3")


@pytest.mark.faults(row=29)
async def test_v15_who_missed_more_than_is_kept_loads_anew(site):
    async with greeted(site) as client:
        since = here(client.positions[""])
        await notices(site, *range(51))

    async with greeted(site, positions={"": since}) as client:
        assert client.positions[""]["recovered"] is False


async def test_v15_what_was_missed_may_be_more_than_the_queue_holds():
    channel = replace(HALL, limits=replace(HALL.limits, queue_bytes=1000))
    async with running(channel=channel) as site:
        async with greeted(site) as client:
            since = here(client.positions[""])
        await notices(site, *["x" * 90] * 25)

        async with greeted(site, positions={"": since}) as client:
            assert client.positions[""]["recovered"] is True
            assert await client.texts(25) == ["x" * 90] * 25


async def test_v15_who_missed_more_than_may_wait_for_it_loads_anew_and_stays():
    channel = replace(HALL, limits=replace(HALL.limits, queue_bytes=500))
    async with running(channel=channel) as site:
        async with greeted(site) as client:
            since = here(client.positions[""])
        await notices(site, *["x" * 90] * 20)

        async with greeted(site, positions={"": since}) as client:
            assert client.positions[""]["recovered"] is False
            assert client.positions[""]["offset"] == 20
            await notices(site, "new")
            said, heard = await client.message()
            assert (said.offset, heard["text"]) == (21, "new")


async def test_v15_the_greeting_comes_after_the_position_and_before_what_was_missed(site):
    async with greeted(site) as first:  # which asserts the order, too
        since = here(first.positions[""])
        await notices(site, 1)

        async with greeted(site, positions={"": since}) as client:
            assert await client.texts(1) == ["1"]


@pytest.mark.faults(row=37)
async def test_what_is_published_twice_while_somebody_is_away_comes_once(site):
    async with greeted(site) as client:
        since = here(client.positions[""])
    for _ in range(2):
        await site.publisher.publish(
            NOTICE, Notice(text="done"), parameters={"hall": 1}, idempotency_key="job 1"
        )

    async with greeted(site, positions={"": since}) as client:
        assert await client.texts(1) == ["done"]
        await site.publisher.publish(
            NOTICE, Notice(text="done"), parameters={"hall": 1}, idempotency_key="job 1"
        )
        await notices(site, "next")
        assert await client.texts(1) == ["next"]


async def test_v16_who_is_there_when_something_is_lost_is_told(site):
    async with greeted(site) as client:
        site.node.fanout.lose("works/hall?hall=1", Position("beef", 5))
        site.node.fanout.deliver(
            Publication("works/hall?hall=1", b'{"type":"notice","text":"x"}'), Position("beef", 6)
        )

        assert await client.told("position") == {
            "audience": "",
            "epoch": "beef",
            "offset": 5,
            "recovered": False,
        }
        assert (await client.message())[0].offset == 6


@pytest.mark.faults(row=26)
async def test_v17_an_id_that_is_not_answered_yet_is_refused(site):
    site.handlers.hold = asyncio.Event()
    async with greeted(site) as client:
        await client.send(f"#a {ASK}", f"#a {ASK}")

        error = await client.told("error")
        assert (error["code"], error["id"]) == ("duplicate_id", "a")
        site.handlers.hold.set()
        assert (await client.message())[0].id == "a"
        await client.send(f"#a {ASK}")
        assert (await client.message())[0].id == "a"


async def test_v18_a_message_without_an_id_is_answered_without_one(site):
    async with greeted(site) as client:
        await client.send(ASK, '{"type":"unwatch","machine":1}', ASK)

        assert [(await client.message())[0].id for _ in range(2)] == ["", ""]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "bad_request"),
        ('{"type":"dance"}', "unknown_message"),
        ('{"type":"watch"}', "invalid_payload"),
        ('{"type":"watch","machine":404}', "not_found"),
        ('{"type":"stop"}', "permission_denied"),
    ],
)
async def test_v19_an_error_has_a_code_and_the_id(site, frame, code):
    async with greeted(site) as client:
        await client.send(f"#1 {frame}")

        error = await client.told("error")
        assert (error["code"], error["id"]) == (code, "1")
        assert "temporary" not in error


async def test_v19_a_fault_of_ours_says_nothing_about_itself(site, faults):
    async with greeted(site) as client:
        await client.send('#1 {"type":"watch","machine":13}')

        error = await client.told("error")
        assert error == {"code": "internal", "text": connection.OUR_FAULT, "id": "1"}
    assert faults() == ["handler failed"]


async def test_v19_who_goes_on_making_mistakes_is_closed(site):
    async with greeted(site) as client:
        await client.send(*["{"] * 11)
        assert await client.closed() == 4400


async def test_v19_refusals_of_a_handler_are_no_mistakes(site):
    async with greeted(site) as client:
        for _ in range(15):
            await client.send('{"type":"watch","machine":404}')
            assert (await client.told("error"))["code"] == "not_found"


async def test_v19_what_is_out_of_reach_may_succeed_later(way):
    broker = Failing()
    async with running(way=way, broker=broker) as site, greeted(site, roles=["FOREMAN"]) as client:
        broker.is_away = True
        await client.send('#1 {"type":"stop"}')

        error = await client.told("error")
        assert (error["code"], error["temporary"], error["id"]) == ("unavailable", True, "1")


@pytest.mark.usefixtures("quick")
async def test_v20_who_says_nothing_is_pinged_and_then_given_up(way):
    terms = {"ping_interval": 0.3, "ping_timeout": 0.3}
    async with running(way=way, **terms, **QUIET) as site, greeted(site) as client:
        await client.told("ping")
        assert await client.closed() == 4408


@pytest.mark.usefixtures("quick")
async def test_v20_who_answers_stays(way):
    terms = {"ping_interval": 0.3, "ping_timeout": 2}
    async with running(way=way, **terms, **QUIET) as site, greeted(site) as client:
        for _ in range(8):
            await client.told("ping")
            await client.say("pong")
        await client.say("ping")
        await client.told("pong")


@pytest.mark.faults(row=14)
@pytest.mark.usefixtures("quick")
async def test_v22_who_renews_its_token_in_time_stays(site, monkeypatch):
    monkeypatch.setattr(lined, "NOTICE", 10_000.0)
    monkeypatch.setattr(connection, "GRACE", 0.0)
    async with greeted(site, sub="ada", roles=[]) as client:
        (conn,) = site.node.connections
        conn._notice = conn.due = 0.0  # as half an hour from now

        assert 0 < (await client.told("expiring"))["in"] <= 3600
        await client.say("token", token=token("ada", roles=["FOREMAN"]))
        assert 3590 < (await client.told("renewed"))["expires"] <= 3600
        await client.send('#1 {"type":"stop"}')
        await until(lambda: site.handlers.stopped == ["ada"])


@pytest.mark.faults(row=14)
async def test_v22_a_bad_token_changes_nothing(site):
    async with greeted(site) as client:
        await client.say("token", token="nonsense")

        assert (await client.told("error"))["code"] == "unauthorized"
        await client.send(f"#1 {ASK}")
        assert (await client.message())[0].id == "1"


@pytest.mark.faults(row=14)
@pytest.mark.usefixtures("quick")
async def test_v23_at_the_end_of_the_identity_the_connection_ends(site, monkeypatch):
    monkeypatch.setattr(connection, "GRACE", -4000.0)
    async with greeted(site) as client:
        assert await client.closed() == 4401
    legacy = await site.open()
    assert (await closed(legacy))[0] == 4401


async def test_v23_a_token_of_somebody_else_ends_it(site):
    async with greeted(site, sub="ada") as client:
        await client.say("token", token=token("eve"))
        assert await client.closed() == 4403


@pytest.mark.faults(row=15)
async def test_v23_roles_are_those_of_the_newest_token(site):
    async with greeted(site, sub="ada", roles=["CLERK"]) as client:
        await site.publisher.order(Word(text="1"), hall=1)
        assert await client.texts(1) == ["1"]

        await client.say("token", token=token("ada"))
        await client.told("renewed")
        await site.publisher.order(Word(text="2"), hall=1)
        await notices(site, 3)
        assert await client.texts(1) == ["3"]


async def test_who_has_not_said_hello_is_not_looked_at_again(site):
    async with speaking(f"{site.url}/ws/hall/1/") as client:
        await until(lambda: len(site.node) == 1)
        await site.node.connections[0].recheck()
        await client.say("hello", token=token())
        await client.told("welcome")


async def test_v25_who_is_sent_away_is_told_when_to_come_back(site):
    async with greeted(site) as client:
        (conn,) = site.node.connections
        conn.drain(1.5)

        assert await client.told("draining") == {"delay": 1.5}
        await client.send(f"#1 {ASK}")
        assert (await client.message())[0].id == "1"
        assert await client.closed() == 1001


@pytest.mark.faults(row=3)
async def test_v26_who_is_there_is_told_of_outages(site):
    async with greeted(site) as client:
        site.node._linked(False)
        assert await client.told("degraded") == {}
        site.node._linked(True)
        assert await client.told("restored") == {}


async def test_a_broker_out_of_reach_is_waited_for_and_in_the_end_given_up(way, monkeypatch):
    monkeypatch.setattr(connection, "RETRY", 0.01)
    broker = Failing()
    async with running(way=way, broker=broker, handler_deadline=1) as site:
        broker.is_away = True
        async with speaking(f"{site.url}/ws/hall/1/") as client:
            await client.say("hello", token=token())
            await client.told("welcome")
            await until(lambda: broker.refused > 3)
            broker.is_away = False
            assert (await client.told("position"))["audience"] == ""

        broker.is_away = True
        async with speaking(f"{site.url}/ws/hall/2/") as client:
            await client.say("hello", token=token())
            assert await client.closed() in {1011, 1013}


async def test_what_may_be_dropped_is_dropped_and_told():
    channel = replace(HALL, limits=replace(HALL.limits, queue_bytes=1000))
    async with running(channel=channel) as site, greeted(site) as client:
        await client.send(f"#1 {WATCH}")
        await client.told("position")
        await client.told("done")
        (conn,) = site.node.connections
        conn._outlet.pause()
        for number in range(100):
            await site.publisher.reading(Reading(value=number), hall=1, machine=7)
        await site.publisher.level(Level(tank="a", value=1), hall=1, machine=8)
        await asyncio.sleep(0)
        site.node.fanout.flush(conn._topics)
        conn._outlet.resume()

        heard = []
        while not isinstance(said := await client.hear(), Control):
            heard.append(json.loads(said.text)["value"])
        assert said.name == "dropped"
        assert said.fields["messages"] == 100 - len(heard)
        assert heard == list(range(len(heard)))
        assert 0 < len(heard) < 100


async def test_of_what_is_replaced_a_slow_peer_hears_the_latest():
    channel = replace(HALL, limits=replace(HALL.limits, queue_bytes=1000))
    async with running(channel=channel) as site, greeted(site) as client:
        await client.send(f"#1 {WATCH}")
        await client.told("position")
        await client.told("done")
        (conn,) = site.node.connections
        conn._outlet.pause()
        for number in range(100):
            for tank in "ab":
                await site.publisher.level(Level(tank=tank, value=number), hall=1, machine=7)
        site.node.fanout.flush(conn._topics)
        conn._outlet.resume()

        heard = [await client.message() for _ in range(2)]
        assert [(said.offset, each["tank"], each["value"]) for said, each in heard] == [
            (199, "a", 99),
            (200, "b", 99),
        ]


QUIET = {"uvicorn": {"ws_ping_interval": None}}


class Failing(MemoryBroker):
    """A broker that can be away."""

    def __init__(self):
        super().__init__()
        self.is_away = False
        self.refused = 0

    async def subscribe(self, topic):
        self._check()
        return await super().subscribe(topic)

    async def publish(self, publication):
        self._check()
        return await super().publish(publication)

    def _check(self):
        if self.is_away:
            self.refused += 1
            raise Unavailable("the broker", "is away")
