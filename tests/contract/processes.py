"""The real application as operators run it: `wirepact serve --workers 4`, with Redis and PostgreSQL."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from brokers import valkey
from contract.application import Application, variables
from postgres import Postgres, postgres

ROOT = Path(__file__).parents[2]
WIREPACT = (sys.executable, "-m", "wirepact")
WORKERS = 4
PATIENCE = 240
"""How many seconds the workers may take to start, on a machine that does other things."""

TABLES = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '_(revision|count)$'"
"""Those that services keep their records in. What was counted stays, as it does for as long as processes run."""


@dataclass
class Processes:
    """The running workers behind one address, and what they keep."""

    application: Application
    log: Path
    server: Postgres
    database: str

    def empty(self) -> None:
        """Remove all that they keep, when nobody is connected any more."""
        self._wait_for_silence()
        tables = self.server.execute(TABLES, self.database)
        deadline = time.monotonic() + PATIENCE
        while not self._is_truncated(tables):
            assert time.monotonic() < deadline, "the processes keep the tables to themselves"

    def faults_since(self, position: int) -> list[str]:
        """What was logged as an error, or with a traceback, after *position* in the log."""
        text = self.log.read_bytes()[position:].decode()
        return re.findall(r"^.* (?:ERROR|CRITICAL) .*$|^Traceback.*$", text, re.MULTILINE)

    def _is_truncated(self, tables: str) -> bool:
        """Whether it could be done; not if PostgreSQL chose it to end a deadlock with what the processes look after by themselves."""
        try:
            self.server.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE", self.database)
        except subprocess.CalledProcessError as error:
            if "deadlock detected" not in error.stderr:
                error.add_note(error.stderr)
                raise
            return False
        return True

    def _wait_for_silence(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._connections() > 0:
            assert time.monotonic() < deadline, "somebody stays connected"
            time.sleep(0.02)

    def _connections(self) -> float:
        measured = httpx.get(f"{self.application.url}/metrics", trust_env=False).text
        return sum(map(float, re.findall(r"^wirepact_connections\{.*\} (\S+)$", measured, re.MULTILINE)))


@contextmanager
def processes(state: Path) -> Iterator[Processes]:
    """The workers, while the block lasts. What they log is in *state*."""
    with postgres() as server, valkey() as redis:
        database = server.create()
        settings = {
            **os.environ,
            **variables(state, server.url(database)),
            "WIREPACT_BROKER": f"redis://127.0.0.1:{redis.port}/0",
        }
        subprocess.run([*WIREPACT, "db", "upgrade"], cwd=ROOT, env=settings, check=True, capture_output=True)
        with _serving(state / "log", settings) as url:
            yield Processes(Application(url, stop=lambda: None), state / "log", server, database)


@contextmanager
def _serving(log: Path, settings: dict[str, str]) -> Iterator[str]:
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [*WIREPACT, "serve", "--workers", str(WORKERS), "--port", "0"],
            cwd=ROOT,
            env=settings,
            stderr=file,
            start_new_session=True,
        ) as parent,
    ):
        try:
            _wait(lambda: log.read_text().count("Application startup complete") == WORKERS, parent, log)
            yield re.search(r"running on (http://\S+)", log.read_text())[1]
            parent.terminate()
            parent.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(parent.pid, signal.SIGKILL)


def _wait(holds: Callable[[], bool], parent: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert parent.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
