"""The documents as plain data, read without anything of the generator: the judge must not be the judged.

References are followed here and nowhere else. What a channel says and hears is seen from the server, as in the
documents.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from operator import contains
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

SPEC = Path(__file__).parents[2] / "spec"
SCHEME = "spec:///"


@dataclass(frozen=True)
class Place:
    """Where something stands: a file below `spec/`, and the steps to it."""

    file: str
    steps: tuple[str, ...] = ()

    @property
    def value(self) -> Any:
        here = contents(self.file)
        for step in self.steps:
            here = here[int(step)] if isinstance(here, list) else here[step]
        return here

    @property
    def uri(self) -> str:
        return (
            SCHEME
            + self.file
            + "#"
            + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in self.steps)
        )

    def __truediv__(self, step: str | int) -> "Place":
        return Place(self.file, (*self.steps, str(step))).target

    @property
    def target(self) -> "Place":
        """This place, or where its reference leads in the end."""
        value = self.value
        return self._referenced(value["$ref"]).target if isinstance(value, dict) and "$ref" in value else self

    def _referenced(self, reference: str) -> "Place":
        file, _, pointer = reference.partition("#")
        steps = tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
        return Place(str((Path("/", self.file).parent / file).relative_to("/")) if file else self.file, steps)


@dataclass(frozen=True)
class Message:
    """A message of a channel, under the name that it has there."""

    name: str
    place: Place

    @property
    def payload(self) -> Place:
        payload = self.place / "payload"
        return payload / "schema" if "schemaFormat" in payload.value else payload

    @property
    def examples(self) -> list[Any]:
        return [example["payload"] for example in self.place.value.get("examples", [])]

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, and no file."""
        return self.place.value.get("contentType", "application/json") == "application/json"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Operation:
    """One of a channel's operations, with the messages that it is about."""

    name: str
    action: str
    channel: "Channel"
    place: Place

    @property
    def messages(self) -> list[Message]:
        if "messages" not in self.place.value:
            return list(self.channel.messages.values())
        return [
            self.channel.message_at(self.place / "messages" / i)
            for i in range(len(self.place.value["messages"]))
        ]

    @property
    def replies(self) -> list[Message]:
        if "reply" not in self.place.value:
            return []
        reply = self.place / "reply"
        return [
            self.channel.message_at(reply / "messages" / i)
            for i in range(len(reply.value.get("messages", [])))
        ]

    @property
    def recovery(self) -> dict[str, Any] | None:
        """What can be got of it by whoever was away."""
        return self.place.value.get("x-recovery")

    @property
    def method(self) -> str:
        return self.place.value["bindings"]["http"]["method"]

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(self.place.value.get("x-from", ()))


@dataclass(frozen=True)
class Channel:
    """One address, with what may be said and heard there."""

    service: str
    name: str
    place: Place

    @property
    def address(self) -> str:
        return self.place.value["address"]

    @property
    def protocol(self) -> str:
        return (self.place / "servers" / 0).value["protocol"]

    @property
    def is_for_development(self) -> bool:
        """Whether no server but one called `development` has it."""
        servers = self.place.value["servers"]
        return {(self.place / "servers" / i).steps[-1] for i in range(len(servers))} == {"development"}

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            name: (self.place / "parameters" / name).value for name in self.place.value.get("parameters", {})
        }

    @cached_property
    def messages(self) -> dict[str, Message]:
        return {name: Message(name, self.place / "messages" / name) for name in self.place.value["messages"]}

    def message_at(self, place: Place) -> Message:
        return next(message for message in self.messages.values() if message.place == place)

    @cached_property
    def operations(self) -> list[Operation]:
        root = Place(self.place.file) / "operations"
        return [
            Operation(name, operation["action"], self, root / name)
            for name, operation in root.value.items()
            if (root / name / "channel") == self.place
        ]

    @property
    def received(self) -> list[Message]:
        """What the server hears here."""
        return _once(
            message for each in self.operations if each.action == "receive" for message in each.messages
        )

    @property
    def sent(self) -> list[Message]:
        """What the server says here, of itself or in reply."""
        own = [message for each in self.operations if each.action == "send" for message in each.messages]
        return _once([*own, *(message for each in self.operations for message in each.replies)])

    @property
    def error(self) -> Message | None:
        """The message that carries an error."""
        shape = self.place.value.get("x-error")
        return self.messages[shape["message"]] if shape else None

    @property
    def close_codes(self) -> dict[int, str]:
        """The codes that the document declares here, with their reasons; and the goodbye that needs none."""
        declared = contents(self.place.file).get("x-close-codes", {}) | self.place.value.get(
            "x-close-codes", {}
        )
        return {1000: ""} | {int(code): line["reason"] for code, line in declared.items()}

    @property
    def query_credential(self) -> str:
        """The query parameter that takes a token."""
        security = (self.place / "servers" / 0).value["security"]
        schemes = [(self.place / "servers" / 0 / "security" / i).value for i in range(len(security))]
        return next(each["name"] for each in schemes if each.get("in") == "query")

    @property
    def on_connect(self) -> list[list[str]]:
        """The names of the messages that are sent first, each one of several."""
        said = self.place.value.get("x-on-connect", [])
        return [each if isinstance(each, list) else [each] for each in said]

    def is_greeted_with(self, names: list[str]) -> bool:
        """Whether *names* are those of the messages that are sent first."""
        return len(names) == len(self.on_connect) and all(map(contains, self.on_connect, names))

    @property
    def on_shutdown(self) -> str | None:
        """The name of the message that is sent before the server closes."""
        return self.place.value.get("x-on-shutdown")

    @property
    def message_bytes(self) -> int:
        return self.place.value["x-limits"]["messageBytes"]

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"


@dataclass(frozen=True)
class Document:
    """One file of `spec/`, which describes one service."""

    file: str

    @property
    def path(self) -> Path:
        return SPEC / self.file

    @property
    def service(self) -> str:
        return self.path.stem

    @cached_property
    def channels(self) -> list[Channel]:
        root = Place(self.file) / "channels"
        return [Channel(self.service, name, root / name) for name in root.value]

    def channel(self, name: str) -> Channel:
        return next(channel for channel in self.channels if channel.name == name)

    @property
    def web_sockets(self) -> list[Channel]:
        """Those of a server in production."""
        sockets = [channel for channel in self.channels if channel.protocol in {"ws", "wss"}]
        return [channel for channel in sockets if not channel.is_for_development]

    @property
    def endpoints(self) -> list[Channel]:
        return [channel for channel in self.channels if channel.protocol in {"http", "https"}]

    def __str__(self) -> str:
        return self.service


def documents() -> list[Document]:
    return [Document(path.name) for path in sorted(SPEC.glob("*.yaml"))]


def web_sockets() -> list[Channel]:
    return [channel for document in documents() for channel in document.web_sockets]


@cache
def contents(file: str) -> dict[str, Any]:
    """A file of `spec/`, as JSON would have it."""
    return json.loads(json.dumps(yaml.safe_load((SPEC / file).read_text("utf-8"))))


def _once(messages: Iterator[Message] | list[Message]) -> list[Message]:
    return list({message.name: message for message in messages}.values())
