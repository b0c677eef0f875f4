from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from handlers.tables import UtcTime

SEOUL = timezone(timedelta(hours=9))
NOON = datetime(2026, 1, 11, 12, 0, tzinfo=UTC)


def test_a_time_goes_in_as_utc():
    assert UtcTime().process_bind_param(NOON.astimezone(SEOUL), sqlite.dialect()).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("dialect", "kept"),
    [(sqlite.dialect(), NOON.replace(tzinfo=None)), (postgresql.dialect(), NOON.astimezone(SEOUL))],
    ids=["without a zone", "in the zone of the session"],
)
def test_a_time_comes_back_in_utc(dialect, kept):
    found = UtcTime().process_result_value(kept, dialect)

    assert found == NOON
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_not_taken():
    with pytest.raises(TypeError, match="has no time zone"):
        UtcTime().process_bind_param(NOON.replace(tzinfo=None), sqlite.dialect())
