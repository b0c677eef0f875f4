"""Imports everything that was generated, and sends every example through its model. A process of its own:

    python -m tests.corpus.probe FOLDER

prints, as JSON, what was seen of each package in FOLDER. `documents.json` in FOLDER says which document each was made of.

Examples are those of the document, and the judge is the schema as it stands there (`tests/raw.py`): nothing of it went through the
generator. What is valid is kept if it decodes, encodes to equal JSON and, which a compiler judges, has the type that TypeScript
gives the message; what is invalid is kept if it is refused.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from tests import raw
from wirepact_codegen.errors import Findings
from wirepact_codegen.python_names import model_name
from wirepact_codegen.reading import read_services


@dataclass(slots=True)
class Probe:
    """What was seen of one package. `kept` are the examples that came back as they went in, or were rightly refused.

    `valid` has, by the name of a message's type, the examples that fit their schema. `unread` is why the document could not be
    read a second time, apart from the generator: then nothing is known of its examples.
    """

    examples: int = 0
    kept: int = 0
    import_faults: list[str] = field(default_factory=list)
    example_faults: list[str] = field(default_factory=list)
    valid: dict[str, list[Any]] = field(default_factory=dict)
    unread: str = ""


def probe(package: Path, document: Path) -> Probe:
    """*package*, imported and fed with the examples of *document*."""
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
    for name, module in modules.items():
        if name.startswith(f"{package.name}.server.") and name.endswith(".messages"):
            _feed(module, document, seen)
    return seen


def _module_names(package: Path) -> Iterator[str]:
    for file in sorted(package.rglob("*.py")):
        steps = file.relative_to(package.parent).with_suffix("").parts
        yield ".".join(steps[:-1] if steps[-1] == "__init__" else steps)


def _feed(models: Any, document: Path, seen: Probe) -> None:
    read = {
        (each.place.file, each.place.line, each.place.column): each
        for service in read_services([str(document)], Findings(), "server")
        for each in service.messages
    }
    try:
        stands = [each for each in raw.messages(document) if each.examples]
    except (raw.NotFound, yaml.YAMLError, ValueError, RecursionError) as error:
        seen.unread = f"{type(error).__name__}: {error}".splitlines()[0]
        return
    for message in stands:
        keys = [(str(message.spot.file), *place) for place in message.places]
        found = next((read[key] for key in keys if key in read), None)
        if found is None or found.encoding != "binary":  # bytes have no examples in JSON
            type_name = "" if found is None else found.type_name
            _feed_with(message, type_name, getattr(models, model_name(type_name or "Missing"), None), seen)


def _feed_with(message: raw.RawMessage, type_name: str, model: Any, seen: Probe) -> None:
    try:
        fits = message.judge()
    except ValueError:  # what stands there is no schema; nobody can say what is valid
        return
    for number, example in enumerate(message.examples):
        seen.examples += 1
        valid = fits(example)
        if valid:
            seen.valid.setdefault(type_name, []).append(example)
        fault = _fault(model, example, valid=valid)
        if fault:
            seen.example_faults.append(f"{message.spot.pointer[-1]}[{number}]: {fault}")
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
    made_of = json.loads((folder / "documents.json").read_text("utf-8"))
    json.dump(
        {name: asdict(probe(folder / name, Path(document))) for name, document in made_of.items()}, sys.stdout
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
