"""The bounded outbox."""

from wirepact.core.flow import Outbox


def test_items_come_out_in_order():
    outbox = Outbox(10)
    for item in "abc":
        assert outbox.put(item, 3)

    assert [outbox.take() for _ in range(3)] == ["a", "b", "c"]
    assert (len(outbox), outbox.size) == (0, 0)


def test_what_is_over_the_limit_does_not_fit_and_changes_nothing():
    outbox = Outbox(10)
    outbox.put("a", 10)

    assert not outbox.put("b", 1)
    assert (len(outbox), outbox.size) == (1, 10)


def test_one_item_always_fits_an_empty_outbox():
    assert Outbox(10).put("long", 100)


def test_room_comes_back_when_something_is_taken_or_all_is_dropped():
    outbox = Outbox(10)
    outbox.put("a", 10)
    outbox.take()

    assert outbox.put("b", 10)
    outbox.clear()
    assert outbox.put("c", 10)
