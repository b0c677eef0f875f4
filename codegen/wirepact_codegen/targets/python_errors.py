"""`errors.py` of a Python client: a class for each code that only this service refuses with."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from wirepact_codegen.error_codes import ERROR_CODES
from wirepact_codegen.model import ErrorShape, Json, Service
from wirepact_codegen.naming import ClassName
from wirepact_codegen.rendering import render
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header
from wirepact_codegen.telling import resolved

_TAKEN = frozenset({"Refusal", "REFUSALS"})


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A class and its code."""

    name: str
    code: str


def error_files(service: Service) -> list[File]:
    """The file, if there is something to stand in it."""
    refusals = _refusals(service)
    if not refusals:
        return []
    view = {"header": header(service.document), "title": service.title, "refusals": refusals}
    return [File(PurePosixPath(service.name, "errors.py"), render("python/client_errors.py", view))]


def _refusals(service: Service) -> list[_Refusal]:
    """Codes that are not everyone's, as classes. Where two would have one name, the code on the error has to do."""
    named = [
        _Refusal(str(ClassName(code)), code) for code in listed_codes(service) if code not in ERROR_CODES
    ]
    names = [each.name for each in named]
    return [each for each in named if names.count(each.name) == 1 and each.name not in _TAKEN]


def listed_codes(service: Service) -> tuple[str, ...]:
    """The codes that a service's error messages may have, as far as the document lists them."""
    return tuple(dict.fromkeys(code for shape in _shapes(service) for code in _codes(shape, service)))


def _shapes(service: Service) -> Iterator[ErrorShape]:
    for channel in service.channels:
        if channel.error is not None:
            yield channel.error


def _codes(shape: ErrorShape, service: Service) -> Iterator[str]:
    """What the document lists for the field with the code."""
    definitions = {each.name: each.schema for each in service.definitions}
    schema: Json = shape.message.schema
    for step in shape.code:
        properties = resolved(schema, definitions).get("properties")
        schema = properties.get(step) if isinstance(properties, dict) else None
    listed = resolved(schema, definitions).get("enum")
    yield from (each for each in listed if isinstance(each, str)) if isinstance(listed, list) else ()
