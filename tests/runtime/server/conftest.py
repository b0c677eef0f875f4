"""What tests of the server share: the works behind either way out, and a log without faults."""

import logging

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
def no_fault(caplog):
    """Fails a test after which the log speaks of a fault of ours, or shows an exception."""
    caplog.set_level(logging.INFO)
    yield
    faults = [each for each in caplog.records if each.levelno >= logging.ERROR or each.exc_info]
    assert not faults, [each.getMessage() for each in faults]
