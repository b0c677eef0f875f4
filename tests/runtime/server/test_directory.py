"""What somebody may do now, whatever their token says: at the door, and when a node is told to look again."""

import httpx

from sites import closed, hear, running, until
from staff import Staff
from wirepact.errors import Unavailable
from wirepact.testing import token

STOP = '{"type":"stop"}'


async def may_stop(client):
    await client.send(STOP)
    heard = await hear(client)
    return heard["type"] == "alarm"


def roles_now(site):
    (connection,) = site.node.connections
    return connection.visitor.identity.roles


async def test_roles_are_those_of_the_directory_and_not_of_the_token(way):
    staff = Staff(tester={"FOREMAN"})
    async with running(way=way, directory=staff) as site:
        promoted = await site.join()
        assert await may_stop(promoted)

        staff.roles["tester"] = frozenset()
        demoted = await site.join("/ws/hall/2/", roles=["FOREMAN"])

        assert not await may_stop(demoted)


async def test_who_is_not_in_the_directory_any_more_is_not_let_in(way):
    async with running(way=way, directory=Staff(tester=None)) as site:
        assert await closed(await site.open(roles=["FOREMAN"])) == (4403, "Not allowed")


async def test_calls_are_held_to_the_directory_too(way):
    staff = Staff(tester=None)
    async with running(way=way, directory=staff) as site:
        headers = {"Authorization": f"Bearer {token(roles=['SERVICE'])}"}
        async with httpx.AsyncClient(base_url=site.url.replace("ws", "http", 1), headers=headers) as http:
            note = {"hall": 1, "text": "hello"}

            refused = await http.post("/api/notes/", json=note)
            staff.roles["tester"] = frozenset({"SERVICE"})
            taken = await http.post("/api/notes/", json=note)

            assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
            assert taken.status_code == 201


async def test_who_is_connected_loses_and_gains_roles_when_the_node_looks_again(way):
    staff = Staff(tester=set())
    async with running(way=way, directory=staff) as site:
        client = await site.join(roles=["FOREMAN"])
        assert not await may_stop(client)

        for roles in ({"FOREMAN"}, set()):
            staff.roles["tester"] = frozenset(roles)
            await site.node.recheck("tester")
            await until(lambda: roles_now(site) == staff.roles["tester"])

            assert await may_stop(client) is bool(roles)


async def test_who_is_removed_is_sent_away_and_nobody_else(way):
    staff = Staff(tester=set(), other=set())
    async with running(way=way, directory=staff) as site:
        removed = await site.join()
        other = await site.open(f"/ws/hall/1/?token={token('other')}", query=False)
        await hear(other)
        staff.roles["tester"] = None

        await site.node.recheck()

        assert await closed(removed) == (4403, "Not allowed")
        await (await other.ping())
        assert len(site.node) == 1


async def test_a_directory_that_is_broken_lets_nobody_in_and_is_our_fault(way, faults):
    async with running(way=way, directory=Staff()) as site:
        assert await closed(await site.open()) == (1011, "Internal error")
        assert faults() == ["admission failed"]


async def test_while_the_directory_is_out_of_reach_everyone_is_told_to_try_again(way):
    class Away(Staff):
        async def roles_of(self, identity):
            raise Unavailable("directory", "no answer")

    async with running(way=way, directory=Away()) as site:
        assert await closed(await site.open()) == (1013, "Try again later")


async def test_nobody_asks_about_somebody_unknown(way):
    async with running(way=way, directory=Staff(), anonymous=True) as site:
        assert (await hear(await site.open(query=False)))["type"] == "welcome"
