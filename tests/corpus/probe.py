"""Imports everything that was generated, and sends every example through its model. A process of its own:

    python -m tests.corpus.probe FOLDER

prints, as JSON, what went wrong with each package in FOLDER, and how many examples there were.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jsonschema_rs
from pydantic import ValidationError

from wirepact_codegen.python_names import model_name
from wirepact_codegen.validation import is_local_date_time


@dataclass(slots=True)
class Probe:
    """What was seen of one package. `kept` are the examples that came back as they went in, or were rightly refused."""

    examples: int = 0
    kept: int = 0
    import_faults: list[str] = field(default_factory=list)
    example_faults: list[str] = field(default_factory=list)


def probe(package: Path) -> Probe:
    """*package*, imported and fed."""
    seen = Probe()
    modules: dict[str, Any] = {}
    for name in _module_names(package):
        if not all(map(str.isidentifier, name.split("."))):
            seen.import_faults.append(f"{name}: no name that an import statement can take")
            continue
        try:
            modules[name] = importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - whatever the emitted code does, it is a row of the report
            seen.import_faults.append(f"{name}: {type(error).__name__}: {error}".splitlines()[0])
    for file in sorted(package.rglob("schemas/*.json")):
        messages = modules.get(".".join((*file.relative_to(package.parent).parts[:-2], "messages")))
        if messages is not None:
            _feed(messages, json.loads(file.read_text("utf-8")), seen)
    return seen


def _module_names(package: Path) -> Iterator[str]:
    for file in sorted(package.rglob("*.py")):
        steps = file.relative_to(package.parent).with_suffix("").parts
        yield ".".join(steps[:-1] if steps[-1] == "__init__" else steps)


def _feed(messages: Any, schema: dict[str, Any], seen: Probe) -> None:
    name = model_name(schema["title"])
    try:
        validator = jsonschema_rs.validator_for(
            schema, validate_formats=True, formats={"date-time-local": is_local_date_time}
        )
    except ValueError as error:
        seen.example_faults.append(f"{name}: its JSON Schema is none: {str(error).splitlines()[0]}")
        return
    for number, example in enumerate(schema.get("examples", ())):
        seen.examples += 1
        fault = _fault(getattr(messages, name, None), example, valid=validator.is_valid(example))
        if fault:
            seen.example_faults.append(f"{name}[{number}]: {fault}")
        else:
            seen.kept += 1


def _fault(model: Any, example: object, *, valid: bool) -> str:
    """What is wrong with what *model* makes of *example*; empty if nothing is."""
    if model is None:
        return "there is no such model"
    try:
        again = json.loads(model.model_validate_json(json.dumps(example)).model_dump_json())
    except ValidationError as error:
        return f"is refused: {error.errors()[0]['loc']} {error.errors()[0]['msg']}" if valid else ""
    except Exception as error:  # noqa: BLE001 - a row of the report
        return f"{type(error).__name__}: {error}"
    if not valid:
        return "is taken, and does not fit the schema"
    return "" if again == example else f"comes back as {json.dumps(again, ensure_ascii=False)[:200]}"


def main(folder: Path) -> None:
    """The probes of all packages in *folder*, by name."""
    sys.path.insert(0, str(folder))
    packages = sorted(path for path in folder.iterdir() if path.is_dir() and path.name.startswith("d_"))
    json.dump({each.name: asdict(probe(each)) for each in packages}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
