import pytest

from handlers.spc.domain import Access, Hearing, InvalidUser, Kind, Notification


def alert(priority, code="BOLT"):
    return Notification(Kind.ALERT, code, priority)


def test_who_never_said_anything_is_told_everything():
    assert all(Hearing().wants(Notification(kind, "BOLT", 1)) for kind in Kind)


@pytest.mark.parametrize(
    ("seen", "is_told"), [(None, True), ({"BOLT", "NUT"}, True), ({"NUT"}, False), ((), False)]
)
def test_only_visible_products_are_told_of(seen, is_told):
    hearing = Hearing(seen=None if seen is None else frozenset(seen))

    assert hearing.wants(alert(5)) is is_told


def test_a_muted_product_is_not_told_of():
    hearing = Hearing(muted=frozenset({"BOLT"}))

    assert [hearing.wants(alert(5, code)) for code in ("BOLT", "NUT")] == [False, True]


def test_alerts_that_are_not_urgent_enough_are_not_told():
    hearing = Hearing(min_priority=3)

    assert [hearing.wants(alert(priority)) for priority in (2, 3, 4)] == [False, True, True]


@pytest.mark.parametrize("kind", [Kind.MEASUREMENT, Kind.CAPABILITY, Kind.RUN_RULE_VIOLATION])
def test_only_alerts_have_a_priority(kind):
    assert Hearing(min_priority=5).wants(Notification(kind, "BOLT"))


def test_kinds_that_are_not_wanted_are_not_told():
    hearing = Hearing(kinds=frozenset({Kind.CAPABILITY}))

    assert [kind for kind in Kind if hearing.wants(Notification(kind, "BOLT"))] == [Kind.CAPABILITY]


@pytest.mark.parametrize("user", ["", "a" * 256, "a\0b"], ids=["empty", "too long", "no text"])
def test_nobody_is_called_what_can_not_be_kept(user):
    with pytest.raises(InvalidUser, match="user: must have 1 to 255 characters"):
        Access(user)
