import pytest

from wirepact.client.addresses import base_url, channel_url, server_url, with_query
from wirepact.descriptors import Channel, Parameter, Server, ServerVariable

ROOM = Channel(
    service="chat",
    name="room",
    address="/ws/{kind}/{room}/{page}/",
    parameters=(
        Parameter("kind", "string", ("public", "private")),
        Parameter("room"),
        Parameter("page", "integer"),
    ),
)
PLAIN = Channel(service="chat", name="plain", address="/ws/plain")


@pytest.mark.parametrize(
    ("given", "server"),
    [
        ("ws://localhost:8000", "ws://localhost:8000"),
        ("ws://localhost:8000/", "ws://localhost:8000"),
        ("wss://factory.example/spc/", "wss://factory.example/spc"),
        ("http://localhost:8000", "ws://localhost:8000"),
        ("https://factory.example/a/b", "wss://factory.example/a/b"),
        ("ws://[::1]:8000/", "ws://[::1]:8000"),
    ],
)
def test_a_server_is_known_by_scheme_host_and_base_path(given, server):
    assert server_url(given) == server


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("localhost:8000", "must start with"),
        ("ftp://localhost", "must start with"),
        ("ws://", "no host"),
        ("ws:///ws/", "no host"),
        ("wss://ann:geheim@factory.example", "user name or a password"),
        ("wss://factory.example/?token=geheim", "query"),
        ("wss://factory.example/#geheim", "fragment"),
    ],
)
def test_what_is_no_server_is_refused_without_being_quoted(given, problem):
    with pytest.raises(ValueError, match=problem) as caught:
        server_url(given)

    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"kind": "public", "room": "lobby", "page": 1}, "/ws/public/lobby/1/"),
        ({"kind": "private", "room": "a/b c?d#e%", "page": -1}, "/ws/private/a%2Fb%20c%3Fd%23e%25/-1/"),
        ({"kind": "public", "room": "채팅", "page": 0}, "/ws/public/%EC%B1%84%ED%8C%85/0/"),
        ({"kind": "public", "room": "{page}", "page": 7}, "/ws/public/%7Bpage%7D/7/"),
        ({"kind": "public", "room": "...", "page": 7}, "/ws/public/.../7/"),
    ],
)
def test_parameters_take_their_places_percent_encoded(parameters, path):
    assert channel_url("wss://x.example/base", ROOM, parameters) == "wss://x.example/base" + path


def test_an_address_keeps_the_slash_that_it_has_or_has_not():
    assert channel_url("ws://x", PLAIN, {}) == "ws://x/ws/plain"


@pytest.mark.parametrize(
    ("change", "error", "problem"),
    [
        ({"kind": "secret"}, ValueError, "room: kind: must be one of public, private"),
        ({"page": "1"}, TypeError, "room: page: must be int, not str"),
        ({"page": True}, TypeError, "room: page: must be int, not bool"),
        ({"room": 5}, TypeError, "room: room: must be str, not int"),
        ({"room": ""}, ValueError, "can't be a part of an address"),
        ({"room": ".."}, ValueError, "can't be a part of an address"),
        ({"surplus": "x"}, TypeError, "room: has no parameters surplus"),
    ],
)
def test_wrong_parameters_are_told_before_anything_is_sent(change, error, problem):
    with pytest.raises(error, match=problem):
        channel_url("ws://x", ROOM, {"kind": "public", "room": "lobby", "page": 1} | change)


def test_a_missing_parameter_is_named():
    with pytest.raises(TypeError, match="room: parameters missing: kind, page"):
        channel_url("ws://x", ROOM, {"room": "lobby"})


def test_a_query_is_encoded_and_joined_to_one_that_is_there():
    assert with_query("ws://x/a/", []) == "ws://x/a/"
    assert with_query("ws://x/a/", [("token", "a+b &c")]) == "ws://x/a/?token=a%2Bb%20%26c"
    assert with_query("ws://x/a/?b=1", [("token", "c")]) == "ws://x/a/?b=1&token=c"


LIVE = Server(
    "wss://{region}.example.com:{port}",
    (ServerVariable("region", enum=("eu", "us")), ServerVariable("port", default="8443")),
)


def test_a_servers_url_has_its_variables_filled_in():
    assert base_url(LIVE, region="us") == "wss://us.example.com:8443"
    assert base_url(LIVE, region="eu", port="443") == "wss://eu.example.com:443"


@pytest.mark.parametrize(
    ("values", "error", "problem"),
    [
        ({}, TypeError, "variable missing: region"),
        ({"region": "asia"}, ValueError, "region: must be one of eu, us"),
        ({"region": "eu", "port": "1/evil"}, ValueError, "port: '1/evil' can't be a part of a URL"),
        ({"region": "eu", "port": "1@evil"}, ValueError, "port: '1@evil' can't be"),
        ({"region": "eu", "port": ""}, ValueError, "port: '' can't be"),
        ({"region": "eu", "path": "x"}, TypeError, "has no variables path"),
    ],
)
def test_a_servers_url_takes_nothing_else(values, error, problem):
    with pytest.raises(error, match=problem):
        base_url(LIVE, **values)


def test_a_parameter_with_a_default_may_be_left_out():
    channel = Channel(
        "market",
        "book",
        "/{symbol}/{depth}",
        (
            Parameter("symbol", enum=("btc", "eth"), default="btc"),
            Parameter("depth", "integer", default="10"),
        ),
    )

    assert channel_url("ws://h", channel, {}) == "ws://h/btc/10"
    assert channel_url("ws://h", channel, {"symbol": "eth", "depth": 5}) == "ws://h/eth/5"


@pytest.mark.parametrize("port", ["99999", "abc", "0", "-1"])
def test_a_port_that_is_none_is_told_at_once(port):
    with pytest.raises(ValueError, match="url: its port is none"):
        server_url(f"ws://localhost:{port}")


def test_a_port_may_be_left_out():
    assert server_url("ws://localhost:") == "ws://localhost:"
