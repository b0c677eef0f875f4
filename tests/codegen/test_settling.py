"""Who gets which name does not depend on who asks first."""

from hypothesis import given
from hypothesis import strategies as st

from wirepact_codegen.field_names import field_names
from wirepact_codegen.settling import Claim, numbered, settled

NAMES = st.sampled_from("abcd")
CLAIMS = st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=4), st.integers(0, 2)), max_size=8)


def claims(wishes):
    return [
        Claim(number, [*names, *numbered(names[0], str(number))], rank)
        for number, (names, rank) in enumerate(wishes)
    ]


@given(CLAIMS, st.randoms())
def test_the_order_of_the_claims_changes_nothing(wishes, chance):
    every = claims(wishes)
    shuffled = chance.sample(every, len(every))

    assert settled(every) == settled(shuffled)


@given(CLAIMS)
def test_everyone_gets_a_name_of_its_own(wishes):
    given_names = settled(claims(wishes), taken="a")

    assert len({*given_names.values()}) == len(given_names) == len(wishes)
    assert "a" not in given_names.values()


def test_a_name_that_two_want_alike_is_nobodys():
    assert settled([Claim(1, ["a", "b"]), Claim(2, ["a", "c"])]) == {1: "b", 2: "c"}
    assert settled([Claim(1, ["a", "b"], 1), Claim(2, ["a", "c"])]) == {1: "a", 2: "c"}


def test_what_is_the_same_in_every_word_is_counted():
    assert settled([Claim(1, ["a"]), Claim(2, ["a"])]) == {1: "a_2", 2: "a_3"}


def test_fields_that_can_keep_their_spelling_do():
    def fields(*wire):
        return list(field_names({each: {} for each in wire}, []).values())

    assert fields("q", "Q") == ["q", "Q"]
    assert fields("event-type", "event_type") == ["event_hyphen_type", "event_type"]
    assert fields("fooBar", "foo_bar", "FooBar") == ["fooBar", "foo_bar", "FooBar"]
    assert fields("·", "·a") == ["middle_dot", "a"]
    assert fields("class", "class_") == ["class_0889", "class_"]
    assert fields("date", "Date") == ["date", "date_99c4"]


@given(st.lists(st.text(max_size=4), unique=True, max_size=6), st.randoms())
def test_the_order_of_properties_changes_no_field(wire, chance):
    found = field_names({each: {} for each in wire}, ["Order"])
    again = field_names({each: {} for each in chance.sample(wire, len(wire))}, ["Order"])

    assert found == again
    assert len({*found.values()}) == len(wire)
    assert all(name.isidentifier() and not name.startswith("_") for name in found.values())
