"""Tokens and whose they are."""

import base64
import json
import logging
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from wirepact.auth import Expected, Identity, JwtAuthenticator, mint_token
from wirepact.errors import Unauthorized

KEY = "k" * 32


def signed(claims, key=KEY, algorithm="HS256"):
    return jwt.encode({"exp": datetime.now(UTC) + timedelta(hours=1)} | claims, key, algorithm=algorithm)


def unsigned(claims):
    parts = [json.dumps(each).encode() for each in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join([base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts] + [""])


async def test_a_minted_token_is_its_owners():
    token = mint_token(KEY, "7", name="Kim", roles=["SERVICE"])

    identity = await JwtAuthenticator(KEY).authenticate(token)

    assert (identity.sub, identity.name, identity.roles) == ("7", "Kim", {"SERVICE"})
    assert identity.has_one_of(["ADMIN", "SERVICE"])
    assert not identity.has_one_of(["ADMIN"])


async def test_a_service_finds_its_own_claims():
    identity = await JwtAuthenticator(KEY).authenticate(signed({"sub": "7", "tenant": "acme"}))

    assert identity.claims["tenant"] == "acme"
    assert identity.roles == frozenset()


@pytest.mark.faults(row=16)
@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("x.y.z", id="no token at all"),
        pytest.param(signed({"sub": "7"}, key="z" * 32), id="another key"),
        pytest.param(signed({"sub": "7"}, algorithm="HS512", key="k" * 64), id="another algorithm and key"),
        pytest.param(
            jwt.encode({"sub": "7", "exp": 2**40}, KEY + KEY, algorithm="HS384"), id="another algorithm"
        ),
        pytest.param(unsigned({"sub": "7", "exp": 2**40}), id="no signature"),
        pytest.param(jwt.encode({"sub": "7"}, KEY, algorithm="HS256"), id="no expiry"),
        pytest.param(signed({}), id="nobody's"),
        pytest.param(signed({"sub": ""}), id="empty sub"),
        pytest.param(jwt.encode({"sub": 7, "exp": 2**40}, KEY, algorithm="HS256"), id="sub is a number"),
        pytest.param(signed({"sub": "7", "exp": datetime.now(UTC) - timedelta(minutes=1)}), id="expired"),
        pytest.param(signed({"sub": "7", "nbf": datetime.now(UTC) + timedelta(hours=1)}), id="not yet good"),
        pytest.param(signed({"sub": "7", "roles": "SERVICE"}), id="roles is a string"),
        pytest.param(signed({"sub": "7", "roles": [1]}), id="roles are numbers"),
        pytest.param(signed({"sub": "7", "name": 1}), id="name is a number"),
        pytest.param(signed({"sub": "7"})[:-4] + "AAAA", id="tampered"),
    ],
)
async def test_a_token_that_is_not_good_is_refused_in_the_same_words(token, caplog):
    caplog.set_level(logging.DEBUG)

    with pytest.raises(Unauthorized) as caught:
        await JwtAuthenticator(KEY).authenticate(token)

    assert caught.value.text == "the token is missing, invalid or expired"
    assert not token or token not in caplog.text


async def test_clocks_may_differ_by_the_leeway():
    token = mint_token(KEY, "7", ttl=timedelta(seconds=1), now=datetime.now(UTC) - timedelta(seconds=11))

    assert await JwtAuthenticator(KEY, Expected(leeway=30)).authenticate(token) is not None
    with pytest.raises(Unauthorized):
        await JwtAuthenticator(KEY, Expected(leeway=5)).authenticate(token)


def test_an_identity_can_not_be_changed():
    with pytest.raises(AttributeError):
        Identity("7").sub = "8"
