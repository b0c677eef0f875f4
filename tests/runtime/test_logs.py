"""Log lines."""

import json
import logging
import sys

from wirepact.logs import FieldsFormatter, JsonFormatter, QueryFilter, keep_queries_out


def line(text, *args, **fields):
    record = logging.LogRecord("wirepact.server", logging.INFO, "f", 1, text, args, None)
    record.fields = fields
    record.created, record.msecs = 1768132800.25, 250
    return FieldsFormatter().format(record)


def test_a_line_has_the_time_in_utc_and_the_fields_by_name():
    assert (
        line("closed", connection="9f2c", code=1001, user=None)
        == "2026-01-11T12:00:00.250Z INFO wirepact.server closed connection=9f2c code=1001"
    )


def test_a_value_can_not_pretend_to_be_a_field_or_a_line():
    assert line("opened", user='x code=1 "\n').endswith(r"""user='x code=1 "\n'""")
    assert line("opened", user="").endswith("user=''")


def test_a_line_of_json_has_the_same_fields_and_the_traceback():
    try:
        raise ValueError("within")  # noqa: TRY301 - to have one that was raised
    except ValueError:
        record = logging.LogRecord(
            "wirepact.server", logging.ERROR, "f", 1, "%s failed", ("it",), sys.exc_info()
        )
    record.fields = {"connection": "9f2c", "code": 1001, "user": None, "line": "two\nlines", "time": "never"}
    record.created = 1768132800.25

    said = JsonFormatter().format(record)

    told = json.loads(said)
    assert "\n" not in said
    assert told.pop("exception").endswith("ValueError: within")
    assert told == {
        "time": "2026-01-11T12:00:00.250Z",
        "level": "error",
        "logger": "wirepact.server",
        "message": "it failed",
        "connection": "9f2c",
        "code": 1001,
        "line": "two\nlines",
    }


def test_a_query_is_cut_off_what_uvicorn_logs():
    arguments = ("127.0.0.1:5", "GET", "/api/?token=abc", "1.1", 200)
    record = logging.LogRecord(
        "uvicorn.access", logging.INFO, "f", 1, '%s - "%s %s HTTP/%s" %d', arguments, None
    )

    assert QueryFilter().filter(record)
    assert record.getMessage() == '127.0.0.1:5 - "GET /api/ HTTP/1.1" 200'


def test_keeping_queries_out_twice_is_the_same_as_once():
    keep_queries_out()
    keep_queries_out()

    filters = logging.getLogger("uvicorn.access").filters
    assert sum(isinstance(each, QueryFilter) for each in filters) == 1
