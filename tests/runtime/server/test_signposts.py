import pytest

from wirepact.server.signposts import TEXTS, Signposts, route_path

ADDRESSES = [
    "/rooms/{room}",
    "/rooms/new",
    "/rooms/{room}/{kind}/",
    "/{pair}-trades",
    "/{pair}-book",
    "/{a}-{b}-{c}",
    "/stream/{symbol}@kline_{interval}",
    "/값/{id}",
    "/",
]


def led(path, root=""):
    scope = {"path": path, "raw_path": path.encode(), "root_path": root}
    shown = Signposts(ADDRESSES).shown(scope)
    return (shown["path"], shown[TEXTS]) if TEXTS in shown else None


@pytest.mark.parametrize(
    ("path", "route", "texts"),
    [
        ("/rooms/a", "/rooms/-", {"room": "a"}),
        ("/rooms/a%2Fb", "/rooms/-", {"room": "a/b"}),
        ("/rooms/a%252Fb", "/rooms/-", {"room": "a%2Fb"}),
        ("/rooms/%EA%B0%92", "/rooms/-", {"room": "값"}),
        ("/rooms/a+b", "/rooms/-", {"room": "a+b"}),
        ("/rooms/new", "/rooms/new", {}),
        ("/rooms/a/b", "/rooms/-/-/", {"room": "a", "kind": "b"}),
        ("/rooms/a/b/", "/rooms/-/-/", {"room": "a", "kind": "b"}),
        ("/btc_jpy-trades", "/<pair>-trades", {"pair": "btc_jpy"}),
        ("/btc_jpy-book/", "/<pair>-book", {"pair": "btc_jpy"}),
        ("/x-y-z-w", "/<a>-<b>-<c>", {"a": "x", "b": "y", "c": "z-w"}),
        ("/stream/btc@kline_1m", "/stream/<symbol>@kline_<interval>", {"symbol": "btc", "interval": "1m"}),
        ("/stream/btc%40kline_1m", "/stream/<symbol>@kline_<interval>", {"symbol": "btc", "interval": "1m"}),
        ("/%EA%B0%92/7", "/값/-", {"id": "7"}),
        ("/%ea%b0%92/7", "/값/-", {"id": "7"}),
        ("/", "/", {}),
    ],
)
def test_a_path_leads_to_its_channel_and_each_text_is_read_once(path, route, texts):
    assert led(path) == (route, texts)


@pytest.mark.parametrize(
    "path", ["/rooms/", "/rooms//a", "/rooms/a/b/c", "/Rooms/a", "/rooms/%FF", "/-trades", "/x"]
)
def test_other_paths_are_left_alone(path):
    assert led(path) is None


def test_a_mounted_application_reads_what_is_behind_its_root():
    assert led("/api/rooms/a", root="/api") == ("/api/rooms/-", {"room": "a"})


@pytest.mark.parametrize(
    ("address", "route"),
    [("/rooms/{room}/", "/rooms/{room:str}/"), ("/{pair}-trades", "/<pair>-trades"), ("/", "/")],
)
def test_a_route_is_written_as_litestar_has_it(address, route):
    assert route_path(address) == route
