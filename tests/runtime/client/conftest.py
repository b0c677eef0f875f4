"""Servers that do what a test says: real sockets, no server of ours."""

from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import serve


@pytest.fixture
def served():
    """`async with served(behaviour, …) as url`: a server where each connection gets *behaviour*."""

    @asynccontextmanager
    async def run(behaviour, **options):
        async with serve(behaviour, "127.0.0.1", 0, **options) as server:
            yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    return run
