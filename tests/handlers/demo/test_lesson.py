from itertools import islice, pairwise
from random import Random

from handlers.demo.lesson import STEPS, STUDENTS, Asked, Done, Led, Left, Paused, Resumed, Returned, lesson


def a_while(seed=1, turns=1000):
    return list(islice(lesson(Random(seed)), turns))


def test_the_same_seed_gives_the_same_lesson():
    assert a_while(seed=7) == a_while(seed=7)
    assert a_while(seed=7) != a_while(seed=8)


def test_every_kind_of_thing_happens():
    assert {type(each) for each in a_while()} == {Led, Done, Asked, Left, Returned, Paused, Resumed}


def test_steps_come_in_order_and_everyone_takes_each():
    turns = a_while()
    starts = [number for number, each in enumerate(turns) if isinstance(each, Led)]

    assert [turns[each].step for each in starts[: len(STEPS) + 1]] == [*range(len(STEPS)), 0]
    for start, end in pairwise(starts):
        done = [each.student for each in turns[start:end] if isinstance(each, Done)]
        assert sorted(done) == sorted(STUDENTS)


def test_who_is_away_does_nothing():
    away = set()
    for each in a_while():
        match each:
            case Left(student):
                away.add(student)
            case Returned(student):
                away.remove(student)
            case Done(student, _) | Asked(student, _, _):
                assert student not in away
