"""Defaults, judged by the schemas that they belong to. One that could not be sent is never filled in."""

from collections.abc import Iterable, Mapping

from wirepact_codegen.errors import Findings
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
    for node, schema in defaults:
        for fault in _judge(schema, definitions).faults(node):
            faulty = True
            problem = f"{fault.field or 'it'} {fault.sentence}"
            if lenient:
                sentence = f"the default can't be sent, and is left out: {problem}"
                findings.warn("WP702", fault.place, sentence, fault.suggestion)
            else:
                findings.add("WP702", fault.place, f"the default can't be sent: {problem}", fault.suggestion)
    if faulty:
        for part in (part for schema in schemas for part in subschemas(schema)):
            if "default" in part and not _judge(part, definitions).accepts(part["default"]):
                del part["default"]


def _judge(schema: Schema, definitions: Mapping[str, Schema]) -> Judge:
    return Judge({**schema, "$defs": reached(schema, definitions)})
