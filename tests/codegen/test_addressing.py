"""Addresses that are said not to collide lead where they should, in the server that is the judge of it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact.server.signposts import Signposts
from wirepact_codegen.addressing import Address, collision
from wirepact_codegen.errors import Place

HERE = Place("spec.yaml", 1, 1)
TEXTS = ["a", "b", "ab", "aa", "a-b", "b-b", "a-"]
PATHS = [f"/{'/'.join(each)}" for count in (1, 2) for each in product(TEXTS, repeat=count)]
VALUES = {"x": ["a", "a-b"], "y": ["b"]}

segments = st.sampled_from(["a", "b", "{x}", "{y}", "{z}", "a-{y}", "{x}-b", "{z}b", "{x}{z}"])
paths = (
    st.lists(segments, min_size=1, max_size=2)
    .map(lambda each: f"/{'/'.join(each)}")
    .filter(lambda path: all(path.count(f"{{{name}}}") <= 1 for name in "xyz"))
)
"""No address has a parameter twice (WP303)."""


def address(path, method="WebSocket", **values):
    return Address(method, path, HERE, values)


def known(path):
    return {name: values for name, values in VALUES.items() if f"{{{name}}}" in path}


def texts(path, *addresses):
    """What the server takes for the parameters of *path*; `None` where it finds nothing."""
    return Signposts(addresses).shown({"path": path, "raw_path": path.encode()}).get("wirepact.texts")


def is_meant_for(path, one):
    """Whether *one* by itself is where *path* leads, with values that it allows."""
    found = texts(path, one.path)
    return found is not None and all(value in one.values.get(name, [value]) for name, value in found.items())


@given(paths, paths)
def test_what_does_not_collide_leads_to_the_service_that_it_is_meant_for(one, other):
    here, there = address(one, **known(one)), address(other, **known(other))
    path = collision(here, there)

    if path is None:
        for each in PATHS:
            for meant in (here, there):
                if is_meant_for(each, meant):
                    assert texts(each, one, other) == texts(each, meant.path)
    else:
        assert texts(path, one) is not None
        assert texts(path, other) is not None
        assert is_meant_for(path, here) or is_meant_for(path, there)


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ("/ws/spc/", "/ws/spc", "/ws/spc"),
        ("/ws/{room}", "/ws/{topic}/", "/ws/x"),
        ("/ws/{room}", "/ws/news", "/ws/news"),
        ("/ws/news", "/ws/{room}", "/ws/news"),
        ("/", "/", ""),
        ("/a/{b}", "/a/b/c", None),
        ("/btc-{kind}", "/{coin}-spot", "/btc-spot"),
        ("/%61", "/a", "/a"),
    ],
)
def test_a_path_that_is_both_is_shown(one, other, path):
    assert collision(address(one), address(other)) == path


def test_values_that_are_named_keep_addresses_apart():
    topics = address("/ws/{topic}", topic=["orders", "robots"])

    assert collision(topics, address("/ws/presence/")) is None
    assert collision(topics, address("/ws/orders")) == "/ws/orders"


def test_two_parameters_in_one_place_can_not_be_kept_apart():
    assert collision(address("/{a}", a=["one"]), address("/{b}", b=["two"])) == "/one"


def test_two_methods_of_one_path_may_be_two_services():
    assert collision(address("/orders/{id}", "GET"), address("/orders/{number}/", "PUT")) is None
    assert collision(address("/orders/{id}", "GET"), address("/orders/new", "PUT")) == "/orders/new"
