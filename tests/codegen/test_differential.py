"""Values made for a schema, good and bad, get the same verdict from the emitted model and from an independent validator.

schemathesis makes the values. jsonschema-rs is the judge, by the schema as it stands in the document (`tests/raw.py`), so that a
mistake of the reader shows as well. What is read otherwise than draft 7 has it is listed there by rule; there are no other
exceptions. The schemas are those of `cases/` and, where there is one, of a corpus of strangers' documents: the folder that
WIREPACT_CORPUS names, or `../shared/corpus` beside the repository. DIFFERENTIAL_EXAMPLES is how many values of each kind are
made for a message.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import FailedHealthCheck, Unsatisfiable
from pydantic import ValidationError
from schemathesis.generation import GenerationMode

from tests import raw
from tests.codegen.emission import CASES, imported
from wirepact_codegen.errors import CodegenError, Findings
from wirepact_codegen.model import Message, Service
from wirepact_codegen.python_names import model_name
from wirepact_codegen.reading import read_services
from wirepact_codegen.targets.messages import messages_file
from wirepact_codegen.terms import Terms

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("DIFFERENTIAL_EXAMPLES", "2"))
CORPUS = Path(os.environ.get("WIREPACT_CORPUS", ROOT.parent / "shared" / "corpus"))

OF_ALL_KINDS = (None, True, 0, 1.5, 2**60, "", "a text", [], [None], {}, {"": 0})
"""What is tried in any case. A schema that takes all of it is taken to forbid nothing."""


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

    for said in raw.messages(document):
        message = _as_read(said, service, document)
        if message.encoding == "json":  # what is bytes or plain text on the wire has no JSON to judge
            assert list(_disagreements(said, message, models)) == []


def test_a_schema_that_nothing_satisfies_has_no_values():
    halves = [
        {
            "type": "object",
            "properties": {name: {"type": "string"}},
            "required": [name],
            "additionalProperties": False,
        }
        for name in ("base", "own")
    ]

    made = _values(json.dumps({"allOf": [{"allOf": halves}], "definitions": {}}), GenerationMode.POSITIVE)

    assert made == [*OF_ALL_KINDS]


def _as_read(said: raw.RawMessage, service: Service, document: Path) -> Message:
    """The message of *service* that stands where *said* does."""
    file = os.path.relpath(said.spot.file, document.parent.resolve())
    found = [
        each
        for each in service.messages
        if each.place.file == file and (each.place.line, each.place.column) in said.places
    ]
    assert found, f"{said.spot.pointer} was not read"
    return found[0]


def _service(document: Path) -> Service:
    findings = Findings()
    try:
        services = read_services([document.name], findings, perspective="server")
    except CodegenError as error:
        pytest.skip(f"refused: {error}")
    findings = Terms(allow_ambiguous=True).judged(findings)
    if findings.errors or not services:
        pytest.skip(
            f"refused: {next((str(each) for each in findings if each.severity == 'error'), 'nothing in it')}"
        )
    return services[0]


def _disagreements(said: raw.RawMessage, message: Message, models) -> Iterator[str]:
    try:
        judge = said.judge()
    except ValueError:
        return  # what stands there is no schema, and is read leniently with a finding
    model = getattr(models, model_name(message.type_name))
    bad = [] if all(map(judge, OF_ALL_KINDS)) else [GenerationMode.NEGATIVE]
    for value in _values(json.dumps(said.schema), GenerationMode.POSITIVE, *bad):
        allowed, taken = judge(value), _accepts(model, value)
        if allowed != taken:
            verdict = "refused, and fits" if allowed else "taken, and does not fit"
            yield f"{message.name}: {verdict}: {json.dumps(value, ensure_ascii=False)}"


@cache
def _values(schema: str, *modes: GenerationMode) -> list[object]:
    """Values that fit a schema, and values that nearly do."""
    operation = schemathesis.openapi.from_dict(_openapi(schema))["/message"]["POST"]
    found: list[object] = [*OF_ALL_KINDS]
    for mode in modes:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=[each for each in HealthCheck if each != HealthCheck.filter_too_much],
        )
        def collect(case) -> None:
            if not isinstance(case.body, bytes) and not isinstance(
                case.body, type(schemathesis.core.NOT_SET)
            ):
                found.append(case.body)

        # A schema that forbids nothing, or little, has no values that don't fit, or few; and the library may stumble over its own mutations.
        with suppress(Unsatisfiable, FailedHealthCheck, AssertionError):
            collect()
    return found


def _openapi(schema: str) -> dict[str, object]:
    """A request whose body is of *schema*; OpenAPI's schemas are of a later draft."""
    later = _later(json.loads(schema.replace("#/definitions/", "#/components/schemas/")))
    body = {"required": True, "content": {"application/json": {"schema": {"allOf": later["allOf"]}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "One message", "version": "1"},
        "paths": {
            "/message": {"post": {"requestBody": body, "responses": {"200": {"description": "Taken."}}}}
        },
        "components": {"schemas": later["definitions"]},
    }


def _later(schema: object) -> object:
    """*schema* with elements listed as OpenAPI 3.1 lists them."""
    if isinstance(schema, list):
        return [_later(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _later(value) for key, value in schema.items()}
    if isinstance(found.get("items"), list):
        found["prefixItems"] = found.pop("items")
        found["items"] = found.pop("additionalItems", True)
    return found


def _accepts(model, value: object) -> bool:
    try:
        model.model_validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True
