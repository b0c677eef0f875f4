"""Each document put to the generator as its users do, through the command, and what came of it."""

import os
import re
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from click.testing import CliRunner

from tests.corpus.documents import Document
from wirepact_codegen.cli import generate

_FINDING = re.compile(
    r"^(?P<place>.+?:\d+:\d+) (?P<rule>WP\d{3}) (?P<severity>warning: |info: |)(?P<sentence>.*)$",
    re.MULTILINE,
)
_WANTED = ("--perspective", "server", "--allow-ambiguous")
"""What a document of a stranger leaves to the command line."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one document. `rules` are those of the errors, once for each."""

    seconds: float
    generated: bool
    errors: Sequence[str] = ()
    rules: Sequence[str] = ()
    others: int = 0
    crash: str = ""


def attempts(found: Sequence[Document], into: Path, workers: int) -> Iterator[tuple[Document, Attempt]]:
    """Each document with what came of it, in order; what is generated goes below *into*."""
    with ProcessPoolExecutor(workers) as pool:
        yield from zip(found, pool.map(partial(attempt, into=into), found), strict=True)


def attempt(document: Document, into: Path) -> Attempt:
    """One document, generated for all targets, in a folder that holds nothing else."""
    place = into / document.package
    place.mkdir(parents=True)
    work = into.parent / "work" / document.package
    work.mkdir(parents=True)
    (work / "corpus").symlink_to(document.folder)
    os.chdir(work)
    started = time.perf_counter()
    result = CliRunner().invoke(generate, _arguments(document, place))
    seconds = time.perf_counter() - started
    found = list(_FINDING.finditer(result.output))
    crash = ""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        crash = "".join(traceback.format_exception(result.exception))
    errors = [each for each in found if not each["severity"]]
    if not crash and result.exit_code and not errors:
        crash = result.output
    return Attempt(
        seconds=seconds,
        generated=result.exit_code == 0,
        errors=tuple(each[0] for each in errors),
        rules=tuple(each["rule"] for each in errors),
        others=len(found) - len(errors),
        crash=crash,
    )


def _arguments(document: Document, place: Path) -> list[str]:
    folders = [
        *("--server", str(place / "server")),
        *("--python-client", str(place / "client")),
        *("--typescript-client", str(place / "typescript")),
    ]
    return [f"corpus/{document}", *_WANTED, *folders]
