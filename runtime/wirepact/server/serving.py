"""How uvicorn is run: our protocol, no compression, limits from the documents, and a log without queries."""

import gc
from typing import Any

import uvicorn

from wirepact.descriptors import Channel
from wirepact.lines import FRAME_BYTES
from wirepact.server.app import App
from wirepact.server.handover import HttpProtocol
from wirepact.server.protocol import WebSocketProtocol
from wirepact.settings import Settings

WORKER_STARTS = 30
"""Seconds that a worker may take to start, or to answer its supervisor."""


_NEW_OBJECTS = 10_000
"""How many more objects there are than at the last look before the collector looks again; Python's own is 700."""


class Served(uvicorn.Config):
    """The configuration of a process that does nothing but serve."""

    def load(self) -> None:
        """Make the application, and have the collector of garbage leave it alone from then on."""
        super().load()
        spare_the_collector()


def spare_the_collector() -> None:
    """Have the collector of garbage look seldom, and never at what is there by now, which stays.

    Connections live long. As Python sets it up, the collector goes through all of them again and again while more of
    them come: a third of what connecting costs, and a pause for everybody.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


def uvicorn_config(
    app: App | str,
    settings: Settings,
    *,
    largest: int,
    kind: type[uvicorn.Config] = uvicorn.Config,
    **options: Any,
) -> uvicorn.Config:
    """The configuration for *app*, or for the function that the text names.

    *largest* is the most bytes that a message may have; `options` go to uvicorn.
    """
    return kind(
        app,
        factory=isinstance(app, str),
        ws_max_size=largest,
        timeout_worker_healthcheck=WORKER_STARTS,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_window)),
        server_header=False,
        proxy_headers=False,  # `addresses` reads them, of proxies that the settings name
        **{
            "http": HttpProtocol,
            "ws": WebSocketProtocol,
            "ws_per_message_deflate": False,
            "ws_ping_interval": settings.ping_interval,
            "ws_ping_timeout": settings.ping_timeout,
            **options,
        },
    )


def largest_message(app: App) -> int:
    """The most bytes that a frame may have at any channel of *app*."""
    return max((_largest_frame(each) for each in app.channels), default=FRAME_BYTES)


def _largest_frame(channel: Channel[Any, Any]) -> int:
    message = channel.limits.message_bytes
    return max(message, FRAME_BYTES) if channel.has_lines else message


def log_config(settings: Settings) -> dict[str, Any]:
    """Everything on stderr, a line a record; other libraries only when something is wrong."""
    level = settings.log_level.upper()
    formatter = "JsonFormatter" if settings.log_format == "json" else "FieldsFormatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"fields": {"()": f"wirepact.logs.{formatter}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "fields"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {name: {"level": level} for name in ("wirepact", "uvicorn", "handlers")},
    }
