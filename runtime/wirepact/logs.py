"""How the runtime logs: a short text, and what it is about as named fields. Never a payload, never a token.

One line looks like this:

    2026-01-11T12:00:00.000Z INFO wirepact.server closed connection=9f2c61d0 channel=spc.product code=1001

or, with `WIREPACT_LOG_FORMAT=json`, like this:

    {"connection": "9f2c61d0", "channel": "spc.product", "code": 1001, "time": "2026-01-11T12:00:00.000Z", "level": "info", …}
"""

import json
import logging
import re
import time
from datetime import UTC, datetime
from typing import Any


class FieldsFormatter(logging.Formatter):
    """One line a record: time in UTC, level, logger, text, and the fields given as `extra={"fields": …}`."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def converter(self, seconds: float | None) -> time.struct_time:
        """The time of a record, in UTC."""
        return time.gmtime(seconds)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line, with the fields at its end."""
        fields: dict[str, Any] = getattr(record, "fields", {})
        shown = [f" {name}={_shown(value)}" for name, value in fields.items() if value is not None]
        return super().formatMessage(record) + "".join(shown)


class JsonFormatter(logging.Formatter):
    """An object a line: `time`, `level`, `logger`, `message`, the fields, and `exception` with its traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = getattr(record, "fields", {})
        shown = {name: value for name, value in fields.items() if value is not None}
        said: dict[str, Any] = {
            **shown,
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class QueryFilter(logging.Filter):
    """Cuts the query off every URL in a record: a token may stand there, and uvicorn logs it.

    What is below INFO does not pass at all: uvicorn hands its logger to a library that logs headers and frames.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may pass, which then has no query."""
        if record.levelno < logging.INFO:
            return False
        if isinstance(record.args, tuple):
            record.args = tuple(
                each.partition("?")[0] if isinstance(each, str) else each for each in record.args
            )
        return True


def keep_queries_out() -> None:
    """Make uvicorn's loggers forget queries, whoever started the server. May be called more than once."""
    for name in ("uvicorn.access", "uvicorn.error"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, QueryFilter) for each in logger.filters):
            logger.addFilter(QueryFilter())


def _shown(value: object) -> str:
    text = str(value)
    return repr(text) if not text or re.search(r'[\s="]', text) or not text.isprintable() else text
