from itertools import islice
from random import Random

from handlers.demo.ward import STAFF, Allowed, Came, Inferred, Left, Ordered, Went, ward


def a_day(seed=1, turns=2000):
    return list(islice(ward(Random(seed)), turns))


def test_the_same_seed_gives_the_same_day():
    assert a_day(seed=7) == a_day(seed=7)
    assert a_day(seed=7) != a_day(seed=8)


def test_every_kind_of_thing_happens():
    turns = a_day()

    assert {type(each) for each in turns} == {Ordered, Went, Inferred, Allowed, Came, Left}
    assert {each.status for each in turns if isinstance(each, Inferred)} == {
        "pending",
        "processing",
        "completed",
        "failed",
    }
    assert {each.what["type"] for each in turns if isinstance(each, Allowed)} == {
        "PERMISSION_GRANTED",
        "PERMISSION_REVOKED",
        "ROLE_CHANGED",
    }


def test_orders_are_made_once_and_go_one_way():
    ways = {}
    for each in a_day():
        match each:
            case Ordered(number):
                assert number not in ways
                ways[number] = []
            case Went(number, status):
                ways[number].append(status)

    way = ["accepted", "in_progress", "result_ready", "completed"]
    assert {tuple(each) for each in ways.values() if len(each) == len(way)} == {tuple(way)}
    assert all(each in (way[: len(each)], ["cancelled"]) for each in ways.values())


def test_several_orders_are_open_at_a_time():
    opened = 0
    most = 0
    for each in a_day():
        match each:
            case Ordered():
                opened += 1
            case Went(_, "completed" | "cancelled"):
                opened -= 1
        most = max(most, opened)

    assert 3 <= most <= 6


def test_who_is_gone_comes_before_they_go_again():
    here = set(STAFF)
    for each in a_day():
        match each:
            case Left(user):
                here.remove(user)
            case Came(user):
                assert user not in here
                here.add(user)
