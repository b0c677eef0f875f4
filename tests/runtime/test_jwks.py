"""Tokens of another system, whose keys are published: a real server publishes them, and real keys sign."""

import hmac
import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

from wirepact.auth import Expected, JwksAuthenticator
from wirepact.errors import Unauthorized


class Key:
    """A private key, and the entry that publishes its other half."""

    def __init__(self, name, algorithm="RS256", **more):
        self.name, self.algorithm = name, algorithm
        if algorithm.startswith("RS"):
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            entry = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        else:
            self.private = ec.generate_private_key(ec.SECP256R1())
            entry = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        self.entry = entry | {"alg": algorithm} | ({"kid": name} if name else {}) | more

    def signs(self, *, name=None, **claims):
        claims = {"sub": "7", "exp": datetime.now(UTC) + timedelta(hours=1)} | claims
        headers = {"kid": name or self.name} if name or self.name else {}
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers=headers)


ONE, OTHER = Key("one"), Key("other", "ES256")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Published:
    """What a server of keys answers, and how often it was asked."""

    def __init__(self, *keys):
        self.keys = list(keys)
        self.asked = 0
        self.is_down = False
        self.url = ""


@contextmanager
def publishing(*keys):
    published = Published(*keys)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            published.asked += 1
            body = json.dumps({"keys": [each.entry for each in published.keys]}).encode()
            self.send_response(503 if published.is_down else 200)
            self.end_headers()
            self.wfile.write(b"" if published.is_down else body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    published.url = f"http://127.0.0.1:{server.server_port}/keys"
    try:
        yield published
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def clock():
    return Clock()


async def test_a_token_is_checked_with_the_key_that_it_names(clock):
    with publishing(ONE, OTHER) as published:
        authenticator = JwksAuthenticator(published.url, clock=clock)

        first = await authenticator.authenticate(ONE.signs(sub="7", roles=["NURSE"]))
        second = await authenticator.authenticate(OTHER.signs(sub="8"))

    assert (first.sub, first.roles, second.sub) == ("7", {"NURSE"}, "8")
    assert first.expires > datetime.now(UTC).timestamp()
    assert published.asked == 1


async def test_the_only_key_needs_no_name(clock):
    nameless = Key(None)
    with publishing(nameless) as published:
        assert await JwksAuthenticator(published.url, clock=clock).authenticate(nameless.signs())


async def test_a_new_key_is_found_when_a_token_names_it_but_not_at_every_asking(clock):
    with publishing(ONE) as published:
        authenticator = JwksAuthenticator(published.url, clock=clock)
        await authenticator.authenticate(ONE.signs())
        published.keys.append(OTHER)

        for _ in range(3):
            with pytest.raises(Unauthorized):
                await authenticator.authenticate(OTHER.signs())
        assert published.asked == 1

        clock.now += JwksAuthenticator.PATIENCE
        assert await authenticator.authenticate(OTHER.signs())
        assert published.asked == 2


async def test_a_key_that_is_published_no_longer_is_good_no_longer(clock):
    with publishing(ONE, OTHER) as published:
        authenticator = JwksAuthenticator(published.url, clock=clock)
        await authenticator.authenticate(ONE.signs())
        published.keys.remove(ONE)
        clock.now += JwksAuthenticator.FRESH

        with pytest.raises(Unauthorized):
            await authenticator.authenticate(ONE.signs())
        assert await authenticator.authenticate(OTHER.signs())


async def test_keys_known_before_are_good_while_new_ones_can_not_be_had(clock):
    with publishing(ONE) as published:
        authenticator = JwksAuthenticator(published.url, clock=clock)
        await authenticator.authenticate(ONE.signs())
        published.is_down = True
        clock.now += JwksAuthenticator.FRESH

        assert await authenticator.authenticate(ONE.signs())
        assert published.asked == 2
        published.is_down = False
        clock.now += JwksAuthenticator.PATIENCE
        assert await authenticator.authenticate(ONE.signs())
        assert published.asked == 3


async def test_without_any_keys_nobody_is_known_until_they_can_be_had(clock):
    with publishing(ONE) as published:
        published.is_down = True
        authenticator = JwksAuthenticator(published.url, clock=clock)
        with pytest.raises(Unauthorized):
            await authenticator.authenticate(ONE.signs())
        published.is_down = False
        clock.now += JwksAuthenticator.PATIENCE

        assert await authenticator.authenticate(ONE.signs())


def forged_with_the_public_key():
    """What everyone can read, taken as the secret of HS256: by hand, since the library knows the trick."""
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "one"}, {"sub": "7", "exp": 2**40}]
    said = b".".join(base64url_encode(json.dumps(each).encode()) for each in parts)
    public = ONE.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return (said + b"." + base64url_encode(hmac.digest(public, said, "sha256"))).decode()


@pytest.mark.faults(row=16)
@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("x.y.z", id="no token"),
        pytest.param(forged_with_the_public_key(), id="the public key as a secret"),
        pytest.param(OTHER.signs(name="one"), id="under the name of another key"),
        pytest.param(Key("one").signs(), id="another key of that name"),
        pytest.param(Key("one", "RS512").signs(), id="an algorithm that is not trusted"),
        pytest.param(ONE.signs(name="two"), id="a key that is not published"),
        pytest.param(ONE.signs(exp=1), id="expired"),
        pytest.param(ONE.signs(aud="others"), id="for others"),
        pytest.param(ONE.signs(aud="ours", iss="them"), id="of others"),
        pytest.param(ONE.signs(aud="ours"), id="of nobody"),
    ],
)
async def test_a_token_that_is_not_good_is_refused_in_the_same_words(token, clock):
    with publishing(ONE, OTHER) as published:
        authenticator = JwksAuthenticator(published.url, Expected("ours", "us"), clock=clock)
        assert await authenticator.authenticate(ONE.signs(aud=["ours", "others"], iss="us"))

        with pytest.raises(Unauthorized, match=r"^the token is missing, invalid or expired$"):
            await authenticator.authenticate(token)


@pytest.mark.faults(row=16)
async def test_a_key_for_secrets_is_none_for_signatures(clock):
    with publishing(Key("one", use="enc")) as published, pytest.raises(Unauthorized):
        await JwksAuthenticator(published.url, clock=clock).authenticate(ONE.signs())


def test_a_shared_secret_can_not_be_among_the_algorithms():
    with pytest.raises(ValueError, match="HS256: not one of"):
        JwksAuthenticator("https://example.org/keys", algorithms=["RS256", "HS256"])
