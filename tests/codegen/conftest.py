"""What the tests of the generator share: a flag that rewrites what is expected, for a human to review."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--rewrite", action="store_true", help="write down what comes out, instead of comparing")


@pytest.fixture
def rewrite(request) -> bool:
    return request.config.getoption("--rewrite")
