"""What the runtime offers to the tests of others."""

from contextlib import asynccontextmanager

import httpx
import pytest

from wirepact.testing import authenticator, serving, token
from works import works


async def test_an_application_is_served_while_the_block_lasts():
    async with serving(works().app) as url, httpx.AsyncClient() as http:
        assert (await http.get(f"{url}/health/ready")).status_code == 200

    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{url}/health/ready")


async def test_several_applications_may_be_served_at_once():
    async with serving(works().app) as one, serving(works().app) as other:
        assert one != other


async def test_storage_outlives_the_connections_that_use_it():
    events = []

    @asynccontextmanager
    async def storage(app):
        events.append(f"open, started: {app.node.is_started}")
        yield
        events.append(f"close, started: {app.node.is_started}")

    async with serving(works(lifespan=[storage]).app):
        pass

    assert events == ["open, started: False", "close, started: False"]


async def test_an_application_that_does_not_start_says_so():
    @asynccontextmanager
    async def broken(_):
        raise RuntimeError("no disk")
        yield

    with pytest.raises(RuntimeError, match="the application did not start; the log says why"):
        async with serving(works(lifespan=[broken]).app):
            pass


async def test_a_token_for_tests_is_good_for_tests():
    identity = await authenticator().authenticate(token("kim", name="Kim", roles=["SERVICE"]))

    assert (identity.sub, identity.name, identity.roles) == ("kim", "Kim", {"SERVICE"})
