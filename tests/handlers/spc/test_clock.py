from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.spc.clock import Clock, utc_now


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Seoul", "2026-07-11T21:00:05"),
        ("Europe/Berlin", "2026-07-11T14:00:05"),
        ("UTC", "2026-07-11T12:00:05"),
    ],
)
def test_the_wall_shows_the_factorys_time_in_whole_seconds_without_a_zone(zone, shown):
    at = datetime(2026, 7, 11, 12, 0, 5, 999_999, tzinfo=UTC)

    assert Clock(ZoneInfo(zone)).on_the_wall(at).isoformat() == shown


def test_the_clock_knows_its_zone():
    assert utc_now().tzinfo is UTC


def test_what_the_wall_shows_is_a_moment():
    at = Clock(ZoneInfo("Asia/Seoul")).at(datetime(2026, 7, 11, 21, 0, 5))  # noqa: DTZ001 - what a wall shows

    assert at == datetime(2026, 7, 11, 12, 0, 5, tzinfo=UTC)
