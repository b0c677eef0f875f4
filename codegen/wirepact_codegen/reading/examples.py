"""Examples of messages: what a document shows of them, each judged by the schema that it belongs to.

A document of ours has none that is wrong. A stranger's wrong ones are listed, and left out of what is emitted.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wirepact_codegen.errors import Findings, Refused
from wirepact_codegen.model import Example, Json, Schema
from wirepact_codegen.source import Document, Node, Sources
from wirepact_codegen.subschemas import reached
from wirepact_codegen.terms import UNPROVEN
from wirepact_codegen.validation import Fault, Judge
from wirepact_codegen.yaml12 import read


class Examples:
    """Reads the examples of messages, and keeps those that are some."""

    def __init__(
        self, sources: Sources, findings: Findings, definitions: Mapping[str, Schema], *, lenient: bool
    ) -> None:
        self._sources = sources
        self._findings = findings
        self._definitions = definitions
        self._lenient = lenient

    def of(self, message: Node, payload: Node | None, schema: Schema) -> tuple[Example, ...]:
        """The examples that *message* has itself, and those that the schema of its *payload* has.

        Where the document has other faults that refuse it, a schema may be half of what it should be: nothing is
        judged then.
        """
        if self._findings.refuse_apart_from(UNPROVEN):
            return ()
        written = self._sources.schema(payload) if payload is not None else None
        shown = [*self._own(message), *_of_schema(written)]
        judge = self._judge(schema) if shown else None
        kept: list[Example] = []
        for each in shown:
            read_as = self._judged(each, judge) if judge is not None else each[0]
            if read_as is not None and all(_text(other.payload) != _text(read_as.value) for other in kept):
                kept.append(Example(read_as.value, each[0].place, *each[1:]))
        return tuple(kept)

    def _own(self, message: Node) -> Iterator[tuple[Node, str, str]]:
        examples = message.get("examples")
        for entry in examples.elements() if examples is not None else ():
            example = self._sources.follow(entry)
            if example is not None and (payload := example.get("payload")) is not None:
                yield self._resolved(payload), example.text("name"), example.text("summary")

    def _resolved(self, node: Node) -> Node:
        """A payload that stands elsewhere, where it stands."""
        return self._sources.follow(node) or node

    def _judge(self, schema: Schema) -> Judge | None:
        try:
            return Judge({**schema, "$defs": reached(schema, self._definitions)})
        except ValueError:
            return None

    def _judged(self, shown: tuple[Node, str, str], judge: Judge) -> Node | None:
        """The example as it is read, `None` if it is none. JSON in a string is what it says, where that is meant."""
        node = shown[0]
        faults = list(judge.faults(node))
        if faults and (parsed := _parsed(node)) is not None:
            node = parsed
            faults = [replace(each, place=shown[0].place) for each in judge.faults(node)]
        for fault in faults:
            self._tell(fault)
        return None if faults else node

    def _tell(self, fault: Fault) -> None:
        problem = f"{fault.field or 'it'} {fault.sentence}"
        if self._lenient:
            sentence = f"the example is none, and is left out: {problem}"
            self._findings.warn("WP701", fault.place, sentence, fault.suggestion)
        else:
            self._findings.add("WP701", fault.place, f"the example is none: {problem}", fault.suggestion)


def _of_schema(payload: Node | None) -> Iterator[tuple[Node, str, str]]:
    """The examples that stand with a schema: those of JSON Schema, and that of OpenAPI."""
    several = payload.get("examples") if payload is not None else None
    single = payload.get("example") if payload is not None else None
    for node in (*(several.elements() if several is not None else ()), *([single] if single else [])):
        yield node, "", ""


def _parsed(node: Node) -> Node | None:
    """What a string says as JSON; `None` if it says nothing."""
    if not isinstance(node.value, str):
        return None
    try:
        value, tree = read("example.json", node.value.encode())
    except (Refused, UnicodeEncodeError):
        return None
    return None if isinstance(value, str) else Document("example.json", value, tree).root


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
