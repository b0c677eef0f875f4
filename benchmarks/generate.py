"""The generator: what the commands that one runs all day take, beside datamodel-code-generator's own.

    python -m benchmarks.generate [--rounds 5]

Works on projects in a temporary folder: five services, which are five copies of our own document, each with a type of
its own name; and one document with a thousand schemas. Wall time, less what an interpreter takes to start.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.schemas import a_thousand_schemas
from benchmarks.servers import ROOT

BIN = Path(sys.executable).parent
OURS = ROOT / "spec" / "spc.yaml"
TYPE = "RuleViolation"
CHANGED = "The number of the Nelson rule."
PROJECT = """\
[tool.wirepact]
documents = ["spec/*.yaml"]

[tool.wirepact.generate]
server = "generated"
python-client = "clients"
typescript-client = "web"
"""

Project = Callable[[Path], None]
"""What writes the documents of a project into its folder."""


class BenchmarkInvalid(Exception):
    """What is measured did not do its work, or did more than it is measured for."""


Around = Callable[[Path], AbstractContextManager[None]]
"""What must be so in a project before a command, and after it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is measured: its name in the table, the project, how Python runs it, and what must be so around it."""

    name: str
    project: Project
    runs: Sequence[Sequence[str]]
    around: Around


def one(folder: Path) -> None:
    """Our own document."""
    _copy(folder, 1)


def five(folder: Path) -> None:
    """Five services of the size of ours."""
    for number in range(1, 6):
        _copy(folder, number)


def thousand(folder: Path) -> None:
    """One service with a thousand schemas."""
    (folder / "spec" / "thousand.yaml").write_text(a_thousand_schemas(), "utf-8")


def _copy(folder: Path, number: int) -> None:
    # No two of them give the same models.
    text = OURS.read_text("utf-8").replace(TYPE, f"{TYPE}{number}")
    (folder / "spec" / f"spc_{number}.yaml").write_text(text, "utf-8")


def _make(folder: Path, project: Project) -> None:
    (folder / "spec").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT, "utf-8")
    project(folder)


@contextmanager
def as_it_is(_folder: Path) -> Iterator[None]:
    """Whatever is there may be used."""
    yield


@contextmanager
def from_nothing(folder: Path) -> Iterator[None]:
    """Nothing is there that was written or kept before."""
    for each in folder.iterdir():
        if each.is_dir() and each.name != "spec":
            shutil.rmtree(each)
    yield


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """The same command has run before, and nothing is written."""
    before = _written(folder)
    yield
    if _written(folder) != before:
        raise BenchmarkInvalid("files were written although nothing had changed")


@contextmanager
def one_changed(folder: Path) -> Iterator[None]:
    """One document says something else, which changes files of its own and no others."""
    document = folder / "spec" / "spc_1.yaml"
    text = document.read_text("utf-8")
    changed = f"{CHANGED} {time.monotonic_ns()}"
    document.write_text(text.replace(CHANGED, changed, 1), "utf-8")
    before = _written(folder)
    yield
    after = _written(folder)
    rewritten = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    if not rewritten or not all("spc_1" in str(path.relative_to(folder)) for path in rewritten):
        raise BenchmarkInvalid(f"a change to {document.name} rewrote {sorted(map(str, rewritten))}")
    document.write_text(text, "utf-8")


def _written(folder: Path) -> Mapping[Path, int]:
    """When each generated file was written last."""
    folders = [folder / each for each in ("generated", "clients", "web")]
    return {path: path.stat().st_mtime_ns for each in folders for path in each.rglob("*") if path.is_file()}


LINT = ((str(BIN / "wirepact"), "lint"),)
GENERATE = ((str(BIN / "wirepact"), "generate"),)


def _models(*documents: str) -> Sequence[Sequence[str]]:
    """datamodel-code-generator's own command, which takes one document."""
    return tuple(
        (
            *(str(BIN / "datamodel-codegen"), "--input", f"spec/{document}.yaml"),
            *("--input-file-type", "asyncapi", "--output", f"{document}.py"),
            *("--output-model-type", "pydantic_v2.BaseModel"),
            # The preset that the generator uses, too; the default formatter takes twice as long.
            *("--preset", "standard-py311-20261027"),
        )
        for document in documents
    )


PYTHON = Command("python", one, (("-c", "pass"),), as_it_is)
PEER = "datamodel-codegen, models alone"
TABLES: Mapping[str, Sequence[Command]] = {
    "One service": (
        Command("wirepact generate, from nothing", one, GENERATE, from_nothing),
        Command(PEER, one, _models("spc_1"), as_it_is),
    ),
    "Five services": (
        Command("wirepact lint, unchanged", five, LINT, unchanged),
        Command("wirepact lint, from nothing", five, LINT, from_nothing),
        Command("wirepact generate, unchanged", five, GENERATE, unchanged),
        Command("wirepact generate, one of them changed", five, GENERATE, one_changed),
        Command("wirepact generate, from nothing", five, GENERATE, from_nothing),
        Command(PEER, five, _models(*(f"spc_{number}" for number in range(1, 6))), as_it_is),
    ),
    "1,000 schemas": (
        Command("wirepact lint, from nothing", thousand, LINT, from_nothing),
        Command("wirepact generate, unchanged", thousand, GENERATE, unchanged),
        Command("wirepact generate, from nothing", thousand, GENERATE, from_nothing),
        Command(PEER, thousand, _models("thousand"), as_it_is),
    ),
}


def main() -> int:
    rounds = _options().rounds
    try:
        with TemporaryDirectory() as folder:
            times = measured(Path(folder), rounds)
    except BenchmarkInvalid as error:
        print(f"benchmark invalid: {error}", file=sys.stderr)
        return 1
    print("\n".join(report(times)))
    return 0


def measured(folder: Path, rounds: int) -> Mapping[Command, Sequence[float]]:
    """Seconds of each command in each of *rounds*, after one that does not count."""
    commands = [PYTHON, *(each for table in TABLES.values() for each in table)]
    projects = {each: folder / str(number) for number, each in enumerate(commands)}
    for command, place in projects.items():
        _make(place, command.project)
        for run in command.runs:
            _run(command.name, run, place)
    times: dict[Command, list[float]] = defaultdict(list)
    for _, command in product(range(rounds), commands):
        with command.around(projects[command]):
            times[command].append(sum(_run(command.name, run, projects[command]) for run in command.runs))
    return times


def report(times: Mapping[Command, Sequence[float]]) -> Iterator[str]:
    """The lines of the tables."""
    start = median(times[PYTHON])
    rounds = len(times[PYTHON])
    yield f"Medians of {rounds} runs, less the {start * 1e3:.0f} ms that Python takes to start."
    for name, commands in TABLES.items():
        own = {each: median(times[each]) - start * len(each.runs) for each in commands}
        peer = next(seconds for each, seconds in own.items() if each.name == PEER)
        yield ""
        yield f"{name:<40}{'ms':>8}{'ratio':>8}"
        for command, seconds in own.items():
            yield f"{command.name:<40}{seconds * 1e3:>8,.0f}{seconds / peer:>8.2f}"


def _run(name: str, arguments: Sequence[str], folder: Path) -> float:
    start = time.perf_counter()
    outcome = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if outcome.returncode:
        raise BenchmarkInvalid(f"{name}:\n{outcome.stdout}{outcome.stderr}")
    return seconds


# Compiled modules stay, as they do for whoever has installed them.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each command (default: 5)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
