import pytest

from contract.matching import filled_in, matches


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({"a": 1, "b": [1.0, "x"]}, {"b": [1, "x"], "a": 1.0}),
        ("$integer", 5),
        ("$number", 5.5),
        ("$string", ""),
        ("$time", "2026-01-11T12:00:00"),
        ("$time", "2026-01-11T12:00:00.123456"),
        ("$anything", None),
        (None, None),
        (True, True),
    ],
)
def test_what_matches(expected, got):
    assert matches(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": 1}, [["a", 1]]),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ([1], {"0": 1}),
        (1, True),
        (True, 1),
        (0, False),
        (1, "1"),
        ("$integer", True),
        ("$integer", 5.5),
        ("$number", True),
        ("$string", None),
        ("$time", "2026-01-11T12:00:00Z"),
        ("$time", "2026-01-11 12:00:00"),
        (None, 0),
    ],
)
def test_what_does_not(expected, got):
    assert not matches(expected, got)


def test_kept_values_take_the_place_of_their_names():
    kept = {"product": 7}

    assert filled_in({"id": "$product", "at": ["$time", "$product", "plain"]}, kept) == {
        "id": 7,
        "at": ["$time", 7, "plain"],
    }
    with pytest.raises(KeyError):
        filled_in("$unheard_of", kept)
