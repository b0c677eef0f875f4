"""The generator: what the commands that one runs all day take, beside datamodel-code-generator's own.

    python -m benchmarks.generate [--rounds 5]

Works on a copy of spec/ in a temporary folder. Wall time, less what an interpreter takes to start.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.servers import ROOT

BIN = Path(sys.executable).parent
DOCUMENT = "spec/spc.yaml"
WARM_UPS = 1


@dataclass(frozen=True, slots=True)
class Command:
    """What is measured: its name in the table, how Python runs it, and whether nothing may be there before."""

    name: str
    arguments: Sequence[str]
    from_nothing: bool = False


PYTHON = Command("python", ("-c", "pass"))
GENERATE = (str(BIN / "wirepact"), "generate", DOCUMENT)
MODELS_ALONE = Command(
    "datamodel-codegen, models alone",
    (
        *(str(BIN / "datamodel-codegen"), "--input", DOCUMENT, "--input-file-type", "asyncapi"),
        *("--output", "models.py", "--output-model-type", "pydantic_v2.BaseModel"),
        # The preset that the generator uses, too; the default formatter takes twice as long.
        *("--preset", "standard-py311-20261027"),
    ),
)
COMMANDS = (
    PYTHON,
    Command("wirepact lint", (str(BIN / "wirepact"), "lint", DOCUMENT)),
    Command("wirepact generate, unchanged", GENERATE),
    Command("wirepact generate, from nothing", GENERATE, from_nothing=True),
    MODELS_ALONE,
)


class CommandFailed(Exception):
    """A command that is measured did not do its work."""


def main() -> int:
    rounds = _options().rounds
    try:
        with TemporaryDirectory() as folder:
            times = measured(_copy(Path(folder)), rounds)
    except CommandFailed as error:
        print(f"benchmark invalid: {error}", file=sys.stderr)
        return 1
    print("\n".join(table(times)))
    return 0


def measured(folder: Path, rounds: int) -> Mapping[Command, Sequence[float]]:
    """Seconds of each command in each of *rounds*, after one that does not count."""
    times: dict[Command, list[float]] = defaultdict(list)
    for number, command in product(range(WARM_UPS + rounds), COMMANDS):
        seconds = _run(command, _emptied(folder) if command.from_nothing else folder)
        if number >= WARM_UPS:
            times[command].append(seconds)
    return times


def table(times: Mapping[Command, Sequence[float]]) -> Iterator[str]:
    """The lines of the report."""
    start = median(times[PYTHON])
    models = median(times[MODELS_ALONE]) - start
    yield f"On {DOCUMENT}; medians of {len(times[PYTHON])} runs, less the {start * 1e3:.0f} ms that Python takes to start."
    yield ""
    yield f"{'':<34}{'ms':>6}{'ratio':>8}"
    for command in COMMANDS[1:]:
        own = median(times[command]) - start
        yield f"{command.name:<34}{own * 1e3:>6.0f}{own / models:>8.2f}"


def _run(command: Command, folder: Path) -> float:
    start = time.perf_counter()
    outcome = subprocess.run(
        [sys.executable, *command.arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if outcome.returncode:
        raise CommandFailed(f"{command.name}:\n{outcome.stdout}{outcome.stderr}")
    return seconds


def _copy(folder: Path) -> Path:
    """A project like this one, with nothing generated."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "spec", folder / "spec")
    return folder


def _emptied(folder: Path) -> Path:
    """The same project anew beside the other, so that nothing is kept from before."""
    fresh = folder / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    return _copy(fresh)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each command (default: 5)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
