from dataclasses import replace

import pytest

from handlers.classroom.domain import (
    Action,
    Control,
    Lesson,
    NotTheInstructor,
    NotWelcome,
    Role,
    SessionEnded,
    Status,
    Subtask,
    UnknownSubtask,
    User,
    number_or_text,
)

FIRST = Subtask(11, 1, "Open", "CLICK", "Open it", None)
SECOND = Subtask(12, 2, "Close", "CLICK", "Close it", None)
LESSON = Lesson(1, "TEST001", "Messenger", "1", (FIRST, SECOND))


@pytest.fixture
def led(kim, noon):
    """The lesson after some of its instructor's actions."""

    def lead(*actions, lesson=LESSON, by=kim):
        for action in actions:
            lesson = lesson.controlled(Control(action, by, noon, subtask_id=11))
        return lesson

    return lead


def test_students_and_the_lessons_own_instructor_are_welcome(kim, ann):
    assert LESSON.role_of(kim) is Role.INSTRUCTOR
    assert LESSON.role_of(ann) is Role.STUDENT


@pytest.mark.parametrize("roles", [[], ["SERVICE"], ["INSTRUCTOR"], ["INSTRUCTOR", "STUDENT"]])
def test_others_are_not(roles):
    with pytest.raises(NotWelcome):
        LESSON.role_of(User("9", "Lee", roles))


def test_a_lesson_without_an_instructor_may_be_led_by_any():
    assert replace(LESSON, instructor_id=None).role_of(User("9", "Lee", ["INSTRUCTOR"])) is Role.INSTRUCTOR


def test_the_first_step_begins_the_lesson(led):
    assert (led(Action.START_STEP).status, led(Action.START_STEP).current) == (Status.IN_PROGRESS, FIRST)


def test_a_step_while_it_pauses_does_not_end_the_pause(led):
    assert led(Action.START_STEP, Action.PAUSE, Action.START_STEP).status is Status.PAUSED


def test_it_pauses_and_goes_on(led):
    assert led(Action.PAUSE).status is Status.PAUSED
    assert led(Action.PAUSE, Action.RESUME).status is Status.IN_PROGRESS


@pytest.mark.parametrize("action", Action)
def test_nothing_follows_the_end(led, action):
    with pytest.raises(SessionEnded):
        led(Action.END_STEP, action)


@pytest.mark.parametrize("action", Action)
def test_a_student_can_not_lead(led, ann, action):
    with pytest.raises(NotTheInstructor):
        led(action, by=ann)


def test_steps_of_other_lessons_are_unknown():
    with pytest.raises(UnknownSubtask):
        LESSON.subtask(13)


@pytest.mark.parametrize("number", ["0", "1", "9007199254740991"])
def test_ids_that_are_written_as_numbers_are_numbers(number):
    assert number_or_text(number) == int(number)


@pytest.mark.parametrize("text", ["", "01", "-1", "1.0", "\u0661", "\u00b2", "user-1", "9007199254740992"])
def test_others_stay_as_they_are(text):
    assert number_or_text(text) == text
