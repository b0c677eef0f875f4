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


@pytest.mark.parametrize("token", ["t\n", "t\r\nX-Role: ADMIN", "토큰", " secret", "t\0"])
@pytest.mark.parametrize("credential", [HEADER, COOKIE, BEARER])
def test_a_token_that_no_header_can_hold_is_refused_and_not_told(token, credential):
    with pytest.raises(ValueError, match="token: has characters that can't stand in a header") as raised:
        place(token, (credential,))

    assert token not in str(raised.value)


def test_a_query_holds_any_token():
    assert place("토큰\n", (QUERY,)) == Placed(query=(("token", "토큰\n"),))


async def test_a_function_is_asked_for_a_token_each_time():
    tokens = iter(["first", "second"])

    async def fetch():
        return next(tokens)

    assert [await current(fetch, "connect"), await current(fetch, "reconnect")] == ["first", "second"]
    assert await current("fixed", "connect") == "fixed"
    assert await current(None, "connect") is None
