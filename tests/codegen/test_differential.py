"""Values made for a schema, good and bad, get the same verdict from the emitted model and from an independent validator.

schemathesis makes the values, jsonschema-rs is the judge. The schemas are those of `cases/` and, where there is one, of a
corpus of strangers' documents: the folder that WIREPACT_CORPUS names, or `../shared/corpus` beside the repository.
DIFFERENTIAL_EXAMPLES is how many values of each kind are made for a message.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError
from schemathesis.generation import GenerationMode

from tests.codegen.emission import CASES, imported
from wirepact_codegen.errors import CodegenError, Findings
from wirepact_codegen.model import Message, Service
from wirepact_codegen.python_names import model_name
from wirepact_codegen.reading import read_services
from wirepact_codegen.targets.messages import messages_file
from wirepact_codegen.validation import Judge

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("DIFFERENTIAL_EXAMPLES", "6"))
CORPUS = Path(os.environ.get("WIREPACT_CORPUS", ROOT.parent / "shared" / "corpus"))


def _has(found: Callable[[object], bool]) -> Callable[[object], bool]:
    """Whether *found* is true of a value or of something in it."""

    def look(value: object) -> bool:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return found(value) or any(map(look, inner))

    return look


EXCEPTIONS = {
    "An integer is not written as a float: docs/decisions/0009-strictness.md.": _has(
        lambda each: isinstance(each, float) and each.is_integer()
    ),
    "A number that no float holds is none.": _has(
        lambda each: isinstance(each, int) and not isinstance(each, bool) and abs(each) > 2**53
    ),
    "There is no year 0 in Python, and no leap second.": _has(
        lambda each: isinstance(each, str) and (each.startswith("0000-") or ":60" in each)
    ),
}
"""What the two may disagree about, as rules about the value."""


def _documents() -> list[Path]:
    strangers = [
        path
        for path in sorted(CORPUS.rglob("*"))
        if path.suffix in {".yaml", ".yml", ".json"}
        and "asyncapi" in path.read_text("utf-8", "replace")[:4000]
    ]
    return [*sorted(CASES.glob("*/spec.yaml")), *strangers]


def _name(path: Path) -> str:
    folder = CASES if path.is_relative_to(CASES) else CORPUS
    return path.relative_to(folder).as_posix()


def test_there_is_a_corpus():
    if not CORPUS.is_dir():
        pytest.skip(
            f"no corpus at {CORPUS}: only our own documents are tried; WIREPACT_CORPUS names another folder"
        )


@pytest.mark.parametrize("document", _documents(), ids=_name)
def test_the_models_and_the_validator_agree(document, monkeypatch, tmp_path):
    monkeypatch.chdir(document.parent)
    service = _service(document)
    name = f"differential_{_documents().index(document)}"
    (tmp_path / f"{name}.py").write_text(messages_file(service).text, "utf-8")
    models = imported(tmp_path, name)

    disagreements = [
        each for message in service.messages for each in _disagreements(service, message, models)
    ]

    assert disagreements == []


def _service(document: Path) -> Service:
    findings = Findings()
    try:
        services = read_services([document.name], findings, perspective="server")
    except CodegenError as error:
        pytest.skip(f"refused: {error}")
    if findings.errors or not services:
        pytest.skip(
            f"refused: {next((str(each) for each in findings if each.severity == 'error'), 'nothing in it')}"
        )
    return services[0]


def _disagreements(service: Service, message: Message, models) -> Iterator[str]:
    if not message.is_object:
        return
    judge = Judge(service.bundle() | {"$ref": f"#/$defs/{message.type_name}"})
    model = getattr(models, model_name(message.type_name))
    for value in _values(service, message):
        allowed, taken = judge.accepts(value), _accepts(model, value)
        if allowed != taken and not any(excepted(value) for excepted in EXCEPTIONS.values()):
            verdict = "refused, and fits" if allowed else "taken, and does not fit"
            yield f"{message.name}: {verdict}: {json.dumps(value, ensure_ascii=False)}"


def _values(service: Service, message: Message) -> list[object]:
    """Values that fit the schema of a message, and values that nearly do."""
    operation = schemathesis.openapi.from_dict(_openapi(service, message))["/message"]["POST"]
    found: list[object] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=[*HealthCheck],
        )
        def collect(case) -> None:
            if not isinstance(case.body, bytes) and not isinstance(
                case.body, type(schemathesis.core.NOT_SET)
            ):
                found.append(case.body)

        collect()
    return found


def _openapi(service: Service, message: Message) -> dict[str, object]:
    schemas = json.dumps(service.bundle()["$defs"]).replace("#/$defs/", "#/components/schemas/")
    reference = {"$ref": f"#/components/schemas/{message.type_name}"}
    body = {"required": True, "content": {"application/json": {"schema": reference}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "One message", "version": "1"},
        "paths": {
            "/message": {"post": {"requestBody": body, "responses": {"200": {"description": "Taken."}}}}
        },
        "components": {"schemas": json.loads(schemas)},
    }


def _accepts(model, value: object) -> bool:
    try:
        model.model_validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True
