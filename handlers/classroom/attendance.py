"""Who is in lessons at this node, and when they were last heard of.

A heartbeat costs no write: when peers were heard of is written behind, for all of them at once. Students who were silent for
too long count as disconnected, wherever they are, also those whose node has crashed; who is heard of again takes part again.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from generated.classroom.server import SessionPeer
from handlers.classroom import translation
from handlers.classroom.domain import Participant
from handlers.classroom.notices import Notices
from handlers.classroom.storage import Store

logger = logging.getLogger(__name__)

ROUNDS = 6
"""How often it is written in the time for which a student may be silent."""

_WORTH_WRITING = timedelta(seconds=1)


@dataclass(slots=True)
class _Guest:
    """One connection. `kept` is the time that is stored."""

    peer: SessionPeer
    participant: int
    kept: datetime
    has_joined: bool = False


class Attendance:
    """Keeps the participants' connections and times. *silence* is for how long a student may say nothing."""

    def __init__(
        self, store: Store, notices: Notices, silence: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._notices = notices
        self._silence = silence
        self._now = now
        self._node = secrets.token_hex(8)
        self._here: dict[str, _Guest] = {}

    async def arrived(self, peer: SessionPeer) -> None:
        """Somebody is connected."""
        at = self._now()
        user = translation.user(peer.identity)
        participant = await self._store.arrive(peer.session_code, user, self._name(peer), at)
        self._here[peer.connection_id] = _Guest(peer, participant.id, at)

    async def joined(self, peer: SessionPeer) -> Participant:
        """Somebody takes part."""
        guest = self._here[peer.connection_id]
        guest.has_joined = True
        guest.kept = self._now()
        return await self._store.join(guest.participant, self._name(peer), guest.kept)

    def participant(self, peer: SessionPeer) -> int:
        """The id of whoever is at *peer*, among participants."""
        return self._here[peer.connection_id].participant

    async def left(self, peer: SessionPeer) -> None:
        """A connection is over; everyone is told before it is forgotten."""
        guest = self._here.pop(peer.connection_id, None)
        if guest is None:
            return
        if gone := await self._store.leave(guest.participant, self._name(peer), self._heard(guest)):
            self._notices.left(gone)
        await self._notices.told()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """It is written, and the silent are missed, while the block lasts."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def look(self) -> None:
        """Write what was heard, and see who has been silent for too long."""
        heard = dict(self._news())
        if heard:
            await self._store.heard(heard)
            here = [each.participant for each in self._here.values() if each.has_joined]
            for back in await self._store.welcome_back([each for each in here if each in heard]):
                self._notices.joined(back)
        for gone in await self._store.miss(self._now() - self._silence):
            self._notices.left(gone)

    def _news(self) -> Iterator[tuple[int, datetime]]:
        """When participants were last heard of whom that is not known of, the latest last."""
        for guest in sorted(self._here.values(), key=self._heard):
            at = self._heard(guest)
            if at - guest.kept >= _WORTH_WRITING:
                guest.kept = at
                yield guest.participant, at

    def _heard(self, guest: _Guest) -> datetime:
        return max(guest.kept, self._now() - timedelta(seconds=guest.peer.silence))

    def _name(self, peer: SessionPeer) -> str:
        """A connection's name among those of all nodes."""
        return f"{self._node}:{peer.connection_id}"

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._silence.total_seconds() / ROUNDS)
            try:
                await self.look()
            except Exception:
                logger.exception("attendance could not be kept")
