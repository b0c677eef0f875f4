"""The way in to a broker that is not shared, for commands: a socket in the file system that only its owner can open.

So `wirepact publish`, `status`, `kick` and `drain` do the same whatever the broker is. A request and its answer are one line of
JSON each; one connection asks as often as it likes.
"""

import asyncio
import json
import logging
import socket
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wirepact import nodes
from wirepact.broker import Broker, Health, History, Keep, Position, Publication
from wirepact.errors import Unavailable
from wirepact.nodes import NodeMessage
from wirepact.presence_memory import MemoryPresence
from wirepact.roster import Roster
from wirepact.tallies_memory import MemoryTallies

LONGEST = 16 * 1024 * 1024
"""The most bytes of a request."""

logger = logging.getLogger("wirepact.broker")


class Control:
    """Listens at *path* and does to *broker* what is asked for."""

    def __init__(self, path: Path, broker: Broker) -> None:
        self._path = path
        self._broker = broker
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Where that can't be, commands find nobody, and the log says so."""
        if not hasattr(socket, "AF_UNIX"):
            return
        listener = socket.socket(socket.AF_UNIX)
        try:
            self._path.unlink(missing_ok=True)
            listener.bind(str(self._path))
            self._path.chmod(0o600)
        except OSError as error:
            listener.close()
            fields = {"path": str(self._path), "error": str(error)}
            logger.warning("commands can't reach this process", extra={"fields": fields})
            return
        self._server = await asyncio.start_unix_server(self._talk, sock=listener, limit=LONGEST)

    async def stop(self) -> None:
        """Listen no longer."""
        if self._server is None:
            return
        self._server.close()
        talks, self._server = set(self._talks), None
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 told to the type checker: this is called in a task
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (OSError, ValueError):
            logger.info("a command hung up, or spoke too long")
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Mapping[str, object]:
        try:
            request = json.loads(line)
            return {"answer": await self._do(request)}
        except Unavailable as error:
            return {"unavailable": str(error)}
        except (ValueError, TypeError, KeyError) as error:
            return {"unavailable": f"a request can't be read: {error}"}

    async def _do(self, request: Mapping[str, Any]) -> object:
        match request["do"]:
            case "publish":
                position = await self._broker.publish(_read(request["publication"]))
                return None if position is None else str(position)
            case "tell":
                await self._broker.tell(nodes.decode(request["message"].encode()))
                return None
            case "reports":
                reports = await self._broker.roster.reports()
                return {node: report.decode() for node, report in reports.items()}
            case other:
                raise ValueError(f"nothing is called {other}")


class DistantBroker(Broker):
    """The broker behind the socket at *path*: it can be published to and told, and nothing is heard of it."""

    is_shared = True

    def __init__(self, path: Path) -> None:
        super().__init__(MemoryPresence(), MemoryTallies())
        self._path = path
        self.roster = _DistantRoster(self)

    async def ask(self, do: str, **fields: object) -> Any:
        """What the process answers that has the broker. Raises `Unavailable` if there is none."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path, limit=LONGEST)
        except OSError:
            raise Unavailable(
                "the server", f"none answers at {self._path}; does it run, and from here?"
            ) from None
        try:
            writer.write(json.dumps({"do": do, **fields}).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        if not line:
            raise Unavailable("the server", "it hung up before it answered")
        said = json.loads(line)
        if "unavailable" in said:
            raise Unavailable("the server", said["unavailable"])
        return said["answer"]

    async def publish(self, publication: Publication) -> Position | None:
        """See `Broker`."""
        said = await self.ask("publish", publication=_written(publication))
        return None if said is None else Position.parse(said)

    async def tell(self, message: NodeMessage) -> None:
        """See `Broker`."""
        await self.ask("tell", message=nodes.encode(message).decode())

    async def subscribe(self, topic: str) -> Position:
        """See `Broker`: not from here."""
        raise Unavailable("the server", f"{topic} can be heard in its own process only")

    async def unsubscribe(self, topic: str) -> None:
        """See `Broker`: there is nothing to end."""

    async def recover(self, topic: str, since: Position, limit: int = 300) -> History:
        """See `Broker`: not from here."""
        raise Unavailable("the server", f"{topic} after {since} ({limit}) can be had in its own process only")

    def health(self) -> Health:
        """See `Broker`: nothing is heard."""
        return Health(is_connected=self._path.exists(), is_deaf=True)


class _DistantRoster(Roster):
    """Which nodes that process knows."""

    def __init__(self, broker: DistantBroker) -> None:
        self._broker = broker

    async def enter(self, node: str, report: bytes) -> None:
        """See `Roster`: nodes have a broker of their own."""
        raise Unavailable("the server", f"{node} is no part of it: {len(report)} bytes were not taken")

    async def leave(self, node: str) -> None:
        """See `Roster`: whoever never came has left."""

    async def reports(self) -> Mapping[str, bytes]:
        """See `Roster`."""
        said = await self._broker.ask("reports")
        return {node: report.encode() for node, report in said.items()}


def _written(publication: Publication) -> Mapping[str, object]:
    fields = publication._asdict()
    fields["payload"] = b64encode(publication.payload).decode()
    fields["keep"] = None if publication.keep is None else asdict(publication.keep)
    return fields


def _read(fields: Mapping[str, Any]) -> Publication:
    keep = None if fields["keep"] is None else Keep(**fields["keep"])
    return Publication(**{**fields, "payload": b64decode(fields["payload"]), "keep": keep})
