"""How a process that serves is set up."""

import gc

import pytest

from wirepact.server.serving import Served, uvicorn_config
from wirepact.settings import Settings


@pytest.fixture
def collector():
    """Python's own settings of the collector; those of the tests, whatever they are, come back afterwards."""
    before, own = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*own)
    yield own
    gc.set_threshold(*before)
    gc.unfreeze()


async def nothing(_scope, _receive, _send):
    """An application that serves nothing."""


def made():
    return nothing


def test_a_process_that_serves_spares_the_collector(collector):
    config = uvicorn_config("test_serving:made", Settings(), largest=1, kind=Served, lifespan="off")
    config.app = made
    config.load()

    assert gc.get_threshold()[0] > collector[0]
    assert gc.get_freeze_count() > 0
    assert gc.isenabled()


def test_a_server_inside_of_another_process_leaves_its_collector_alone(collector):
    config = uvicorn_config("test_serving:made", Settings(), largest=1, lifespan="off")
    config.app = made
    config.load()

    assert gc.get_threshold() == collector
