"""Who is told what of something that was stored, in the order in which it was.

What is told waits for the answer to whoever caused it: clients of today are confirmed first, and hear then what everybody
hears. What is stored stays stored if nobody can be told.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeAlias

from generated.classroom.publisher import ClassroomPublisher
from generated.classroom.server import SessionPeer
from handlers.classroom import translation
from handlers.classroom.domain import Lesson, Participant, Status, User
from handlers.classroom.storage import Store

logger = logging.getLogger(__name__)

_Telling: TypeAlias = Callable[[], Awaitable[None]]


class Notices:
    """Tells everyone in a lesson, its instructors, or one peer; one after the other, while it is `telling`."""

    def __init__(self, publisher: ClassroomPublisher, store: Store) -> None:
        self._publisher = publisher
        self._store = store
        self._waiting: asyncio.Queue[_Telling] = asyncio.Queue()

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """What is to be told is told while the block lasts."""
        task = asyncio.create_task(self._tell())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def told(self) -> None:
        """Wait until all that was to be told has been."""
        await self._waiting.join()

    def joined(self, participant: Participant) -> None:
        """To everyone."""
        message = translation.participant_joined(participant)
        self._later(partial(self._publisher.participant_joined, message, session_code=participant.code))

    def left(self, participant: Participant) -> None:
        """To everyone."""
        message = translation.participant_left(participant)
        self._later(partial(self._publisher.participant_left, message, session_code=participant.code))

    def step_changed(self, lesson: Lesson) -> None:
        """To everyone."""
        if lesson.current is not None:
            message = translation.step_changed(lesson.current)
            self._later(partial(self._publisher.step_changed, message, session_code=lesson.code))

    def status_changed(self, lesson: Lesson) -> None:
        """To everyone."""
        message = translation.session_status_changed(lesson.status)
        self._later(partial(self._publisher.session_status_changed, message, session_code=lesson.code))

    def progressed(self, participant: Participant, subtask_id: int, status: str) -> None:
        """To instructors."""
        message = translation.progress_updated(participant, subtask_id, status)
        self._later(partial(self._publisher.progress_updated, message, session_code=participant.code))

    def help_requested(self, code: str, user: User, subtask_id: int, text: str) -> None:
        """To instructors."""
        message = translation.help_requested(user, subtask_id, text)
        self._later(partial(self._publisher.help_requested, message, session_code=code))

    def recalled(self, peer: SessionPeer) -> None:
        """To *peer* alone, where its lesson is by then."""
        self._later(partial(self._recall, peer))

    async def _recall(self, peer: SessionPeer) -> None:
        lesson = await self._store.lesson(peer.session_code)
        if lesson.current is not None:
            await peer.send(translation.step_changed(lesson.current))
        if lesson.status in {Status.PAUSED, Status.ENDED}:
            await peer.send(translation.session_status_changed(lesson.status))

    def _later(self, telling: _Telling) -> None:
        self._waiting.put_nowait(telling)

    async def _tell(self) -> None:
        while True:
            telling = await self._waiting.get()
            try:
                await telling()
            except Exception:
                logger.exception("something was stored and could not be told")
            finally:
                self._waiting.task_done()
