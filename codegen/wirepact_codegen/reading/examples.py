"""Examples and defaults, judged against the schemas that they belong to."""

from collections.abc import Iterable, Mapping

from wirepact_codegen.errors import Findings
from wirepact_codegen.model import Schema
from wirepact_codegen.source import Node
from wirepact_codegen.validation import Judge


def check_examples(
    examples: Iterable[tuple[Node, Schema]], definitions: Mapping[str, Schema], findings: Findings
) -> None:
    """Every example of a message must be one."""
    for node, schema in examples:
        for fault in _judge(schema, definitions).faults(node):
            findings.add(
                "WP701",
                fault.place,
                f"the example is none: {fault.field or 'it'} {fault.sentence}",
                fault.suggestion,
            )


def check_defaults(
    defaults: Iterable[tuple[Node, Schema]], definitions: Mapping[str, Schema], findings: Findings
) -> None:
    """Every default must be a value that could have been sent."""
    for node, schema in defaults:
        for fault in _judge(schema, definitions).faults(node):
            findings.add(
                "WP702",
                fault.place,
                f"the default can't be sent: {fault.field or 'it'} {fault.sentence}",
                fault.suggestion,
            )


def _judge(schema: Schema, definitions: Mapping[str, Schema]) -> Judge:
    return Judge({"$defs": dict(definitions), **schema})
