"""What nodes say to each other."""

import pytest

from wirepact.nodes import Drain, Kick, NotANodeMessage, Recheck, decode, encode

SECRET = b"s" * 32
MESSAGES = [Kick("ann"), Kick("ü\n", 4401), Recheck("ann"), Recheck(), Drain("n1"), Drain()]


@pytest.mark.parametrize("secret", [None, SECRET])
@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_said_is_what_is_heard(message, secret):
    assert decode(encode(message, secret), secret) == message


@pytest.mark.parametrize("message", MESSAGES)
def test_a_changed_word_is_not_believed(message):
    said = encode(message, SECRET)

    for index in range(len(said)):
        changed = said[:index] + bytes([said[index] ^ 1]) + said[index + 1 :]
        with pytest.raises(NotANodeMessage, match="not signed"):
            decode(changed, SECRET)


@pytest.mark.parametrize("said", [encode(Kick("ann")), encode(Kick("ann"), b"another secret"), b"", b" {}"])
def test_who_does_not_know_the_secret_is_not_believed(said):
    with pytest.raises(NotANodeMessage, match="not signed"):
        decode(said, SECRET)


@pytest.mark.parametrize(
    "said",
    [
        b"", b"{", b"[]", b"1", b"null", b"\xff", b"{}", b'{"v":1}', b'{"v":1,"kind":"boot"}', b"[" * 100_000,
        b'{"v":1,"kind":"kick"}', b'{"v":1,"kind":"kick","user":1}', b'{"v":1,"kind":"kick","user":"a","code":"x"}',
        b'{"v":1,"kind":"recheck","user":"a","more":1}', b'{"v":1,"kind":["kick"],"user":"a"}',
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused(said):
    with pytest.raises(NotANodeMessage, match="not readable"):
        decode(said)


def test_another_version_is_refused():
    with pytest.raises(NotANodeMessage, match="another version"):
        decode(b'{"v":2,"kind":"kick","user":"ann"}')
