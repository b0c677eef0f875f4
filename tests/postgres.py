"""A real PostgreSQL for tests, as Debian has it: a server for whoever asks, and databases on it."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}
"""Nothing has to survive the tests."""


@dataclass(frozen=True)
class Postgres:
    """A running server that trusts everybody on this machine."""

    port: int

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, *, template: str = "template1") -> str:
        """Create a database that begins as a copy of *template*, which nobody is connected to. Gives its name."""
        name = f"test_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> str:
        """What `psql` says to *statement*."""
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        place = ["--host=127.0.0.1", f"--port={self.port}", "--username=postgres", f"--dbname={database}"]
        done = subprocess.run(
            [str(_program("psql")), *options, *place, f"--command={statement}"],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


def is_installed() -> bool:
    """Whether there is one; in CI there must be."""
    there = _program("initdb") is not None
    assert there or os.environ.get("CI") != "true", "there is no PostgreSQL; .ci/servers installs one"
    return there


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server with nothing in it. Skips the test where none is installed, but for CI."""
    if not is_installed():
        pytest.skip("there is no PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if (owner := _other_than_root()) is not None:
            os.chown(folder, owner, -1)
        _run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            folder / "data",
        )
        port = _free_port()
        settings = " ".join(f"-c {name}='{value}'" for name, value in {**QUICK, "port": port}.items())
        control = f"--pgdata={folder / 'data'}"
        _run("pg_ctl", "start", control, f"--log={folder / 'log'}", f"--options={settings}", "--wait")
        try:
            yield Postgres(port)
        finally:
            _run("pg_ctl", "stop", control, "--mode=immediate", "--wait")
    finally:
        shutil.rmtree(folder)


def _run(name: str, *arguments: str | Path) -> None:
    """Run a program of the server; it refuses to be run by root."""
    done = subprocess.run(
        [str(_program(name)), *arguments],
        user=_other_than_root(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name}: {done.stderr}"


@cache
def _program(name: str) -> Path | None:
    """Where it is; Debian has the programs of the server in a folder for each version."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True
    )
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    return None if found is None else Path(found)


@cache
def _other_than_root() -> int | None:
    """Who runs it in the place of root, and nobody else's place."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each.pw_uid for each in pwd.getpwall()}
    return known.get("postgres", known["nobody"])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
