"""What a page bundles of the packages as they are published, minified and compressed: no more than this, and nothing that it does not use."""

import json

import pytest

from packages.published import node

MOST = {
    # What is imported and not used: the bytes that gzip makes of nothing.
    "nothing": 20,
    "{ Client }": 6_700,
    "@wirepact/client": 8_200,
    "@wirepact/client/react": 1_100,
    "@wirepact/client/react-native": 300,
    "@wirepact/client/testing": 5_500,
}
SERVICE = 8_700
"""What may be taken by everything of one service: the data, errors and methods of its document, and as much of the runtime as these need."""


@pytest.fixture(scope="module")
def sizes(installed, packages):
    """The bytes of a page, by what it has of the packages."""
    names = [each.imported(entry) for each in packages for entry in each.entries]
    pages = {
        "{ Client }": 'export { Client } from "@wirepact/client";',
        "nothing": "".join(f'import "{each}";' for each in names),
    } | {each: f'export * from "{each}";' for each in names}
    return {
        name: size["gzip"] for name, size in node("bundle.mjs", installed, stdin=json.dumps(pages)).items()
    }


def test_the_runtime_is_no_larger_than_this(sizes):
    runtime = {name: size for name, size in sizes.items() if not name.startswith("@wirepact/services/")}

    assert runtime.keys() == MOST.keys()
    assert {name: size for name, size in runtime.items() if size > MOST[name]} == {}


def test_a_service_is_no_larger_than_this(sizes):
    services = {name: size for name, size in sizes.items() if name.startswith("@wirepact/services/")}

    assert len(services) >= 5
    assert {name: size for name, size in services.items() if size > SERVICE} == {}
