"""Where someone is in a topic."""

import pytest

from wirepact.broker import Position
from wirepact.core.place import Place, Verdict


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [
        (Position("e", 6), Verdict.DELIVER),
        (Position("e", 5), Verdict.DUPLICATE),
        (Position("e", 1), Verdict.DUPLICATE),
        (Position("e", 7), Verdict.GAP),
        (Position("f", 1), Verdict.NEW_EPOCH),
        (Position("f", 6), Verdict.NEW_EPOCH),
    ],
)
def test_the_next_publication_is_judged_by_its_position(heard, verdict):
    assert Place(Position("e", 5)).judge(heard) is verdict


def test_only_what_is_delivered_moves_the_place():
    place = Place(Position("e", 5))

    for heard in (Position("e", 6), Position("e", 6), Position("e", 9), Position("f", 1)):
        place.judge(heard)

    assert place.position == Position("e", 6)
