"""An application in which the settings of all services are made, so that every channel can be connected to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from contract.application import Application
from contract.conversation import setting
from contract.documents import Channel, documents
from contract.lines import PlainLine
from contract.matching import filled_in
from contract.player import Performance
from contract.recorder import Recorder


class Stage:
    """Where recorders connect to channels."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: dict[str, dict[str, Any]] = {}

    @classmethod
    async def built(cls, application: Application) -> Self:
        stage = cls(application)
        for service in (document.service for document in documents()):
            performance = Performance(PlainLine, application.url, application.tokens(service))
            await performance.prepare(setting(service).steps)
            stage._kept[service] = performance.kept
        return stage

    async def connected(self, channel: Channel, *, who: str = "user") -> Recorder:
        """A connection as soon as the server has let it in, or pretended to."""
        said = setting(channel.service)
        recorder = await Recorder.connected(
            self._application.url,
            channel,
            filled_in(said.channels.get(channel.name, {}), self._kept[channel.service]),
            self._application.tokens(channel.service).get(who),
        )
        recorder.unasked = frozenset(said.unasked.get(channel.name, ()))
        return recorder

    @asynccontextmanager
    async def talk(self, channel: Channel) -> AsyncIterator[Recorder]:
        """A connection that has been greeted as the document says, and is closed in the end."""
        recorder = await self.connected(channel)
        for _ in channel.on_connect:
            await recorder.hear()
        assert channel.is_greeted_with([name for name, _ in recorder.heard])
        try:
            yield recorder
        finally:
            await recorder.close()
