import pytest

from handlers.classroom.service import classroom as service
from handlers.classroom.settings import ClassroomSettings
from handlers.demo.classroom import classroom
from handlers.demo.errors import Away, Unwelcome
from handlers.demo.lesson import STEPS, STUDENTS
from outside import outside, some
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving
from wirepact_clients.classroom import messages
from wirepact_clients.classroom.client import ClassroomClient


@pytest.fixture
async def url(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    served = service(node, ClassroomSettings())
    async with serving(build_app(node, served.routes, lifespan=[served.lifespan])) as url:
        yield url


async def shown(url, path="DEMO/"):
    async with outside(url).back_end() as back_end:
        return await back_end.get(f"/api/sessions/{path}")


async def test_a_lesson_is_given_and_students_take_its_steps(url):
    told = await some(classroom(outside(url)), 40)

    participants = (await shown(url, "DEMO/participants/"))["participants"]
    assert STEPS[0][0] in told
    assert {each["user_name"] for each in participants} > set(STUDENTS)
    assert all(each["current_subtask"] for each in participants if each["role"] == "STUDENT")


async def test_a_second_life_goes_on_with_the_same_lesson(url):
    await some(classroom(outside(url)), 1)

    await some(classroom(outside(url)), 10)

    assert (await shown(url))["status"] == "IN_PROGRESS"
    assert len((await shown(url, "DEMO/participants/"))["participants"]) == len(STUDENTS) + 1


async def test_after_the_end_comes_another_lesson(url):
    life = classroom(outside(url))
    await anext(life)
    token = outside().token("1", roles=["INSTRUCTOR"])
    async with (
        ClassroomClient(url.replace("http", "ws"), token=token) as client,
        client.session(session_code="DEMO") as here,
    ):
        await here.request(messages.EndSession())

    with pytest.raises(Away, match="the session has ended"):
        await some(life, 40)
    await some(classroom(outside(url)), 1)

    assert (await shown(url, "DEMO-2/"))["status"] == "IN_PROGRESS"


async def test_a_server_with_another_key_is_told_apart(url):
    with pytest.raises(Unwelcome, match="answered with 401"):
        await some(classroom(outside(url, key="a key that this server does not trust at all")), 1)
