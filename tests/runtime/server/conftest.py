"""What tests of the server share: the works behind either way out, and a log without faults."""

import logging
from inspect import signature

import pytest

from sites import WAYS, running


@pytest.fixture(params=WAYS)
def way(request):
    return request.param


@pytest.fixture
async def site(way):
    async with running(way=way) as site:
        yield site


@pytest.fixture
def faults(caplog):
    """What the log says about faults of ours, or shows of exceptions, as texts: for tests that expect some."""

    def told():
        return [
            each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR or each.exc_info
        ]

    return told


@pytest.fixture(autouse=True)
def no_fault(request, caplog, faults):
    """Fails every other test after which there are any."""
    caplog.set_level(logging.INFO)
    yield
    is_expected = "faults" in signature(request.function).parameters
    assert is_expected or not faults(), faults()
