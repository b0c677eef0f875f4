from itertools import islice
from random import Random

import pytest

from handlers.demo.evening import ROBOTS, TABLES, Evening
from handlers.robodine import translation
from handlers.robodine.domain import record


def an_evening(seed=1, moments=600):
    return list(islice(Evening(Random(seed)), moments))


def reports(moments, topic):
    return [each for moment in moments for each in moment if each.topic == topic]


def test_the_same_seed_gives_the_same_evening():
    assert an_evening(seed=7) == an_evening(seed=7)
    assert an_evening(seed=7) != an_evening(seed=8)


def test_every_report_is_as_the_document_has_it():
    for moment in an_evening():
        for each in moment:
            translation.check(record(each.topic, each.id, each.data))


def test_an_order_is_cooked_and_carried_to_its_table_by_a_robot():
    moments = an_evening()

    states = [each.data["state"] if each.data else "gone" for each in reports(moments, "orders")]
    first = next(each.id for each in reports(moments, "orders") if each.data)
    of_first = [each for each in reports(moments, "orders") if each.id == first]
    assert set(states) == {"new", "cooking", "done", "served", "gone"}
    assert [each.data and each.data["state"] for each in of_first[1:6]] == [
        "new",
        "cooking",
        "done",
        "served",
        None,
    ]
    delivered = [each for each in reports(moments, "events") if each.data["kind"] == "delivered"]
    assert len(delivered) == states.count("served")


def test_robots_stay_in_the_room_and_never_run_empty():
    for each in reports(an_evening(moments=3000), "robots"):
        assert 0 <= each.data["position"]["x"] <= 12
        assert 0 <= each.data["position"]["y"] <= 8
        assert 0 < each.data["battery"] <= 100


def test_batteries_are_charged_and_rice_is_bought():
    moments = an_evening(moments=3000)

    assert "charging" in {each.data["state"] for each in reports(moments, "robots")}
    assert {each.data["message"] for each in reports(moments, "systemlogs")} == {"battery low", "rice is low"}
    assert all(each.data["quantity"] > 0 for each in reports(moments, "inventory"))


@pytest.mark.parametrize(("topic", "most"), [("robots", ROBOTS), ("tables", len(TABLES)), ("events", 200)])
def test_an_evening_that_is_played_every_day_fills_no_database(topic, most):
    assert len({each.id for each in reports(an_evening(moments=6000), topic)}) == most
