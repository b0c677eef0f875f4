"""Classroom put together: its store, its handlers, their routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from litestar import Litestar

from generated.classroom import channels
from generated.classroom.publisher import ClassroomPublisher
from generated.classroom.server import routes
from handlers.classroom.attendance import Attendance
from handlers.classroom.handlers import Classroom
from handlers.classroom.notices import Notices
from handlers.classroom.settings import ClassroomSettings
from handlers.classroom.storage import Store
from handlers.classroom.tables import ClassroomTable
from handlers.database import opened
from handlers.schema import Schema, prepare
from handlers.service import Service
from wirepact.server import Node, Watch

SCHEMA: Final = Schema("classroom", ClassroomTable.metadata, Path(__file__).parent / "migrations")


def classroom(node: Node, settings: ClassroomSettings) -> Service:
    """Classroom as *settings* want it, pushing through the broker of *node*."""
    url = settings.database_at(node.settings.state_dir)
    database = opened(url, SCHEMA.setting)
    store = Store(database)
    notices = Notices(ClassroomPublisher(node.broker), store)
    attendance = Attendance(store, notices, settings.allowed_silence, _now)
    node.watch(channels.SESSION, Watch(attendance.arrived, attendance.left))

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await prepare(SCHEMA, url, node.settings.env)
        try:
            async with notices.telling(), attendance.kept():
                yield
        finally:
            await database.close()

    return Service(routes(Classroom(store, notices, attendance, _now), node), lifespan)


def _now() -> datetime:
    return datetime.now(UTC)
