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


def test_the_latest_takes_the_place_of_what_waited_under_its_key():
    outbox = Outbox(10)
    for key, item in (("a", "a1"), ("b", "b1"), ("a", "a2")):
        assert outbox.put_latest(key, item, 4)

    assert (len(outbox), outbox.size) == (2, 8)
    assert [outbox.take() for _ in range(2)] == ["b1", "a2"]
    assert outbox.size == 0


def test_the_latest_frees_the_room_of_what_it_replaces():
    outbox = Outbox(10)
    outbox.put("x", 2)
    outbox.put_latest("a", "a1", 8)

    assert outbox.put_latest("a", "a2", 8)
    assert not outbox.put_latest("b", "b1", 1)
    assert [outbox.take() for _ in range(2)] == ["x", "a2"]


def test_keys_are_nobody_elses():
    outbox = Outbox(10)
    outbox.put("first", 1)
    outbox.put_latest(1, "latest", 1)
    outbox.put("second", 1)

    assert [outbox.take() for _ in range(3)] == ["first", "latest", "second"]
