"""What is well formed and still goes wrong on a WebSocket: warnings, beside what the reading itself finds.

Looks at the document as it is written, with its references followed.
"""

import json
import re
from collections.abc import Iterator

from wirepact_codegen.errors import Findings, did_you_mean
from wirepact_codegen.source import Document, Node, Sources

_SOCKETS = frozenset({"ws", "wss"})


def check_sockets(document: Document, sources: Sources, findings: Findings) -> None:
    """Warn of what clients of *document* would stumble over. Its shape must be right."""
    _Lint(document.root, sources, findings).check()


class _Lint:
    """One walk through the servers and channels of a document."""

    def __init__(self, root: Node, sources: Sources, findings: Findings) -> None:
        self._root = root
        self._sources = sources
        self._findings = findings

    def check(self) -> None:
        servers = [each for each in self._entries(self._root, "servers") if each.text("protocol") in _SOCKETS]
        for server in servers:
            self._check_credentials(server)
        for channel in self._entries(self._root, "channels"):
            for server in servers:
                self._check_slashes(server, channel)
            for message in self._entries(channel, "messages"):
                self._check_message(message)
        components = self._root.get("components")
        for schema in self._entries(components, "schemas") if components is not None else ():
            self._check_heir(schema)

    def _check_slashes(self, server: Node, channel: Node) -> None:
        """A path and an address are joined to the letter, so that one slash must stand between them."""
        path, address = _path(server), channel.get("address")
        if address is None or not isinstance(address.value, str) or not path:
            return
        slashes = path.endswith("/") + address.value.startswith("/")
        if slashes != 1:
            what = "two slashes" if slashes else "no slash"
            sentence = (
                f'{what} between the path "{path}" of server "{server.key}" and the address "{address.value}"'
            )
            better = f'path as "{path.rstrip("/")}"' if slashes else f'address as "/{address.value}"'
            self._findings.warn("WP801", address.place, sentence, f"write the {better}")

    def _check_credentials(self, server: Node) -> None:
        """A browser sends no headers of its own with a handshake: one credential must be of another kind."""
        security = server.get("security")
        schemes = [self._sources.follow(each) for each in security.elements()] if security is not None else []
        if schemes and all(each is not None and _in_a_header(each) for each in schemes):
            names = " and ".join(f'"{_name(each)}"' for each in schemes if each is not None)
            sentence = f'no browser can send {names} of server "{server.key}": handshakes of pages have no headers of their own'
            place = security.key_place if security is not None else server.place
            self._findings.warn("WP802", place, sentence, "offer a query parameter or a cookie beside it")

    def _check_message(self, message: Node) -> None:
        payload = message.get("payload")
        schema = self._sources.schema(payload) if payload is not None else None
        self._check_location(message)
        if schema is None or "properties" not in schema:
            return
        discriminator = schema.get("discriminator")
        if discriminator is not None and isinstance(discriminator.value, str):
            self._check_discriminator(schema, discriminator)
        correlation = message.get("correlationId")
        target = self._sources.follow(correlation) if correlation is not None else None
        location = target.get("location") if target is not None else None
        if location is not None:
            self._check_correlation(message, schema, location)

    def _check_location(self, message: Node) -> None:
        """A correlation id stands in the payload: a frame has no headers."""
        correlation = message.get("correlationId")
        target = self._sources.follow(correlation) if correlation is not None else None
        location = target.get("location") if target is not None else None
        if location is None or str(location.value).startswith("$message.payload#/"):
            return
        suggestion = 'write it like "$message.payload#/id"'
        if str(location.value).startswith("$message.header#"):
            sentence = f'the correlation id of message "{message.key}" is in a header, and frames have none'
        else:
            sentence = f'"{location.value}" is no place in a message'
        self._findings.warn("WP804", location.place, sentence, suggestion)

    def _check_discriminator(self, schema: Node, discriminator: Node) -> None:
        name = str(discriminator.value)
        if name not in _required(schema):
            known = [key for key, _ in schema.at(("properties",)).items()]
            sentence = f'the discriminator "{name}" is no required property'
            self._findings.warn("WP803", discriminator.place, sentence, did_you_mean(name, known))

    def _check_heir(self, schema: Node) -> None:
        """What extends a schema with a discriminator is named by it: its constant there is its own name."""
        branches = schema.get("allOf")
        parts = [schema, *filter(None, map(self._sources.follow, _elements(branches)))]
        for part in parts[1:]:
            discriminator = part.text("discriminator")
            if discriminator and part.origin != schema.origin:
                for constant in filter(None, (_constant(each, discriminator) for each in parts)):
                    self._check_constant(schema, part, constant)

    def _check_constant(self, schema: Node, base: Node, constant: Node) -> None:
        if constant.value != schema.key:
            sentence = (
                f'the discriminator of "{base.key}" wants "{schema.key}" here, the name of the schema, '
                f"and the constant is {json.dumps(constant.value, ensure_ascii=False)}"
            )
            self._findings.warn("WP806", constant.place, sentence, "the constant is what is enforced")

    def _check_correlation(self, message: Node, schema: Node, location: Node) -> None:
        """Each step of the pointer must be a required property, as far as properties are told."""
        source, _, pointer = str(location.value).partition("#/")
        if source != "$message.payload":
            return
        node: Node | None = schema
        for step in (each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")):
            if node is None or "properties" not in node:
                return
            if step not in _required(node):
                known = [key for key, _ in node.at(("properties",)).items()]
                sentence = f'the correlation id of message "{message.key}" is at "{step}", which is no required property'
                self._findings.warn("WP804", location.place, sentence, did_you_mean(step, known))
                return
            below = node.at(("properties",)).get(step)
            node = self._sources.follow(below) if below is not None else None

    def _entries(self, node: Node, key: str) -> Iterator[Node]:
        found = node.get(key)
        for entry in found.values() if found is not None else ():
            if (target := self._sources.follow(entry)) is not None:
                yield target


def _path(server: Node) -> str:
    """What stands in front of addresses: the path in the host, which may be a whole URL, and the pathname."""
    _, slash, path = re.split(r"[?#]", server.text("host"))[0].rpartition("://")[2].partition("/")
    return f"{slash}{path}{server.text('pathname')}"


def _elements(node: Node | None) -> Iterator[Node]:
    return node.elements() if node is not None else iter(())


def _constant(schema: Node, name: str) -> Node | None:
    """The one value that a property may have, if there is but one."""
    properties = schema.get("properties")
    part = properties.get(name) if properties is not None else None
    if part is None:
        return None
    values = [*_elements(part.get("enum"))]
    return part.get("const") or (values[0] if len(values) == 1 else None)


def _required(schema: Node) -> list[object]:
    required = schema.get("required")
    return [each.value for each in required.elements()] if required is not None else []


def _name(scheme: Node) -> str:
    """What a security scheme is called; one that stands where it is used is called after its type."""
    return scheme.text("type") if scheme.key.isdecimal() else scheme.key


def _in_a_header(scheme: Node) -> bool:
    """Whether it can stand in a header only. A bearer token can be offered as a subprotocol, too."""
    if scheme.text("type") == "http":
        return scheme.text("scheme").lower() != "bearer"
    return scheme.text("type") == "httpApiKey" and scheme.text("in") == "header"
