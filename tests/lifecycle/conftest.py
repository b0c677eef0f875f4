"""The programs, which stay for all scenarios, and a database that is ready."""

import shutil
from collections import defaultdict

import pytest
import pytest_asyncio

from handlers.app import SERVICES
from handlers.schema import upgrade
from lifecycle.drivers import Drivers
from lifecycle.scenario import CLIENTS

_ENDED: defaultdict[str, dict[str, str]] = defaultdict(dict)


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory):
    """A database with the tables of all services, and nothing in them."""
    file = tmp_path_factory.mktemp("upgraded") / "wirepact.db"
    for each in SERVICES.values():
        upgrade(each.schema, f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def folder(tmp_path, upgraded):
    """What a server keeps is kept here."""
    shutil.copy(upgraded, tmp_path)
    return tmp_path


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def drivers():
    async with Drivers() as drivers:
        yield drivers


def pytest_runtest_logreport(report):
    for name, value in report.user_properties:
        if name == "scenario" and report.when == "call":
            scenario, client = value
            _ENDED[scenario][client] = f"{report.outcome} {report.duration:4.1f} s"


def pytest_terminal_summary(terminalreporter):
    """Each scenario, and how it ended with each client."""
    if not _ENDED:
        return
    terminalreporter.section("what becomes of a connection")
    width = max(map(len, _ENDED)) + 2
    terminalreporter.write_line("".ljust(width) + "".join(each.ljust(16) for each in CLIENTS))
    for name, ended in sorted(_ENDED.items()):
        verdicts = (ended.get(each, "").ljust(16) for each in CLIENTS)
        terminalreporter.write_line(name.ljust(width) + "".join(verdicts).rstrip())
