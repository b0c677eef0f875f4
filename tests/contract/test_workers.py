"""Every conversation again, played against four processes behind one port, with Redis and PostgreSQL.

They run for all of them, since they take long to start; each conversation begins with empty tables.
"""

import pytest

from contract.conversation import PLAYERS
from contract.playing import play, played_by
from contract.processes import processes

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with processes(tmp_path_factory.mktemp("workers")) as workers:
        yield workers


@pytest.fixture
def application(workers):
    """The application with empty tables, which logs nothing bad."""
    workers.empty()
    start = workers.log.stat().st_size
    yield workers.application
    assert workers.faults_since(start) == []


@pytest.mark.parametrize(("player", "script"), played_by(*PLAYERS))
async def test_a_conversation_goes_as_written(player, script, application):
    await play(player, script.source, application)
