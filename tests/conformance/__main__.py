"""Autobahn's WebSocket test suite against `wirepact serve`.

    make conformance

An echo service is generated and served, the suite's client tries all it knows on it, and a table tells how that went. A
failed case that is not explained below fails the run.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import click

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
SUITE = ROOT / ".make" / "autobahn" / "bin" / "wstest"
REPORT = ROOT / "var" / "conformance"
START = 60.0

CATEGORIES: Mapping[int, str] = {
    1: "Framing",
    2: "Pings and pongs",
    3: "Reserved bits",
    4: "Opcodes",
    5: "Fragmentation",
    6: "UTF-8",
    7: "Closing",
    9: "Limits and performance",
    10: "Fragmentation by the peer",
}
"""What the numbers of cases begin with. 12 and 13 are about compression, which is never agreed on."""

EXPLAINED: Mapping[str, str] = {
    "7.1.5": "a close frame amid an unfinished message is answered with 1002, not 1000: websockets takes it for a fault",
}
"""Failed cases that are not ours, each with its reason."""

COLUMNS: Mapping[str, str] = {
    "OK": "passed",
    "NON-STRICT": "not strict",
    "INFORMATIONAL": "told",
    "FAILED": "failed",
}
"""What the suite says of a case, as it is told here."""

Verdicts: TypeAlias = Mapping[str, str]
"""What became of each case, by its number."""


class NotRun(Exception):
    """The suite or the server did not get to work."""


def main() -> int:
    try:
        with TemporaryDirectory() as folder, _echo(Path(folder)) as url:
            verdicts = _verdicts(url)
    except NotRun as error:
        click.echo(error, err=True)
        return 2
    click.echo("\n".join(report(verdicts)))
    click.echo(f"Each frame of each case: {REPORT / 'index.html'}", err=True)
    return 1 if failed(verdicts) - EXPLAINED.keys() else 0


def failed(verdicts: Verdicts) -> set[str]:
    """The cases that went wrong."""
    return {case for case, verdict in verdicts.items() if verdict not in COLUMNS or verdict == "FAILED"}


def report(verdicts: Verdicts) -> Iterator[str]:
    """A line a category, a line of totals, and what failed."""
    yield f"{'':<28}" + "".join(f"{each:>12}" for each in ("cases", *COLUMNS.values()))
    for number, name in CATEGORIES.items():
        found = [verdict for case, verdict in verdicts.items() if case.split(".")[0] == str(number)]
        yield _line(f"{number:>2} {name}", found)
    yield _line("   all", list(verdicts.values()))
    for case in sorted(failed(verdicts)):
        yield f"{case} {verdicts[case]}: {EXPLAINED.get(case, 'NOT EXPLAINED')}"


def _line(name: str, found: list[str]) -> str:
    counts = Counter(each if each in COLUMNS else "FAILED" for each in found)
    return f"{name:<28}" + "".join(
        f"{each:>12}" for each in (len(found), *(counts[each] for each in COLUMNS))
    )


def _verdicts(url: str) -> Verdicts:
    """What the suite's client says of the server at *url*."""
    settings = {
        "outdir": str(REPORT),
        "servers": [{"agent": "wirepact", "url": url}],
        "cases": [f"{number}.*" for number in CATEGORIES],
        "exclude-cases": [],
        "exclude-agent-cases": {},
    }
    REPORT.mkdir(parents=True, exist_ok=True)
    file = REPORT / "client.json"
    file.write_text(json.dumps(settings), "utf-8")
    finished = subprocess.run(
        [SUITE, "-m", "fuzzingclient", "-s", file], capture_output=True, text=True, check=False
    )
    try:
        cases = json.loads((REPORT / "index.json").read_text("utf-8"))["wirepact"]
    except (OSError, ValueError, KeyError):
        raise NotRun(f"the suite gave no report:\n{finished.stdout}{finished.stderr}") from None
    return {case: _verdict(found) for case, found in cases.items()}


def _verdict(found: Mapping[str, str]) -> str:
    """What the suite says of a case: how the frames went, or else how the connection was closed."""
    closing = found["behaviorClose"]
    return found["behavior"] if closing in COLUMNS else closing


@contextmanager
def _echo(folder: Path) -> Iterator[str]:
    """The URL of an echo service, generated into *folder* and served by `wirepact serve`."""
    _generate(folder)
    port = _free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT))),
        "WIREPACT_STATE_DIR": str(folder / "state"),
        "WIREPACT_LOG_LEVEL": "error",
        # Cases of performance send a thousand messages before they read the first.
        "WIREPACT_INBOX_MESSAGES": "10000",
    }
    command = [
        BIN / "wirepact",
        "serve",
        "--app",
        "tests.conformance.service:create_app",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            _await(port, server)
            yield f"ws://127.0.0.1:{port}/echo/"
        finally:
            server.terminate()


def _generate(folder: Path) -> None:
    command = [BIN / "wirepact", "generate", HERE / "echo.yaml", "--server", folder / "emitted"]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise NotRun(f"the echo service could not be generated:\n{finished.stderr}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise NotRun("the echo service did not start")


if __name__ == "__main__":
    sys.exit(main())
