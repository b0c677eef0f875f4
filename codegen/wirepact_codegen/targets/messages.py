"""`messages.py`: the models, made by datamodel-code-generator from one JSON Schema bundle of ours a service.

The bundle's names are the classes' names, so that nothing is left for the library to invent.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from wirepact_codegen.cache import kept
from wirepact_codegen.field_names import field_names
from wirepact_codegen.model import Json, Schema, Service
from wirepact_codegen.patterns import for_pydantic
from wirepact_codegen.python_names import model_name
from wirepact_codegen.rendering import render
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.projection import Projection, is_class
from wirepact_codegen.targets.python import header
from wirepact_codegen.targets.touching_up import touched_up
from wirepact_codegen.targets.value_messages import with_value_messages

_REFERENCE = "#/$defs/"

_FORMATS = {
    "date": "wirepact.formats.Date",
    "date-time": "wirepact.formats.DateTime",
    "date-time-local": "wirepact.formats.LocalDateTime",
    "duration": "wirepact.formats.Duration",
    "email": "wirepact.formats.Email",
    "hostname": "wirepact.formats.Hostname",
    "ipv4": "wirepact.formats.IPv4",
    "ipv6": "wirepact.formats.IPv6",
    "time": "wirepact.formats.Time",
    "uri": "wirepact.formats.Uri",
    "uri-reference": "wirepact.formats.UriReference",
    "uuid": "wirepact.formats.Uuid",
}
"""Formats of which pydantic's own types read more than they should, or make something else than what was sent."""

_FORMAT = "__of_format"
"""What the types of formats are marked with, so that they are told from the classes of the document."""

_CLASS = re.compile(r"^class (\w+)\(Message\):$", re.MULTILINE)
_IMPORT = re.compile(r"^from wirepact\.messages import Message$", re.MULTILINE)
_BASES = ("BinaryMessage", "Constrained", "ConstrainedValue", "FileMessage", "Message", "ValueMessage")
_DEFINED = re.compile(r"^(?:class )?(\w+)(?: =|\(|:)", re.MULTILINE)


def messages_file(service: Service) -> File:
    """The models of a service, the same for its server and its Python client."""
    schemas = _schemas(service)
    messages = {each.type_name: each.encoding for each in service.messages}
    projection = Projection({each.name: each.schema for each in service.definitions})
    bundle = service.bundle() | {
        "$defs": {model_name(name): _for_python(projection.model(name, schema)) for name, schema in schemas},
        "rests": {
            model_name(name): projection.rest(schema)
            for name, schema in schemas
            if is_class(schema) or name in messages
        },
        "messages": {model_name(name): encoding for name, encoding in messages.items()},
        "fields": dict(_fields(schemas)),
    }
    view = {
        "header": header(service.document),
        "title": service.title,
        "models": kept(f"{service.name}.models", json.dumps(bundle, ensure_ascii=False), _models),
    }
    return File(PurePosixPath(service.name, "messages.py"), render("python/messages.py", view))


def _schemas(service: Service) -> list[tuple[str, Schema]]:
    named = [(each.name, each.schema) for each in service.definitions]
    return [*named, *((each.type_name, each.schema) for each in service.messages)]


def _fields(schemas: list[tuple[str, Schema]]) -> Iterator[tuple[str, str]]:
    """The fields that are not called as their properties are on the wire, by the class and that name."""
    classes = [model_name(name) for name, _ in schemas]
    for name, schema in schemas:
        properties = schema.get("properties")
        if isinstance(properties, dict):
            for wire, field in field_names(properties, classes).items():
                if field != wire:
                    yield f"{model_name(name)}.{wire}", field


def _for_python(schema: Json) -> Json:
    """*schema* with references to the names of the classes, and formats with the types that stand for them."""
    if isinstance(schema, list):
        return [_for_python(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    renamed = {key: _for_python(value) for key, value in schema.items()}
    if isinstance(reference := schema.get("$ref"), str) and reference.startswith(_REFERENCE):
        renamed["$ref"] = _REFERENCE + model_name(reference.removeprefix(_REFERENCE))
    if isinstance(form := schema.get("format"), str) and form in _FORMATS:
        renamed["customTypePath"] = _FORMATS[form] + _FORMAT
    if isinstance(pattern := schema.get("pattern"), str):
        renamed["pattern"] = for_pydantic(pattern)
    return renamed


@lru_cache(maxsize=1)
def _models(bundle: str) -> str:
    """The models of *bundle*, each with the rest that it must carry. The server and the client ask for the same."""
    schemas = json.loads(bundle)
    rests = {name: rest for name, rest in schemas.pop("rests").items() if rest}
    messages, fields = schemas.pop("messages"), schemas.pop("fields")
    if not schemas["$defs"]:
        return ""
    text = touched_up(_generated(json.dumps(schemas, ensure_ascii=False), fields))
    return _with_bases(with_value_messages(text, messages, rests), rests)


def _with_bases(text: str, rests: Mapping[str, Schema]) -> str:
    """*text* with the bases that its classes need, and their imports."""
    text = _CLASS.sub(lambda found: _head(found[1], rests), text)
    bases = ", ".join(each for each in _BASES if f"({each}" in text)
    return _IMPORT.sub(f"from wirepact.messages import {bases}", text)


def _head(name: str, rests: Mapping[str, Schema]) -> str:
    """The head of a class with fields."""
    return f"class {name}(Constrained, rest={rests[name]!r}):" if name in rests else f"class {name}(Message):"


def _generated(bundle: str, fields: Mapping[str, str]) -> str:
    from datamodel_code_generator import generate  # noqa: PLC0415 - slow to import
    from datamodel_code_generator.enums import (  # noqa: PLC0415 - as above
        DataModelType,
        InputFileType,
        NamingStrategy,
        TargetPydanticVersion,
    )
    from datamodel_code_generator.parser import LiteralType  # noqa: PLC0415 - as above

    text = generate(
        bundle,
        input_file_type=InputFileType.JsonSchema,
        input_filename="bundle",
        output_model_type=DataModelType.PydanticV2BaseModel,
        preset="standard-py311-20261027",
        target_pydantic_version=TargetPydanticVersion.V2_14,
        base_class="wirepact.messages.Message",
        custom_file_header="#",
        use_type_alias=True,
        collapse_root_models=False,
        skip_root_model=True,
        use_missing_sentinel=True,
        enum_field_as_literal=LiteralType.All,
        use_one_literal_as_default=True,
        naming_strategy=NamingStrategy.FullPath,
        treat_dot_as_module=False,
        use_schema_description=True,
        use_field_description=True,
        use_single_line_docstring=True,
        use_frozen_field=False,
        snake_case_field=False,  # the fields have their names from us
        aliases=fields,
        allow_population_by_field_name=False,  # the base class says it once
        strict_refs=True,
        allow_remote_refs=False,
    )
    if not isinstance(text, str):
        raise TypeError("datamodel-code-generator gave no single module")
    _check_names(bundle, text)
    return _with_formats(text.removeprefix("#").lstrip("\n"))


def _with_formats(text: str) -> str:
    """*text* with the types of formats under their own names, or beside those of classes that have them too."""
    for name in sorted({*re.findall(rf"\b(\w+){_FORMAT}\b", text)}):
        marked = re.compile(rf"\b{name}{_FORMAT}\b")
        if name in _DEFINED.findall(text):
            text = marked.sub(f"{name}_", marked.sub(f"{name} as {name}_", text, count=1))
        else:
            text = marked.sub(name, text)
    return text


def _check_names(bundle: str, text: str) -> None:
    """Every class must have the name that everything else refers to it by."""
    missing = json.loads(bundle)["$defs"].keys() - set(_DEFINED.findall(text))
    if missing:
        raise ValueError(f"datamodel-code-generator renamed {', '.join(sorted(missing))}")
