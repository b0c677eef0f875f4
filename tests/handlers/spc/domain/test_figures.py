from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.spc.domain import InvalidPeriod, Period

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 1, 11, 12, 0, tzinfo=SEOUL)


@pytest.mark.parametrize("longer", [timedelta(), timedelta(seconds=-1), timedelta(days=92, seconds=1)])
def test_a_period_that_is_none_is_refused(longer):
    with pytest.raises(InvalidPeriod, match="until: must be after since, by no more than 92 days"):
        Period(NOON, NOON + longer)


def test_days_end_at_midnight_where_the_factory_is():
    days = Period(NOON, (NOON + timedelta(days=1)).astimezone(UTC)).days

    assert days == [
        (date(2026, 1, 11), datetime(2026, 1, 12, tzinfo=SEOUL)),
        (date(2026, 1, 12), datetime(2026, 1, 13, tzinfo=SEOUL)),
    ]


def test_a_period_that_ends_at_midnight_has_no_day_after_it():
    midnight = datetime(2026, 1, 12, tzinfo=SEOUL)

    assert [day for day, _ in Period(NOON, midnight).days] == [date(2026, 1, 11)]


def test_a_day_on_which_clocks_are_changed_has_its_own_length():
    first = datetime(2026, 3, 29, tzinfo=BERLIN)

    (_, end), _ = Period(first, datetime(2026, 3, 30, 12, tzinfo=BERLIN)).days

    assert end.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=23)
