"""Documents turned into packages that can be imported, for tests of what is emitted."""

import importlib
import json
import sys
from pathlib import Path

from wirepact_codegen.generating import generation
from wirepact_codegen.project import TARGETS, Project
from wirepact_codegen.terms import Terms
from wirepact_codegen.writing import write

CASES = Path(__file__).parent / "cases"
_TERMS = Terms("server")


def emitted(folder: Path) -> dict[str, str]:
    """What the `spec.yaml` of the current folder gives, by target and path. *folder* decides about the format."""
    folders = {name: folder / name for name in TARGETS}
    outcome = generation(["spec.yaml"], folders, Project(), _TERMS)
    return {str(each.path.relative_to(folder)): each.after for each in outcome.changes}


def package(spec: str, into: Path, name: str) -> Path:
    """The server's package of *spec*, written as the package *name*, which Python can import then."""
    outcome = generation([spec], {"server": into / name}, Project(), _TERMS)
    write(outcome.changes)
    return into / name


def imported(into: Path, module: str):
    """*module*, of a package that was written below *into*."""
    if str(into) not in sys.path:
        sys.path.insert(0, str(into))
    importlib.invalidate_caches()
    return importlib.import_module(module)


def round_trip(model, payload):
    """*payload* as *model* reads and writes it."""
    return json.loads(model.model_validate_json(json.dumps(payload)).model_dump_json())
