"""The three brokers."""

from contextlib import AsyncExitStack

import pytest

from brokers import Kinds, Node, valkey


@pytest.fixture(scope="session")
def redis_server():
    with valkey() as server:
        yield server


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def make(request, tmp_path):
    server = request.getfixturevalue("redis_server") if request.param == "redis" else None
    async with AsyncExitStack() as stack:
        yield Kinds(request.param, tmp_path, server, stack)


@pytest.fixture
async def broker(make):
    return await make()


@pytest.fixture
async def node(broker):
    return await Node().start(broker)
