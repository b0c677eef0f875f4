"""What is said about places in what a topic kept."""

import pytest

from wirepact.broker import MAX_INTEGER, Position, new_epoch


@pytest.mark.parametrize(
    "position", [Position("a1", 0), Position("Z", MAX_INTEGER), Position(new_epoch(), 7)]
)
def test_a_position_is_read_as_it_is_written(position):
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "a", "a.", ".1", "a.-1", "a.+1", "a.1.2", "a. 1", "a b.1", "ü.1", "a.\u0661", "a.1e3", "a_b.1",
        f"a.{MAX_INTEGER + 1}", "a." + "9" * 5000, "a" * 5000 + ".1", "a.1\n",
    ],
)  # fmt: skip
def test_what_is_no_position_is_refused(text):
    with pytest.raises(ValueError, match="is no position"):
        Position.parse(text)


def test_no_epoch_is_there_twice():
    assert len({new_epoch() for _ in range(1000)}) == 1000
