"""Robodine's life: an evening in the restaurant, reported over TCP as robots do, one JSON object a line."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from handlers.demo.errors import Away, Unwelcome
from handlers.demo.evening import Evening, Report
from handlers.demo.outside import Outside

_TIMED: Final = frozenset({"events", "orders", "status", "systemlogs"})


async def robodine(outside: Outside) -> AsyncGenerator[str]:
    """Play an evening, a moment at a time."""
    async with _gateway(*outside.robots) as gateway:
        for moment in Evening(outside.chance("evening")):
            for each in moment:
                await gateway.report(each)
            yield ", ".join(each.words for each in moment if each.words)


class Gateway:
    """Where the robots' network ends: it reports what they say. Raises `Away` or `Unwelcome`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def report(self, report: Report) -> None:
        """Report, and wait until it is stored."""
        line = json.dumps({"topic": report.topic, "id": report.id, "data": _timed(report)})
        try:
            self._writer.write(line.encode() + b"\n")
            await self._writer.drain()
            answer = await self._reader.readline()
        except OSError as error:
            raise Away(f"robots are not heard any more ({error})") from error
        if not answer:
            raise Away("robots are not heard any more")
        outcome = json.loads(answer)
        # What is gone already need not be removed.
        if not outcome["ok"] and report.data is not None:
            raise Unwelcome(f"{report.topic} {report.id}: {outcome['error']}")


def _timed(report: Report) -> dict[str, object] | None:
    if report.data is None:
        return None
    now = {"timestamp": round(time.time(), 3)} if report.topic in _TIMED else {}
    return {**report.data, **now}


@asynccontextmanager
async def _gateway(host: str, port: int) -> AsyncIterator[Gateway]:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        raise Away(
            f"no robots are heard at {host}:{port} ({error}); is robodine served, and ROBODINE_TCP_PORT the same here?"
        ) from error
    try:
        yield Gateway(reader, writer)
    finally:
        writer.close()
