import asyncio
from datetime import timedelta

import pytest

from handlers.classroom.domain import (
    Action,
    Attention,
    CodeTaken,
    Control,
    NewLesson,
    NewSubtask,
    NotTheInstructor,
    NotWelcome,
    Status,
    UnknownSession,
    UnknownSubtask,
    User,
)

pytestmark = pytest.mark.usefixtures("lesson")


async def status_of(store, user):
    return {each.user_id: each.status for each in await store.participants("TEST001")}[user.id]


async def test_a_lesson_is_found_as_it_was_stored(store, lesson):
    assert await store.lesson("TEST001") == lesson
    assert [(each.order_index, each.voice_guide_text) for each in lesson.subtasks] == [
        (1, None),
        (2, "닫으세요"),
    ]


async def test_a_code_is_given_once(store):
    with pytest.raises(CodeTaken):
        await store.add_lesson(NewLesson("TEST001", "Other", [NewSubtask("One", "CLICK", "")]))


async def test_what_an_instructor_does_is_stored_and_logged(store, lesson, kim, noon):
    second = lesson.subtasks[1]
    await store.control("TEST001", Control(Action.START_STEP, kim, noon, "다음", second.id))
    await store.control("TEST001", Control(Action.PAUSE, kim, noon))

    stored = await store.lesson("TEST001")
    assert (stored.status, stored.current) == (Status.PAUSED, second)
    logged = [(each.action, each.subtask_id, each.message) for each in await store.controls("TEST001")]
    assert logged == [(Action.START_STEP, second.id, "다음"), (Action.PAUSE, None, "")]


async def test_what_is_refused_is_not_logged(store, ann, noon):
    with pytest.raises(NotTheInstructor):
        await store.control("TEST001", Control(Action.PAUSE, ann, noon))

    assert await store.controls("TEST001") == []
    assert (await store.lesson("TEST001")).status is Status.WAITING


async def test_who_comes_twice_is_one_participant(store, ann, noon):
    first = await store.arrive("TEST001", ann, "a", noon)
    again = await store.arrive("TEST001", User(ann.id, "Anna", ann.roles), "b", noon)

    assert first.status is Attention.WAITING
    assert (again.id, again.user_name) == (first.id, "Anna")


async def test_of_many_who_end_a_lesson_at_once_one_does(store, kim, noon):
    end = Control(Action.END_STEP, kim, noon)

    outcomes = await asyncio.gather(
        *(store.control("TEST001", end) for _ in range(6)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Lesson", *["SessionEnded"] * 5]
    assert [each.action for each in await store.controls("TEST001")] == [Action.END_STEP]


async def test_many_tabs_that_open_at_once_are_one_participant(store, ann, noon):
    found = await asyncio.gather(*(store.arrive("TEST001", ann, str(each), noon) for each in range(10)))

    assert len({each.id for each in found}) == 1


async def test_who_is_not_welcome_or_knows_no_code_leaves_no_trace(store, noon):
    with pytest.raises(NotWelcome):
        await store.arrive("TEST001", User("9", "Lee", []), "a", noon)
    with pytest.raises(UnknownSession):
        await store.arrive("NOWHERE", User("9", "Lee", ["STUDENT"]), "a", noon)

    assert await store.participants("TEST001") == []


async def test_a_join_makes_active_and_the_end_of_the_connection_disconnected(store, ann, noon):
    participant = await store.arrive("TEST001", ann, "a", noon)
    await store.join(participant.id, "a", noon)
    joined = await status_of(store, ann)
    gone = await store.leave(participant.id, "a", noon)

    assert joined is Attention.ACTIVE
    assert gone is not None
    assert await status_of(store, ann) is Attention.DISCONNECTED


async def test_of_who_never_joined_nobody_hears_when_they_go(store, ann, noon):
    participant = await store.arrive("TEST001", ann, "a", noon)

    assert await store.leave(participant.id, "a", noon) is None
    assert await status_of(store, ann) is Attention.DISCONNECTED


async def test_an_older_connection_that_ends_changes_nothing(store, ann, noon):
    participant = await store.arrive("TEST001", ann, "old", noon)
    await store.join(participant.id, "old", noon)
    await store.arrive("TEST001", ann, "new", noon)

    assert await store.leave(participant.id, "old", noon) is None
    assert await status_of(store, ann) is Attention.ACTIVE


async def test_progress_is_a_step_of_the_lesson(store, lesson, ann, noon):
    participant = await store.arrive("TEST001", ann, "a", noon)
    later = noon + timedelta(minutes=1)
    step = lesson.subtasks[0].id
    progressed = await store.progress(participant.id, step, later)

    assert (progressed.current_subtask, progressed.last_active_at) == (step, later)
    with pytest.raises(UnknownSubtask):
        await store.progress(participant.id, 99, later)


async def test_only_students_are_missed_and_of_those_who_joined_others_hear(store, kim, ann, noon):
    bob = User("3", "Bob", ["STUDENT"])
    for user in (kim, ann, bob):
        participant = await store.arrive("TEST001", user, user.id, noon)
        if user is not bob:
            await store.join(participant.id, user.id, noon)

    missed = await store.miss(noon + timedelta(seconds=1))

    assert [each.user_id for each in missed] == [ann.id]
    assert await status_of(store, kim) is Attention.ACTIVE
    assert await status_of(store, bob) is Attention.DISCONNECTED
    assert await store.miss(noon + timedelta(seconds=1)) == []


async def test_who_was_heard_of_is_not_missed(store, ann, noon):
    participant = await store.arrive("TEST001", ann, "a", noon)
    await store.heard({participant.id: noon + timedelta(minutes=2)})

    assert await store.miss(noon + timedelta(minutes=1)) == []
    assert (await store.participants("TEST001"))[0].last_active_at == noon + timedelta(minutes=2)


async def test_who_is_back_is_active_once(store, ann, noon):
    participant = await store.arrive("TEST001", ann, "a", noon)
    await store.join(participant.id, "a", noon)
    await store.miss(noon + timedelta(seconds=1))

    assert [each.user_id for each in await store.welcome_back([participant.id])] == [ann.id]
    assert await store.welcome_back([participant.id]) == []
    assert await status_of(store, ann) is Attention.ACTIVE
