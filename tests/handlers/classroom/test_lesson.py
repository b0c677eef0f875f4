"""A lesson with an instructor and 30 students, one of whom loses the network in the middle."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest

from handlers.classroom.service import classroom
from handlers.classroom.settings import ClassroomSettings
from wirepact.broker_memory import MemoryBroker
from wirepact.client import Reconnect
from wirepact.faults import FaultProxy
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving, token
from wirepact_clients.classroom import messages
from wirepact_clients.classroom.client import ClassroomClient

STUDENTS = 30
LOST = "130"
STEPS = [{"title": f"Step {each}", "target_action": "CLICK", "guide_text": "…"} for each in (1, 2)]


class Lesson:
    """A server with one lesson, and those who take part in it."""

    def __init__(self, url, http, stack):
        self.url = url
        self.http = http
        self._stack = stack

    async def enter(self, sub, role, url=None):
        """Somebody who has joined."""
        client = ClassroomClient(
            url or self.url.replace("http", "ws"),
            token=token(sub, name=f"No. {sub}", roles=[role]),
            reconnect=Reconnect(first=0.01, longest=0.1),
        )
        await self._stack.enter_async_context(client)
        here = await self._stack.enter_async_context(client.session(session_code="TEST001"))
        await here.send(messages.Join())
        await heard(here, messages.JoinConfirmed)
        return here

    async def rows(self, path):
        """What is stored."""
        return (await self.http.get(f"/api/sessions/TEST001/{path}/")).json()[path.replace("-", "_")]


async def heard(here, kind):
    """The next message of a kind, whatever comes before it."""
    async with asyncio.timeout(20):
        while not isinstance(message := await here.receive(), kind):
            pass
        return message


@pytest.fixture
async def lesson(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    service = classroom(node, ClassroomSettings())
    headers = {"authorization": f"Bearer {token('1', roles=['INSTRUCTOR'])}"}
    async with (
        serving(build_app(node, service.routes, lifespan=[service.lifespan])) as url,
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as http,
        AsyncExitStack() as stack,
    ):
        body = {"session_code": "TEST001", "title": "Messenger", "subtasks": STEPS}
        assert (await http.post("/api/sessions/", json=body)).status_code == 201
        yield Lesson(url, http, stack)


async def test_nobody_misses_a_step_and_the_instructor_no_progress(lesson):
    async with FaultProxy(lesson.url.replace("http", "ws")) as proxy:
        instructor = await lesson.enter("1", "INSTRUCTOR")
        names = [str(101 + each) for each in range(STUDENTS - 1)]
        students = [await lesson.enter(each, "STUDENT") for each in names]
        lost = await lesson.enter(LOST, "STUDENT", proxy.url)

        await instructor.send(messages.NextStep(data=messages.NextStepData(subtask_id=1)))
        first = [(await heard(each, messages.StepChanged)).subtask.id for each in [*students, lost]]

        proxy.refuse()
        proxy.cut()
        left = await heard(instructor, messages.ParticipantLeft)
        await instructor.send(messages.NextStep(data=messages.NextStepData(subtask_id=2)))
        second = [(await heard(each, messages.StepChanged)).subtask.id for each in students]

        proxy.refuse(is_refusing=False)
        missed = await heard(lost, messages.StepChanged)
        await lost.send(messages.Join())
        await heard(lost, messages.JoinConfirmed)

        for each in [*students, lost]:
            await each.send(messages.StepComplete(data=messages.StepCompleteData(subtask_id=2)))
        done = [(await heard(instructor, messages.ProgressUpdated)).user_id for _ in range(STUDENTS)]
        stored = await lesson.rows("participants")

    assert first == [1] * STUDENTS
    assert left.user_id == int(LOST)
    assert second == [2] * (STUDENTS - 1)
    assert missed.subtask.id == 2
    assert sorted(done) == [int(each) for each in [*names, LOST]]
    told = [(each["status"], each["current_subtask"]) for each in stored if each["role"] == "STUDENT"]
    assert told == [("ACTIVE", 2)] * STUDENTS
    assert [each["subtask_id"] for each in await lesson.rows("step-controls")] == [1, 2]
