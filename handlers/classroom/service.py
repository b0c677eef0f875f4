"""Classroom put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from litestar import Litestar

from generated.classroom import channels
from generated.classroom.publisher import ClassroomPublisher
from generated.classroom.server import routes
from handlers.classroom.attendance import Attendance
from handlers.classroom.handlers import Classroom
from handlers.classroom.notices import Notices
from handlers.classroom.settings import PREFIX, ClassroomSettings
from handlers.classroom.storage import Store
from handlers.classroom.tables import ClassroomTable
from handlers.database import opened, prepare
from handlers.service import Service
from wirepact.server import Node, Watch

DATABASE_URL = f"{PREFIX}DATABASE_URL"


def classroom(node: Node, settings: ClassroomSettings) -> Service:
    """Classroom as *settings* want it, pushing through the broker of *node*."""
    database = opened(settings.database_at(node.settings.state_dir), DATABASE_URL)
    store = Store(database)
    notices = Notices(ClassroomPublisher(node.broker), store)
    attendance = Attendance(store, notices, settings.allowed_silence, _now)
    node.watch(channels.SESSION, Watch(attendance.arrived, attendance.left))

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(database, ClassroomTable.metadata, DATABASE_URL)
        try:
            async with notices.telling(), attendance.kept():
                yield
        finally:
            await database.close()

    return Service(routes(Classroom(store, notices, attendance, _now), node), lifespan)


def _now() -> datetime:
    return datetime.now(UTC)
