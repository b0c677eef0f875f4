import pytest
import pytest_asyncio
from playwright.async_api import expect

from sites import until
from web.windows import fits
from wirepact.auth import mint_token
from wirepact.testing import KEY
from wirepact_clients.classroom import messages
from wirepact_clients.classroom.client import ClassroomClient

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

STEPS = [
    {"title": title, "target_action": "CLICK", "guide_text": guide}
    for title, guide in [("1단계: 열기", "노란색을 누르세요"), ("2단계: 보내기", "전송을 누르세요")]
]


class Lesson:
    """One lesson, and those who are in it."""

    def __init__(self, factory):
        self._factory = factory
        self.ids = []

    async def begin(self, code="DEMO"):
        body = {"session_code": code, "title": "사진 보내기", "subtasks": STEPS}
        self.ids = [
            each["id"] for each in (await self._factory.say("POST", "/api/sessions/", body))["subtasks"]
        ]

    def client(self, sub, name, role):
        token = mint_token(KEY, sub, name=name, roles=[role])
        return ClassroomClient(self._factory.url.replace("http", "ws"), token=token)

    async def say(self, sub, name, role, *said):
        """Join, say something, and leave."""
        async with self.client(sub, name, role) as client, client.session(session_code="DEMO") as here:
            for each in (messages.Join(), *said):
                await here.request(each)

    async def lead(self, *said):
        await self.say("2", "Other Instructor", "INSTRUCTOR", *said)

    def next_step(self, number):
        return messages.NextStep(data=messages.NextStepData(subtask_id=self.ids[number]))

    def done(self, number):
        return messages.StepComplete(data=messages.StepCompleteData(subtask_id=self.ids[number]))

    def help(self, number, text):
        return messages.RequestHelp(data=messages.RequestHelpData(subtask_id=self.ids[number], message=text))


@pytest_asyncio.fixture(loop_scope="module")
async def lesson(factory):
    lesson = Lesson(factory)
    await lesson.begin()
    return lesson


async def opened(page, factory, place="", roles=("INSTRUCTOR",)):
    await page.goto(f"{factory.url}/#view=classroom{place}&token={mint_token(KEY, '1', roles=roles)}")
    await expect(page.locator("#connection-text")).to_have_text("Connected")


def students(page):
    return page.locator("#students > tr")


@pytest.mark.usefixtures("lesson")
async def test_a_lesson_is_shown_with_its_steps(page, factory):
    await opened(page, factory)

    await expect(page.locator("#lesson-title")).to_have_text("사진 보내기")
    await expect(page.locator("#lesson-status")).to_have_text("not begun")
    await expect(page.locator("#steps .title")).to_have_text(["1단계: 열기", "2단계: 보내기"])
    await expect(page.locator("#steps [aria-current]")).to_have_count(0)


async def test_the_step_that_everyone_is_at_moves_on(page, factory, lesson):
    await opened(page, factory)
    await expect(page.locator("#lesson-status")).to_have_text("not begun")

    await lesson.lead(lesson.next_step(1), messages.PauseSession())

    current = page.locator("#steps [aria-current=step]")
    await expect(current).to_contain_text("2단계: 보내기")
    await expect(page.locator("#lesson-status")).to_have_text("paused")
    await lesson.lead(messages.EndSession())
    await expect(page.locator("#lesson-status")).to_have_text("ended")


async def test_students_come_and_go_and_take_steps(page, factory, lesson):
    await lesson.lead(lesson.next_step(0))
    await lesson.say("10", "김영희", "STUDENT")
    await opened(page, factory)
    await expect(students(page)).to_have_text(["김영희away\N{EN DASH}"])

    async with (
        lesson.client("11", "이철수", "STUDENT") as client,
        client.session(session_code="DEMO") as here,
    ):
        await here.request(messages.Join())
        await here.request(lesson.done(0))
        await expect(students(page)).to_have_text(["김영희away\N{EN DASH}", "이철수here1단계: 열기"])
        await expect(page.locator("#students-count")).to_have_text("1 of 2 here")
        await expect(page.locator("#steps [aria-current] .done")).to_have_text("1 of 2 are done")

    await expect(students(page)).to_have_text(["김영희away\N{EN DASH}", "이철수away1단계: 열기"])


async def test_calls_for_help_are_shown_newest_first_and_never_markup(page, factory, lesson):
    await opened(page, factory)
    await expect(page.locator("#steps .title")).to_have_count(2)

    await lesson.say(
        "10", "김영희", "STUDENT", lesson.help(0, "어려워요"), lesson.help(1, "<b>도와주세요</b>")
    )

    await expect(page.locator("#questions .what")).to_have_text(
        ["김영희<b>도와주세요</b>2단계: 보내기", "김영희어려워요1단계: 열기"]
    )


async def test_another_lesson_is_chosen_by_its_code(page, factory, lesson):
    await opened(page, factory)
    await lesson.begin("TEST001")
    code = page.get_by_label("Session code")
    await expect(code).to_have_value("DEMO")

    await code.fill("TEST001")
    await code.press("Enter")

    await expect(page.locator("#connection-text")).to_have_text("Connected")
    assert page.url.endswith("#view=classroom&session=TEST001")
    await expect(code).to_have_value("TEST001")


async def test_a_lesson_that_is_not_there_is_said(page, factory, complaints):
    await page.goto(
        f"{factory.url}/#view=classroom&session=NOWHERE&token={mint_token(KEY, '1', roles=['STUDENT'])}"
    )

    await expect(page.locator("#connection-text")).to_have_text("Disconnected")
    await expect(page.locator("#connection-detail")).to_have_text("4404: No such session")
    complaints.clear()


@pytest.mark.usefixtures("lesson")
async def test_a_student_is_told_that_only_instructors_look_on(page, factory, complaints):
    await opened(page, factory, roles=["STUDENT"])

    await expect(page.locator("#notice")).to_contain_text("The lesson could not be loaded.")
    await until(lambda: len(complaints) == 2)
    complaints.clear()


async def test_nothing_runs_out_of_the_window(page, factory, lesson):
    await lesson.say("10", "아주 긴 이름을 가진 학생 " * 6, "STUDENT", lesson.help(0, "도와주세요" * 60))

    await opened(page, factory)

    await expect(students(page)).to_have_count(1)
    await fits(page)
