"""What a page bundles of the packages as they are published, minified and compressed: no more than this, and nothing that it does not use."""

import json
import re

import pytest

from packages.published import ROOT, node

SERVICES = "@wirepact/services/"
DOCUMENTS = list((ROOT / "spec").glob("*.yaml"))

MOST = {
    # What is imported and not used: the bytes that gzip makes of nothing.
    "nothing": 20,
    "{ Client }": 6_000,
    "@wirepact/client": 7_700,
    "@wirepact/client/react": 1_100,
    "@wirepact/client/react-native": 300,
    "@wirepact/client/testing": 5_500,
    "@wirepact/client/validate": 4_300,
}
SERVICE = 8_500
"""What may be taken by everything of one service: the data, errors and methods of its document, and as much of the runtime as these need."""
SCHEMAS = 5_400
"""The same for the schemas of its messages, and what reads them."""


@pytest.fixture(scope="module")
def sizes(installed, packages):
    """The bytes of a page, by what it has of the packages."""
    names = [each.imported(entry) for each in packages for entry in each.entries]
    pages = {
        "{ Client }": 'import { Client } from "@wirepact/client"; globalThis.used = Client;',
        "nothing": "".join(f'import "{each}";' for each in names),
    } | {each: f'export * from "{each}";' for each in names}
    return {
        name: size["gzip"] for name, size in node("bundle.mjs", installed, stdin=json.dumps(pages)).items()
    }


def test_the_runtime_is_no_larger_than_this(sizes):
    runtime = {name: size for name, size in sizes.items() if not name.startswith(SERVICES)}

    assert runtime.keys() == MOST.keys()
    assert {name: size for name, size in runtime.items() if size > MOST[name]} == {}


@pytest.mark.parametrize(("entries", "most"), [("[a-z]+", SERVICE), ("[a-z]+/schemas", SCHEMAS)])
def test_a_service_is_no_larger_than_this(sizes, entries, most):
    services = {name: size for name, size in sizes.items() if re.fullmatch(SERVICES + entries, name)}

    assert len(services) == len(DOCUMENTS)
    assert {name: size for name, size in services.items() if size > most} == {}
