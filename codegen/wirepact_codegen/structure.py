"""The shape of an AsyncAPI 3 document, as far as it is read: which keys stand where, and what they hold.

The table is the truth about what is supported: a key is read, shown, or refused by name. Nothing is passed over in
silence. References are followed, so that what stands in another file is checked like the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from wirepact_codegen.errors import Findings, did_you_mean
from wirepact_codegen.source import Document, Node, Pointer, Sources
from wirepact_codegen.vocabulary import check_extensions


def check_structure(document: Document, sources: Sources, findings: Findings) -> None:
    """Whether *document*, and what it refers to, has the shape of an AsyncAPI document that can be read."""
    version = str(said.value) if (said := document.root.get("asyncapi")) is not None else ""
    if said is None:
        findings.add("WP107", document.root.place, 'is no AsyncAPI document: "asyncapi" is missing')
    elif re.fullmatch(r"3\.[01]\.[0-9]+", version) is None or not isinstance(said.value, str):
        findings.add("WP107", said.place, f"AsyncAPI {version} is not read", "write it as 3.0 or 3.1")
    else:
        DOCUMENT.check(document.root, _Walk(sources, findings, set()))
        if "x-perspective" not in document.root:
            findings.add(
                "WP108",
                said.key_place,
                "the document does not say whose view it takes",
                'add "x-perspective: server"',
            )


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk through a document, which looks at nothing twice."""

    sources: Sources
    findings: Findings
    seen: set[tuple[str, Pointer, str]]


class Kind(Protocol):
    """What may stand at a place."""

    def check(self, node: Node, walk: _Walk) -> None:
        """Note what at *node* is not of this kind."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A string, a number, a boolean."""

    type: type
    said: str

    def check(self, node: Node, walk: _Walk) -> None:
        """It must be of the type; a boolean is no number."""
        if not isinstance(node.value, self.type) or (isinstance(node.value, bool) and self.type is not bool):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be {self.said}')


TEXT = Simple(str, "a string")
FLAG = Simple(bool, "true or false")
WHOLE = Simple(int, "an integer")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few strings."""

    values: tuple[str, ...]

    def check(self, node: Node, walk: _Walk) -> None:
        """It must be one of them."""
        if node.value not in self.values:
            known = " or ".join(f'"{each}"' for each in self.values)
            suggestion = did_you_mean(str(node.value), self.values)
            walk.findings.add("WP101", node.place, f'"{node.key}" must be {known}', suggestion)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever it is, it is looked at elsewhere."""

    def check(self, node: Node, walk: _Walk) -> None:
        """Nothing is wrong with it here."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON Schema. What it says is looked at when a message reaches it; here only its references are followed."""

    def check(self, node: Node, walk: _Walk) -> None:
        """Every reference in it must lead somewhere."""
        if isinstance(node.value.get("$ref") if isinstance(node.value, dict) else None, str):
            walk.sources.follow(node)
        for key, part in node.items():
            if key not in {"const", "default", "enum", "examples"}:
                self.check(part, walk)
        for part in node.elements():
            self.check(part, walk)


@dataclass(frozen=True, slots=True)
class Refused:
    """A key that AsyncAPI knows and that is not read: an empty value says nothing and does no harm."""

    why: str = "is not supported yet"

    def check(self, node: Node, walk: _Walk) -> None:
        """It must not say anything."""
        if node.value not in ({}, [], None):
            walk.findings.add("WP105", node.key_place, f'"{node.key}" {self.why}')


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    kind: Kind

    def check(self, node: Node, walk: _Walk) -> None:
        """It must be a list, and every element of the kind."""
        if not isinstance(node.value, list):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a list')
        for element in node.elements():
            self.kind.check(element, walk)


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with names of the document's own choice."""

    kind: Kind

    def check(self, node: Node, walk: _Walk) -> None:
        """It must be a mapping, and every value of the kind."""
        if not isinstance(node.value, dict):
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a mapping')
        for value in node.values():
            self.kind.check(value, walk)


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping with keys that AsyncAPI gives a meaning."""

    name: str
    keys: Mapping[str, Kind]
    required: tuple[str, ...] = ()

    def check(self, node: Node, walk: _Walk) -> None:
        """It must have what is required, and nothing unknown."""
        if (*node.origin, self.name) in walk.seen:
            return
        walk.seen.add((*node.origin, self.name))
        if not isinstance(node.value, dict):
            walk.findings.add(
                "WP101", node.place, f'"{node.key}" must be a mapping that describes a {self.name}'
            )
            return
        for key in self.required:
            if key not in node:
                name = f' "{node.key}"' if node.key != self.name else ""
                walk.findings.add("WP103", node.key_place, f'"{key}" is missing in {self.name}{name}')
        for key, value in node.items():
            if key in self.keys:
                self.keys[key].check(value, walk)
            elif not key.startswith("x-"):
                sentence = f'"{key}" has no meaning in a {self.name}'
                walk.findings.add("WP102", value.key_place, sentence, did_you_mean(key, self.keys))
        check_extensions(node, self._where(node), walk.findings)

    def _where(self, node: Node) -> str:
        action = node.text("action")
        return (
            f"{action} operation" if self.name == "operation" and action in {"receive", "send"} else self.name
        )


@dataclass(frozen=True, slots=True)
class OrReference:
    """Something, or a reference to it."""

    kind: Kind

    def check(self, node: Node, walk: _Walk) -> None:
        """What is referred to must be of the kind."""
        if "$ref" not in node:
            self.kind.check(node, walk)
            return
        for key, value in node.items():
            if key != "$ref":
                walk.findings.add("WP106", value.key_place, f'"{key}" beside $ref has no meaning')
        target = walk.sources.follow(node)
        if target is not None:
            self.kind.check(target, walk)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference; the thing itself can't stand here."""

    kind: Kind
    said: str

    def check(self, node: Node, walk: _Walk) -> None:
        """It must be a reference to something of the kind."""
        if "$ref" not in node:
            walk.findings.add("WP101", node.place, f'"{node.key}" must be a reference to a {self.said}')
            return
        OrReference(self.kind).check(node, walk)


@dataclass(frozen=True, slots=True)
class JsonOnly:
    """A content type: JSON is the only one that is read."""

    def check(self, node: Node, walk: _Walk) -> None:
        """It must be JSON."""
        if node.value != "application/json":
            walk.findings.add("WP105", node.place, f"content of type {node.value} is not supported yet")


_DOCUMENTATION: Mapping[str, Kind] = {"tags": Refused(), "externalDocs": Refused()}

_SCHEMA = Schema()

INFO = Object(
    "info",
    {
        "title": TEXT,
        "version": TEXT,
        "description": TEXT,
        "termsOfService": Refused(),
        "contact": Refused(),
        "license": Refused(),
        **_DOCUMENTATION,
    },
    ("title", "version"),
)

SECURITY_SCHEME = Object(
    "security scheme",
    {
        "type": TEXT,
        "description": TEXT,
        "name": TEXT,
        "in": TEXT,
        "scheme": TEXT,
        "bearerFormat": TEXT,
        "flows": Refused(),
        "openIdConnectUrl": Refused(),
        "scopes": Refused(),
    },
    ("type",),
)

SERVER = Object(
    "server",
    {
        "host": TEXT,
        "protocol": TEXT,
        "protocolVersion": Refused(),
        "pathname": Refused(),
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "variables": Refused(),
        "security": ListOf(OrReference(SECURITY_SCHEME)),
        "bindings": Refused(),
        **_DOCUMENTATION,
    },
    ("host", "protocol"),
)

EXAMPLE = Object(
    "message example",
    {"name": TEXT, "summary": TEXT, "payload": Anything(), "headers": Refused()},
    ("payload",),
)

_BINDING_VERSION: Mapping[str, Kind] = {"bindingVersion": TEXT}

MESSAGE = Object(
    "message",
    {
        "payload": _SCHEMA,
        "contentType": JsonOnly(),
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "examples": ListOf(EXAMPLE),
        "bindings": OrReference(
            Object(
                "message bindings",
                {
                    "http": Object(
                        "http message binding",
                        {"statusCode": WHOLE, "headers": Refused(), **_BINDING_VERSION},
                    ),
                    "ws": Refused("must be empty"),
                },
            )
        ),
        "name": Refused("is not supported yet: a message is named after its key"),
        "headers": Refused("is not supported: frames have no headers"),
        "correlationId": Refused(),
        "traits": Refused(),
        **_DOCUMENTATION,
    },
    ("payload",),
)

PARAMETER = Object(
    "parameter",
    {
        "description": TEXT,
        "enum": ListOf(TEXT),
        "examples": ListOf(TEXT),
        "default": Refused(),
        "location": Refused(),
    },
)

CHANNEL = Object(
    "channel",
    {
        "address": TEXT,
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "servers": ListOf(Reference(SERVER, "server")),
        "parameters": MapOf(OrReference(PARAMETER)),
        "messages": MapOf(OrReference(MESSAGE)),
        "bindings": OrReference(
            Object(
                "channel bindings",
                {
                    "ws": Object(
                        "ws binding",
                        {
                            "method": Choice(("GET",)),
                            "query": Refused(),
                            "headers": Refused(),
                            **_BINDING_VERSION,
                        },
                    ),
                    "http": Refused("must be empty"),
                },
            )
        ),
        **_DOCUMENTATION,
    },
)

REPLY = Object(
    "reply",
    {
        "channel": Reference(CHANNEL, "channel"),
        "messages": ListOf(Reference(MESSAGE, "message")),
        "address": Refused("has no meaning on one connection"),
    },
    ("messages",),
)

OPERATION = Object(
    "operation",
    {
        "action": Choice(("receive", "send")),
        "channel": Reference(CHANNEL, "channel"),
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "messages": ListOf(Reference(MESSAGE, "message")),
        "reply": OrReference(REPLY),
        "bindings": OrReference(
            Object(
                "operation bindings",
                {
                    "http": Object(
                        "http operation binding",
                        {
                            "method": Choice(("GET", "POST", "PUT", "PATCH", "DELETE")),
                            "query": _SCHEMA,
                            **_BINDING_VERSION,
                        },
                        ("method",),
                    ),
                    "ws": Refused("must be empty"),
                },
            )
        ),
        "security": Refused(),
        "traits": Refused(),
        **_DOCUMENTATION,
    },
    ("action", "channel"),
)

COMPONENTS = Object(
    "components",
    {
        "schemas": MapOf(_SCHEMA),
        "messages": MapOf(OrReference(MESSAGE)),
        "channels": MapOf(OrReference(CHANNEL)),
        "operations": MapOf(OrReference(OPERATION)),
        "parameters": MapOf(OrReference(PARAMETER)),
        "replies": MapOf(OrReference(REPLY)),
        "servers": MapOf(OrReference(SERVER)),
        "securitySchemes": MapOf(OrReference(SECURITY_SCHEME)),
        "operationBindings": MapOf(Anything()),
        "messageBindings": MapOf(Anything()),
        "channelBindings": MapOf(Anything()),
        "serverBindings": Refused(),
        "serverVariables": Refused(),
        "correlationIds": Refused(),
        "replyAddresses": Refused(),
        "operationTraits": Refused(),
        "messageTraits": Refused(),
        "tags": Refused(),
        "externalDocs": Refused(),
    },
)

DOCUMENT = Object(
    "document",
    {
        "asyncapi": TEXT,
        "id": TEXT,
        "info": INFO,
        "defaultContentType": JsonOnly(),
        "servers": MapOf(OrReference(SERVER)),
        "channels": MapOf(OrReference(CHANNEL)),
        "operations": MapOf(OrReference(OPERATION)),
        "components": COMPONENTS,
    },
    ("info",),
)
