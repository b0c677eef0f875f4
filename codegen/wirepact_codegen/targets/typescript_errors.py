"""What a service refuses with, as TypeScript: a class for each code, and where an error message has its code and its text."""

from collections.abc import Mapping
from dataclasses import dataclass

from wirepact_codegen.model import ErrorShape, Schema, Service
from wirepact_codegen.naming import ClassName
from wirepact_codegen.targets.python_errors import listed_codes
from wirepact_codegen.targets.typescript_constants import content_of
from wirepact_codegen.targets.typescript_text import Data, Names, block, class_head, comment
from wirepact_codegen.targets.typescript_types import key, quoted


@dataclass(frozen=True, slots=True)
class RefusalView:
    """The class for a code."""

    comment: str
    head: str
    code: str


@dataclass(frozen=True, slots=True)
class RefusalsView:
    """All of them, and the constant that finds them by their codes."""

    name: str
    table: str
    classes: tuple[RefusalView, ...]


def refusal_views(service: Service, types: Names, constants: Names) -> RefusalsView:
    """The classes of a service, with names that are free in the module."""
    names = {code: types.free(str(ClassName(code))) for code in listed_codes(service)}
    classes = tuple(_class(code, name) for code, name in names.items())
    table = block("{", [f"{key(code)}: {name}" for code, name in names.items()], "}", 0)
    return RefusalsView(constants.free("REFUSALS"), table, classes)


def _class(code: str, name: str) -> RefusalView:
    about = comment(0, f"The server refuses something with `{code}`.")
    return RefusalView(about, class_head(name, "wirepact.RefusedError", empty=False), quoted(code))


def error_data(shape: ErrorShape, definitions: Mapping[str, Schema]) -> Data:
    """The descriptor of an error message."""
    said: dict[str, Data] = {
        "name": shape.message.name,
        "content": content_of(shape.message, definitions),
        "code": shape.code,
        "text": shape.text,
    }
    return said | ({"texts": dict(shape.texts)} if shape.texts else {})
