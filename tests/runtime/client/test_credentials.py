import pytest

from wirepact.client.credentials import Placed, current, place
from wirepact.descriptors import Credential

HEADER = Credential("header", "X-Token")
QUERY, COOKIE, BEARER = Credential("query", "token"), Credential("cookie", "session"), Credential("bearer")


@pytest.mark.parametrize(
    ("credentials", "placed"),
    [
        ((QUERY, COOKIE, BEARER), Placed(headers=(("Authorization", "Bearer t"),))),
        ((COOKIE, QUERY), Placed(query=(("token", "t"),))),
        ((QUERY, HEADER), Placed(headers=(("X-Token", "t"),))),
        ((COOKIE,), Placed(headers=(("Cookie", "session=t"),))),
        ((), Placed()),
    ],
)
def test_a_token_goes_where_fewest_can_read_it(credentials, placed):
    assert place("t", credentials) == placed


async def test_a_function_is_asked_for_a_token_each_time():
    tokens = iter(["first", "second"])

    async def fetch():
        return next(tokens)

    assert [await current(fetch, "connect"), await current(fetch, "reconnect")] == ["first", "second"]
    assert await current("fixed", "connect") == "fixed"
    assert await current(None, "connect") is None
