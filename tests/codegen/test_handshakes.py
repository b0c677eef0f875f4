"""A query and headers that a document asks for, between what is emitted for both ends, over real sockets."""

from contextlib import asynccontextmanager

import pytest
from pydantic import MISSING
from websockets.asyncio.client import connect

from tests.codegen.emission import CASES, imported
from wirepact.broker_memory import MemoryBroker
from wirepact.errors import ConnectionClosed
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token
from wirepact_codegen.generating import generation
from wirepact_codegen.project import Project
from wirepact_codegen.terms import Terms
from wirepact_codegen.writing import write

BAD_REQUEST = (4400, "Bad request")
UNAUTHORIZED = (4401, "Token missing, invalid or expired")
VERSION = {"x-api-version": "2"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The packages of both ends, `market_server.spec` and `market_client.spec`."""
    folder = tmp_path_factory.mktemp("handshakes")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CASES / "a_handshake_with_query_and_headers")
        folders = {"server": folder / "market_server", "python-client": folder / "market_client"}
        write(generation(["spec.yaml"], folders, Project(), Terms("server")).changes)
    return folder


@pytest.fixture
def client(folder):
    """The client's package, and its messages."""
    return imported(folder, "market_client.spec"), imported(folder, "market_client.spec.messages")


@pytest.fixture
async def market(folder):
    """A running market: its URL, and who was admitted to what, with which query and headers."""
    async with running(folder) as (url, admitted):
        yield url.replace("http", "ws"), admitted


@asynccontextmanager
async def running(folder):
    server = imported(folder, "market_server.spec.server")
    admitted = []

    class Handlers(server.SpecHandlers):
        async def admit_book(self, visitor, symbol, query, headers):
            admitted.append((symbol, said(query), said(headers)))

        async def order(self, peer, message):
            admitted.append((peer.symbol, said(peer.query), said(peer.headers)))

        async def admit_ticker(self, visitor, query):
            admitted.append((said(query),))

        async def admit_trades(self, visitor, query, headers):
            admitted.append((said(query), said(headers)))

    node = Node(MemoryBroker(), authenticator(), Settings())
    async with serving(build_app(node, server.routes(Handlers(), node))) as url:
        yield url, admitted


def said(message):
    """The fields that *message* has, by their names on the wire, whether they came or have a default."""
    fields = {each.alias or name: getattr(message, name) for name, each in type(message).model_fields.items()}
    return {name: value for name, value in fields.items() if value is not MISSING}


async def verdict(url, **headers):
    async with connect(url, additional_headers=headers) as socket:
        await socket.wait_closed()
        return socket.close_code, socket.close_reason


async def test_the_python_client_and_the_server_understand_each_other(market, client):
    url, admitted = market
    package, messages = client
    query = messages.BookQuery(heartbeat=True, depth=5, sides=["bid", "ask"])
    headers = messages.BookHeaders(x_trace="a b")

    connection = package.SpecClient(url, token=token()).book(symbol="a/b", query=query, headers=headers)
    async with connection:
        await connection.send(messages.Order())

    heard = {"heartbeat": True, "depth": 5, "sides": ["bid", "ask"]}
    assert admitted == [("a/b", heard, {"x-api-version": "2", "X-Trace": "a b"})] * 2


async def test_what_may_be_left_out_has_the_defaults_of_the_document(market, client):
    url, admitted = market
    package, _ = client

    async with package.SpecClient(url, token=token()).trades():
        assert admitted == [({"heartbeat": False}, {"x-api-version": "2"})]


async def test_a_plain_client_writes_numbers_and_truths_as_text(market):
    url, admitted = market
    query = f"token={token()}&heartbeat=true&depth=12&sides=ask&sides=bid&unknown=1"

    async with connect(f"{url}/book/x?{query}", additional_headers={"X-API-Version": "2", "x-trace": "t"}):
        pass

    heard = {"heartbeat": True, "depth": 12, "sides": ["ask", "bid"]}
    assert admitted == [("x", heard, {"x-api-version": "2", "X-Trace": "t"})]


@pytest.mark.parametrize(
    "query",
    ["depth=0", "depth=1.5", "depth=", "heartbeat=1", "heartbeat=true&heartbeat=true", "sides=both", "%FF=1"],
)
async def test_a_wrong_query_is_let_in_and_closed_with_the_reason(market, query):
    url, admitted = market

    assert await verdict(f"{url}/book/x?token={token()}&{query}", **VERSION) == BAD_REQUEST
    assert not admitted


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-api-version": "3"}, VERSION | {"X-Trace": "far too long"}],
    ids=["none", "other", "long"],
)
async def test_wrong_headers_are_refused_alike(market, headers):
    url, admitted = market

    assert await verdict(f"{url}/book/x?token={token()}", **headers) == BAD_REQUEST
    assert not admitted


async def test_a_closed_query_takes_the_token_and_nothing_else_beside_its_own(market):
    url, admitted = market

    async with connect(f"{url}/ticker?token={token()}&from=bid"):
        pass
    assert await verdict(f"{url}/ticker?token={token()}&from=bid&to=ask") == BAD_REQUEST
    assert await verdict(f"{url}/ticker?token={token()}") == BAD_REQUEST
    assert admitted == [({"from": "bid"},)]


async def test_who_has_no_token_is_told_nothing_of_the_query(market):
    url, _ = market

    assert await verdict(f"{url}/book/x?depth=0") == UNAUTHORIZED


async def test_what_is_needed_is_asked_for_before_anything_is_sent(client):
    package, messages = client
    spec = package.SpecClient("ws://localhost:1")

    with pytest.raises(TypeError, match="ticker: query is missing: from: is required"):
        spec.ticker(query=None)
    with pytest.raises(TypeError, match="ticker: query must be TickerQuery, not BookQuery"):
        spec.ticker(query=messages.BookQuery())
    with pytest.raises(ValueError, match=r"X-Trace: 'a.*b' can't stand in a header"):
        spec.trades(headers=messages.BookHeaders(x_trace="a\r\nb"))


async def test_a_token_stands_behind_the_query(market, client):
    url, admitted = market
    package, messages = client

    with pytest.raises(ConnectionClosed) as closed:
        async with package.SpecClient(url).ticker(query=messages.TickerQuery(from_="ask")) as ticker:
            await ticker.receive()
    async with package.SpecClient(url, token=token()).ticker(query=messages.TickerQuery(from_="ask")):
        assert admitted == [({"from": "ask"},)]

    assert closed.value.code == UNAUTHORIZED[0]
