import pytest

from handlers.robodine.domain import InvalidRecord, Quiet, Record, UnknownRecord, record, removal, report

TOPICS = frozenset({"robots", "tables"})


def test_a_line_with_data_is_a_record():
    said = {"topic": "robots", "id": "r1", "data": {"state": "idle"}}

    assert report(said, TOPICS) == Record("robots", "r1", {"state": "idle"})


def test_a_line_without_data_removes():
    assert report({"topic": "robots", "id": "r1", "data": None}, TOPICS).as_told() == {
        "id": "r1",
        "removed": True,
    }


@pytest.mark.parametrize("record_id", ["", "a b", "가", "r1\n", "x" * 101, None, 1])
def test_an_id_is_of_some_letters(record_id):
    with pytest.raises(InvalidRecord):
        record("robots", record_id, {})


def test_what_can_not_be_an_id_is_that_of_no_record():
    with pytest.raises(UnknownRecord):
        removal("robots", "a b")


def test_a_topic_is_overdue_when_nothing_was_told_for_the_interval():
    quiet = Quiet(10)
    quiet.note("robots", 0)
    quiet.note("tables", 4)

    assert quiet.overdue(9.9) == []
    assert quiet.until_next(9) == 1
    assert quiet.overdue(10) == ["robots"]
    assert quiet.overdue(14) == ["robots", "tables"]


def test_a_topic_that_was_told_something_waits_again():
    quiet = Quiet(10)
    quiet.note("robots", 0)
    quiet.note("robots", 9)

    assert quiet.overdue(18) == []
