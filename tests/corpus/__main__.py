"""Puts every document of a folder to the generator, and its output to everything that may object.

    python -m tests.corpus FOLDER [--only PART] [--broken] [--keep DIR]

Prints a row a document and a line of totals. Exits 1 if the generator crashes or a promise is broken: a document that
the official parser accepts is generated; what is generated imports, passes ruff, mypy and tsc, and takes its own examples.
Exits 2 if it can't start.
"""

# ruff: noqa: T201 - a report is printed

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.corpus import compilers
from tests.corpus.documents import Document, NoCorpus, documents
from tests.corpus.generating import Attempt, attempts
from tests.corpus.oracle import NoOracle, verdicts
from tests.corpus.report import Row, reasons, table, totals


def main() -> int:
    """The whole report."""
    options = _options()
    try:
        found = documents(options.folder, options.only)
        with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
            place = Path(options.keep or scratch).resolve()
            rows = _rows(found, place, options.workers)
    except (NoCorpus, NoOracle, compilers.CompilerFailed) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(table(rows)))
    print("", *reasons(rows), "", totals(rows), sep="\n")
    broken = [f"{row.document} {each}" for row in rows for each in row.broken()]
    if options.broken:
        print("", *broken, sep="\n")
    return 1 if broken else 0


def _rows(found: Sequence[Document], place: Path, workers: int) -> list[Row]:
    out = _fresh(place / "out")
    _fresh(place / "work")
    shutil.copy(compilers.ROOT / "pyproject.toml", out)
    tried = dict(attempts(found, out, workers))
    made_of = {each.package: str((each.folder / each.path).resolve()) for each in found}
    (out / "documents.json").write_text(json.dumps(made_of), "utf-8")
    said = verdicts(found)
    probes = _probes(out)
    made = [each.package for each in found if tried[each].generated]
    importable = [each for each in made if not probes[each]["import_faults"]]
    complaints = {"ruff": compilers.ruff(out, made), "mypy": compilers.mypy(out, importable)}
    for each in made:
        compilers.write_examples(out / each, probes[each]["valid"])
    for name, compiler in compilers.typescript_compilers().items():
        complaints[name] = compilers.tsc(compiler, out, made)
    return [_row(each, tried[each], said[each], probes, complaints) for each in found]


def _row(
    document: Document,
    attempt: Attempt,
    verdict: Any,
    probes: Mapping[str, Any],
    complaints: Mapping[str, compilers.Complaints],
) -> Row:
    seen = probes[document.package]
    return Row(
        document,
        attempt,
        verdict,
        imports=seen["import_faults"],
        complaints={tool: by_package.get(document.package, ()) for tool, by_package in complaints.items()},
        examples=seen["examples"],
        kept=seen["kept"],
        unread=seen["unread"],
        example_faults=seen["example_faults"],
    )


def _probes(out: Path) -> Mapping[str, Any]:
    result = subprocess.run(
        [sys.executable, "-m", "tests.corpus.probe", str(out)],
        cwd=compilers.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Mapping[str, Any] = json.loads(result.stdout)
    return found


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.corpus", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument("folder", type=Path, help="where the documents are")
    parser.add_argument("--only", default="", metavar="PART", help="only documents with PART in their path")
    parser.add_argument("--broken", action="store_true", help="list every promise that is broken")
    parser.add_argument("--keep", metavar="DIR", help="leave what was generated in DIR")
    parser.add_argument("--workers", type=int, default=2, help="how many documents at a time (default: 2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
