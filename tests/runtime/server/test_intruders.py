"""Those who pretend to be somebody, and those who are somebody and want what is another's."""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from sites import closed, hear, running, until
from wirepact.auth import Expected, JwtAuthenticator
from wirepact.broker import Publication
from wirepact.broker_memory import MemoryBroker
from wirepact.descriptors import Channel, Credential, MessageSet, MessageType, Parameter
from wirepact.errors import PermissionDenied
from wirepact.server import Node, Peer, build_app, websocket_route
from wirepact.testing import KEY, authenticator, serving, token
from wirepact.topics import channel_topic
from wirepact.wire import encode
from works import Alarm

UNAUTHORIZED = (4401, "Token missing, invalid or expired")
NOW = datetime.now(UTC)
GOOD = {"sub": "7", "aud": "works", "iss": "us", "exp": NOW + timedelta(hours=1)}
WIDE = "\uff41\uff43\uff4d\uff45"
"""Full-width letters, which are "acme" to whoever normalizes Unicode."""
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = PRIVATE.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)


def forged(changes, key=KEY, algorithm="HS256"):
    claims = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm)


def confused():
    """A token for HS256 whose secret is a public key, which libraries refuse to make."""
    head, body, _ = forged({}).split(".")
    mac = hmac.digest(PUBLIC, f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


FORGED = {
    "no signature": forged({}, None, "none"),
    "another algorithm": forged({}, KEY * 2, "HS512"),
    "a key pair of somebody": forged({}, PRIVATE, "RS256"),
    "a public key as the secret": confused(),
    "another secret": forged({}, "another key, and a long one it is"),
    "another audience": forged({"aud": "elsewhere"}),
    "no audience": forged({"aud": None}),
    "another issuer": forged({"iss": "them"}),
    "expired": forged({"exp": NOW - timedelta(hours=1)}),
    "never expires": forged({"exp": None}),
    "not yet valid": forged({"nbf": NOW + timedelta(hours=1)}),
    "of nobody": forged({"sub": ""}),
    "cut off": forged({}).rpartition(".")[0] + ".",
    "no token at all": "nonsense",
}


@pytest.fixture(scope="module")
def trusts():
    return JwtAuthenticator(KEY, Expected("works", "us"))


@pytest.mark.faults(row=16)
async def test_every_bad_token_is_answered_alike_and_only_the_log_knows_why(way, trusts, caplog):
    async with running(way=way, trusts=trusts) as site:
        codes, answers = set(), set()
        for bad in FORGED.values():
            codes.add(await closed(await site.open(f"/ws/hall/1/?token={bad}", query=False)))
            with pytest.raises(InvalidStatus) as caught:
                await site.open(query=False, additional_headers={"Authorization": f"Bearer {bad}"})
            answers.add((caught.value.response.status_code, bytes(caught.value.response.body)))

        assert codes == {UNAUTHORIZED}
        assert answers == {(401, b"the token is missing, invalid or expired")}
        refused = [each for each in caplog.records if each.getMessage() == "token refused"]
        assert len(refused) == 2 * len(FORGED)
        assert {each.fields["reason"] for each in refused} >= {
            "ExpiredSignatureError",
            "InvalidAudienceError",
        }
        good = await site.open(f"/ws/hall/1/?token={forged({})}", query=False)
        assert (await hear(good))["type"] == "welcome"


ROOM: Channel = Channel(
    service="works",
    name="room",
    address="/ws/rooms/{tenant}/",
    parameters=(Parameter("tenant"),),
    sends=MessageSet(paths=(("type",),), types=(MessageType("alarm", Alarm, ("alarm",)),)),
    credentials=(Credential("query", "token"),),
)


async def only_their_own(visitor, tenant):
    if visitor.identity.sub != tenant:
        raise PermissionDenied("another's room")


@pytest.fixture
async def rooms():
    node = Node(MemoryBroker(), authenticator())
    app = build_app(node, [websocket_route(node, ROOM, Peer, admit=only_their_own)])
    async with serving(app) as url:
        yield url.replace("http", "ws"), node


def enter(url, path, user):
    return connect(f"{url}{path}?token={token(user)}", compression=None)


@pytest.mark.faults(row=17)
@pytest.mark.parametrize(
    "path",
    [
        "/ws/rooms/acme/",
        "/ws/rooms/acm%65/",
        "/ws/rooms/%61%63%6d%65/",
        "/ws/rooms/ACME/",
        f"/ws/rooms/{WIDE}/",
        "/ws/rooms/acme%2F/",
        "/ws/rooms/acme%2Frival/",
        "/ws/rooms/rival%2F..%2Facme/",
        "/ws/rooms/rival/../acme/",
        "/ws/rooms/../rooms/acme/",
        "/ws/rooms/%2e%2e/",
        "/ws/rooms/*/",
        "/ws/rooms/acme*/",
        "/ws/rooms/acme%00/",
        "/ws/rooms/acme%20/",
        "/ws/rooms/rival%23acme/",
        "/ws/rooms//acme/",
    ],
)
async def test_nobody_enters_what_is_anothers_however_it_is_written(rooms, path):
    url, node = rooms

    try:
        async with enter(url, path, "rival") as client:
            code, _ = await closed(client)
    except InvalidStatus as refused:
        code = refused.response.status_code

    assert code in {4403, 404}
    assert len(node.fanout) == 0


@pytest.mark.faults(row=17)
@pytest.mark.parametrize(
    "other", ["ACME", "acme ", WIDE, "acme/x", "acme#x", "acme?tenant=acme", "..", "%61cme"]
)
async def test_names_that_look_alike_are_rooms_apart(rooms, other):
    url, node = rooms

    path = f"/ws/rooms/{quote(other, safe='')}/"

    async with enter(url, "/ws/rooms/acme/", "acme") as ours, enter(url, path, other) as theirs:
        await until(lambda: len(node.fanout) == 2)
        for name in (other, "acme"):
            topic = channel_topic(ROOM, {"tenant": name})
            await node.broker.publish(Publication(topic, encode(Alarm(text=name)).encode()))

        assert (await hear(ours))["text"] == "acme"
        assert (await hear(theirs))["text"] == other
