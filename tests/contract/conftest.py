"""The running application, for tests that talk to it."""

import logging

import pytest

from contract.application import served


@pytest.fixture(scope="module")
def shared_application(tmp_path_factory):
    """One application for all tests of a module that leave nothing behind."""
    with served(tmp_path_factory.mktemp("state")) as application:
        yield application


@pytest.fixture
def application(tmp_path):
    """An application with an empty database."""
    with served(tmp_path) as application:
        yield application


@pytest.fixture
def quiet_log(caplog):
    """Fails the test if anything that ran in it is logged as an error, or with a traceback."""
    caplog.set_level(logging.INFO)
    yield
    faults = [each for each in caplog.get_records("call") if each.levelno >= logging.ERROR or each.exc_info]
    assert not faults, [each.getMessage() for each in faults]
