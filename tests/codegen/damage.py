"""Documents damaged at random, the same way for the same seed: keys dropped, types swapped, references broken."""

import copy
import random

STRANGE = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "#/nowhere",
    "3.0.0",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    [],
    [None],
    [[]],
    {},
    {"": {}},
    {"$ref": "#/channels"},
    {"$ref": "#"},
    {"$ref": "no/such/file.yaml#/x"},
    {"$ref": "#/%zz/~2"},
    {"$ref": 1},
    {"type": "x"},
    {"type": ["object", "null"], "oneOf": []},
    {"const": {"a": [1]}},
)
"""Values that stand where another was."""


def pointers(value, above=()):
    """The way to everything inside *value*."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*above, key)
        yield from pointers(child, (*above, key))


def damaged(document, seed, most=4):
    """A copy of *document* with one to *most* faults."""
    chance = random.Random(seed)
    result = copy.deepcopy(document)
    for _ in range(chance.randint(1, most)):
        if places := list(pointers(result)):
            _damage(result, chance.choice(places), chance)
    return result


def _damage(document, pointer, chance):
    parent = document
    for step in pointer[:-1]:
        parent = parent[step]
    chance.choice((_drop, _swap, _rename, _move, _break))(document, parent, pointer[-1], chance)


def _drop(_document, parent, key, _chance):
    del parent[key]


def _swap(_document, parent, key, chance):
    parent[key] = copy.deepcopy(chance.choice(STRANGE))


def _rename(_document, parent, key, chance):
    if isinstance(parent, dict):
        parent[
            chance.choice(("", "$ref", "x-to", "<init", "class", "한글", f"{key}{key}", str(key)[:-1]))
        ] = parent.pop(key)


def _move(document, parent, key, chance):
    """Something else of the same document, in its place."""
    value = document
    for step in chance.choice(list(pointers(document))):
        value = value[step]
    parent[key] = copy.deepcopy(value)


def _break(_document, parent, key, chance):
    """A reference to the wrong place, if there is one; else a shorter text."""
    value = parent[key]
    if isinstance(value, str) and value:
        cut = chance.randrange(len(value))
        parent[key] = chance.choice((value[:cut], value[cut:], value + "/x", value.replace("#", "##")))
    elif isinstance(value, list):
        parent[key] = value * 2
    elif isinstance(value, dict):
        parent[key] = [value]
