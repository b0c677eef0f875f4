"""One connection of a conversation, as a player sees it: through the recorder, or through a generated client."""

import inspect
import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib import import_module
from typing import Any, Self

from contract import emitted
from contract.documents import Channel
from contract.recorder import Closed, Recorder
from wirepact import wire
from wirepact.client import ChannelConnection, Client
from wirepact.close_codes import STANDARD
from wirepact.errors import ConnectionClosed, ConnectionRefused
from wirepact.messages import Unknown


class Line(ABC):
    """One connection: messages as JSON values in, messages as JSON values out, an end."""

    @abstractmethod
    async def send(self, message: dict[str, Any]) -> None: ...

    @abstractmethod
    async def hear_or_end(self) -> dict[str, Any] | Closed: ...

    @abstractmethod
    async def close(self) -> None: ...

    @property
    def frame(self) -> str | bytes:
        """The last message as it came over the wire."""
        raise NotImplementedError(f"{type(self).__name__} hears messages, not frames")

    async def send_frame(self, frame: str | bytes) -> None:
        raise NotImplementedError(f"{type(self).__name__} sends messages, not frames: {frame[:20]!r}")


class PlainLine(Line):
    """A bare WebSocket, heard by the recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @classmethod
    async def connected(
        cls, server: str, channel: Channel, parameters: dict[str, Any], token: str | None
    ) -> Self:
        return cls(await Recorder.connected(server, channel, parameters, token))

    async def send(self, message: dict[str, Any]) -> None:
        await self._recorder.send(message)

    @property
    def frame(self) -> str | bytes:
        return self._recorder.frame

    async def send_frame(self, frame: str | bytes) -> None:
        await self._recorder.send_frame(frame)

    async def hear_or_end(self) -> dict[str, Any] | Closed:
        return await self._recorder.hear_or_end()

    async def close(self) -> None:
        await self._recorder.close()


class PythonLine(Line):
    """The generated Python client of the service."""

    def __init__(self, channel: Channel, connection: ChannelConnection[Any, Any]) -> None:
        self._connection = connection
        self._sendable = emitted.channel("wirepact_clients", channel).receives

    @classmethod
    async def connected(
        cls, server: str, channel: Channel, parameters: dict[str, Any], token: str | None
    ) -> Line:
        method = _method(_client_class(channel.service)(server, token=token), channel.name)
        names = {name.rstrip("_"): name for name in inspect.signature(method).parameters}
        connection = method(**{names[name]: value for name, value in parameters.items()})
        try:
            return cls(channel, await connection.__aenter__())
        except ConnectionRefused as refused:
            return RefusedLine(refused, STANDARD[refused.code].reason)
        except ConnectionClosed as refused:
            return RefusedLine(refused, refused.reason)

    async def send(self, message: dict[str, Any]) -> None:
        await self._connection.send(wire.decode(self._sendable, json.dumps(message)))

    async def hear_or_end(self) -> dict[str, Any] | Closed:
        try:
            message = await self._connection.receive()
        except ConnectionClosed as closed:
            return Closed(closed.code, closed.reason)
        assert not isinstance(message, Unknown), f"unknown to the generated client: {message}"
        return json.loads(wire.encode(message))

    async def close(self) -> None:
        await self._connection.close()


class RefusedLine(Line):
    """A connection that never was.

    A client whose token stands in a header is told by an HTTP status, and one that speaks `wirepact.v1` before it is welcomed.
    """

    def __init__(self, refused: ConnectionClosed, reason: str) -> None:
        self._refused = refused
        self._reason = reason

    async def send(self, message: dict[str, Any]) -> None:
        raise self._refused

    async def hear_or_end(self) -> Closed:
        return Closed(self._refused.code, self._reason)

    async def close(self) -> None:
        """There is nothing to close."""


LINES = {"plain": PlainLine, "python": PythonLine}


def _client_class(service: str) -> type[Client]:
    module = import_module(f"wirepact_clients.{service}.client")
    return next(
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Client) and each is not Client
    )


def _method(client: Client, channel: str) -> Callable[..., ChannelConnection[Any, Any]]:
    """The method of an emitted client that opens *channel*, whatever the words of its name are joined by."""
    methods = {
        _letters(name): getattr(client, name) for name in vars(type(client)) if not name.startswith("_")
    }
    return methods[_letters(channel)]


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()
