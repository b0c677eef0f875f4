"""The shape of an AsyncAPI 3 document, as far as it is read: which keys stand where, and what they hold.

The table is the truth about what is supported: a key is read, shown, or refused by name. Nothing is passed over in
silence. References are followed, so that what stands in another file is checked like the rest.
"""

import re
from collections.abc import Mapping

from wirepact_codegen.errors import Findings
from wirepact_codegen.lifting import is_version_2
from wirepact_codegen.shapes import (
    TEXT,
    WHOLE,
    Anything,
    Bindings,
    Choice,
    ContentType,
    Kind,
    ListOf,
    MapOf,
    Noted,
    Object,
    OnlyIn2,
    OrNull,
    OrReference,
    Preferred,
    Reference,
    Schema,
    Shown,
    Traits,
    Unenforced,
    Walk,
)
from wirepact_codegen.source import Document, Sources
from wirepact_codegen.terms import Perspective


def check_structure(
    document: Document, sources: Sources, findings: Findings, perspective: Perspective | None
) -> None:
    """Whether *document*, and what it refers to, has the shape of an AsyncAPI document that can be read."""
    version = str(said.value) if (said := document.root.get("asyncapi")) is not None else ""
    if said is None:
        findings.add("WP107", document.root.place, 'is no AsyncAPI document: "asyncapi" is missing')
    elif not isinstance(said.value, str):
        findings.add("WP107", said.place, f"AsyncAPI {version} is not read", "write the version in quotes")
    elif not is_version_2(version) and re.fullmatch(r"3\.[01]\.[0-9]+", version) is None:
        findings.add("WP107", said.place, f"AsyncAPI {version} is not read", "write it as 3.0 or 3.1")
    else:
        if is_version_2(version):
            findings.inform(
                "WP107",
                said.place,
                f"AsyncAPI {version} is read as 3.0: publish as receive, subscribe as send",
            )
        is_ours = "x-perspective" in document.root
        walk = Walk(
            sources,
            findings,
            set(),
            is_clients_view=perspective == "client",
            is_ours=is_ours,
            is_version_2=is_version_2(version),
        )
        DOCUMENT.check(document.root, walk)
        if perspective is None and not is_ours:
            findings.add(
                "WP108",
                said.key_place,
                "the document does not say whose view it takes",
                'add "x-perspective: server" or "client", or give --perspective',
            )


_DOCUMENTATION: Mapping[str, Kind] = {"tags": Shown(), "externalDocs": Shown()}

_SHOWN: Mapping[str, Kind] = {key: Shown(in_reference=True) for key in _DOCUMENTATION}

_SCHEMA = Schema()

INFO = Object(
    "info",
    {
        "title": TEXT,
        "version": TEXT,
        "description": TEXT,
        "termsOfService": Shown(),
        "contact": Shown(),
        "license": Shown(),
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
        "flows": Shown(),
        "openIdConnectUrl": Shown(),
        "scopes": Shown(),
    },
    ("type",),
)

SERVER_VARIABLE = Object(
    "server variable",
    {"enum": ListOf(TEXT), "default": TEXT, "description": TEXT, "examples": ListOf(TEXT)},
)

SERVER = Object(
    "server",
    {
        "host": TEXT,
        "protocol": TEXT,
        "protocolVersion": Unenforced(),
        "pathname": TEXT,
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "variables": MapOf(OrReference(SERVER_VARIABLE)),
        "security": ListOf(OrReference(SECURITY_SCHEME)),
        "bindings": OrReference(
            Bindings(
                "server bindings",
                {"ws": Unenforced("has no meaning here"), "http": Unenforced("has no meaning here")},
            )
        ),
        **_DOCUMENTATION,
    },
    ("host", "protocol"),
)

_NO_HEADERS = "headers of messages are shown in the reference; frames have none"
_NO_EXAMPLES = "headers of examples are left out; frames have none"

EXAMPLE = Object(
    "message example",
    {"name": TEXT, "summary": TEXT, "payload": Anything(), "headers": Noted(_NO_EXAMPLES)},
)

_BINDING_VERSION: Mapping[str, Kind] = {"bindingVersion": TEXT}

CORRELATION_ID = Object("correlation id", {"location": TEXT, "description": TEXT}, ("location",))

MESSAGE = Object(
    "message",
    {
        "payload": _SCHEMA,
        "contentType": ContentType(),
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "examples": ListOf(OrReference(EXAMPLE)),
        "bindings": OrReference(
            Bindings(
                "message bindings",
                {
                    "http": Object(
                        "http message binding",
                        {"statusCode": WHOLE, "headers": Unenforced(), **_BINDING_VERSION},
                    ),
                    "ws": Unenforced("has no meaning here"),
                },
            )
        ),
        "name": TEXT,
        "headers": Noted(_NO_HEADERS),
        "correlationId": OrReference(CORRELATION_ID),
        "traits": Traits(),
        "messageId": OnlyIn2("is the key of a message now"),
        "schemaFormat": OnlyIn2("stands in the payload now, and is read as if it did"),
        **_SHOWN,
    },
)

PARAMETER = Object(
    "parameter",
    {
        "description": TEXT,
        "enum": ListOf(TEXT),
        "examples": ListOf(TEXT),
        "default": TEXT,
        "location": Unenforced("is not enforced: a value of an address comes from the address"),
        "schema": _SCHEMA,
    },
)

CHANNEL = Object(
    "channel",
    {
        "address": OrNull(TEXT),
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "servers": ListOf(Reference(SERVER, "server")),
        "parameters": MapOf(OrReference(PARAMETER)),
        "messages": MapOf(OrReference(MESSAGE)),
        "bindings": OrReference(
            Bindings(
                "channel bindings",
                {
                    "ws": Object(
                        "ws binding",
                        {
                            "method": Preferred("GET"),
                            "query": _SCHEMA,
                            "headers": _SCHEMA,
                            **_BINDING_VERSION,
                        },
                    ),
                    "http": Unenforced("has no meaning here"),
                },
            )
        ),
        **_SHOWN,
    },
)

_NO_ADDRESSES = (
    "addresses of replies are shown in the reference; an answer goes back where the question came from"
)

REPLY = Object(
    "reply",
    {
        "channel": Reference(CHANNEL, "channel"),
        "messages": ListOf(Reference(MESSAGE, "message")),
        "address": Noted(_NO_ADDRESSES),
    },
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
            Bindings(
                "operation bindings",
                {
                    "http": Object(
                        "http operation binding",
                        {
                            "method": TEXT,
                            "query": _SCHEMA,
                            **_BINDING_VERSION,
                        },
                    ),
                    "ws": Unenforced("has no meaning here"),
                },
            )
        ),
        "security": ListOf(OrReference(SECURITY_SCHEME)),
        "traits": Traits(),
        **_SHOWN,
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
        "serverBindings": Anything(),
        "serverVariables": MapOf(OrReference(SERVER_VARIABLE)),
        "correlationIds": MapOf(OrReference(CORRELATION_ID)),
        "replyAddresses": Anything(),
        "operationTraits": Anything(),
        "messageTraits": Anything(),
        "tags": Anything(),
        "externalDocs": Anything(),
    },
)

DOCUMENT = Object(
    "document",
    {
        "asyncapi": TEXT,
        "id": TEXT,
        "info": INFO,
        "defaultContentType": ContentType(),
        "servers": MapOf(OrReference(SERVER)),
        "channels": MapOf(OrReference(CHANNEL)),
        "operations": MapOf(OrReference(OPERATION)),
        "components": COMPONENTS,
    },
    ("info",),
)
