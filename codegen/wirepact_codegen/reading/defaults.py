"""Defaults, judged by the schemas that they belong to. One that could not be sent is never filled in."""

from collections.abc import Iterable, Mapping

from wirepact_codegen.errors import Findings
from wirepact_codegen.filling import Filling
from wirepact_codegen.model import Schema
from wirepact_codegen.source import Node
from wirepact_codegen.subschemas import reached, subschemas
from wirepact_codegen.validation import Judge


def check_defaults(
    defaults: Iterable[tuple[Node, Schema]],
    schemas: Iterable[Schema],
    definitions: Mapping[str, Schema],
    findings: Findings,
    *,
    lenient: bool,
) -> None:
    """Every default must be a value that could have been sent. Those that are none leave *schemas*."""
    faulty = False
    filling = Filling(definitions)
    for node, schema in defaults:
        told = [
            (each.place, f"{each.field or 'it'} {each.sentence}", each.suggestion)
            for each in _judge(schema, definitions).faults(node)
        ]
        if not told and not filling.ends(schema):
            told = [(node.place, "what it lacks would be filled in without end", "")]
        for place, problem, suggestion in told:
            faulty = True
            if lenient:
                findings.warn(
                    "WP702", place, f"the default can't be sent, and is left out: {problem}", suggestion
                )
            else:
                findings.add("WP702", place, f"the default can't be sent: {problem}", suggestion)
    if faulty:
        parts = [part for schema in schemas for part in subschemas(schema) if "default" in part]
        for part in [each for each in parts if not _can_be_filled_in(each, definitions, filling)]:
            del part["default"]


def _can_be_filled_in(part: Schema, definitions: Mapping[str, Schema], filling: Filling) -> bool:
    return _judge(part, definitions).accepts(part["default"]) and filling.ends(part)


def _judge(schema: Schema, definitions: Mapping[str, Schema]) -> Judge:
    return Judge({**schema, "$defs": reached(schema, definitions)})
