"""Somebody whose rights change, at every node at once."""

import time

import pytest

from brokers import QUICK
from sites import closed, running
from staff import Staff
from wirepact.broker_redis import RedisBroker, RedisOptions


@pytest.mark.faults(row=15)
async def test_who_is_removed_is_gone_from_every_node_within_a_second(redis_server, request):
    options = RedisOptions(prefix=request.node.name, timeout=1, backoff=QUICK)
    brokers = [RedisBroker(f"redis://127.0.0.1:{redis_server.port}/0", options) for _ in range(2)]
    staff = Staff(tester=set())
    async with (
        running(broker=brokers[0], directory=staff) as one,
        running(broker=brokers[1], directory=staff) as two,
    ):
        clients = [await one.join(), await two.join(), await two.join("/ws/hall/2/")]
        staff.roles["tester"] = None
        start = time.monotonic()

        await one.node.recheck("tester")

        assert [await closed(client) for client in clients] == [(4403, "Not allowed")] * 3
        assert time.monotonic() - start < 1
