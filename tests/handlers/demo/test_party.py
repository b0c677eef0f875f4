from itertools import islice
from random import Random

from handlers.demo.party import FRIENDS, SAID, Comes, Goes, Reads, Says, Shows, Types, party


def a_while(seed=1, turns=1000):
    return list(islice(party(Random(seed)), turns))


def test_the_same_seed_gives_the_same_chat():
    assert a_while(seed=7) == a_while(seed=7)
    assert a_while(seed=7) != a_while(seed=8)


def test_every_kind_of_thing_happens_and_everyone_speaks():
    turns = a_while()

    assert {type(each) for each in turns} == {Types, Says, Shows, Reads, Goes, Comes}
    assert {each.user for each in turns if isinstance(each, Says)} == set(FRIENDS)


def test_lines_come_in_order_and_begin_again():
    said = [each.text for each in a_while() if isinstance(each, Says)]

    assert said[: len(SAID) + 1] == [*SAID, SAID[0]]


def test_who_is_gone_does_nothing_until_they_are_back():
    away = set()
    for each in a_while():
        match each:
            case Goes(user):
                away.add(user)
            case Comes(user):
                away.remove(user)
            case _:
                assert each.user not in away
