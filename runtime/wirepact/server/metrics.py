"""What a node counts and measures, for Prometheus. Labels come from the document, never from a peer.

Children are looked up once a channel, so that counting costs an addition. A close code that neither the document nor the
standard knows is counted as `other`: a peer chooses it, and must not choose how much memory that takes.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from wirepact.close_codes import STANDARD
from wirepact.descriptors import Channel, HttpOperation

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Everything that one process measures, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        by_channel = ("service", "channel")
        self.connections = self._gauge("connections", "Connections that are open now.", by_channel)
        self.opened = self._counter(
            "connections_opened", "Connections that were let in.", (*by_channel, "profile")
        )
        self.closed = self._counter("connections_closed", "Connections that ended.", (*by_channel, "code"))
        self.refused = self._counter(
            "connections_refused", "Visitors that were not let in.", (*by_channel, "code")
        )
        self.received = self._counter(
            "messages_received", "Messages that peers sent.", (*by_channel, "message")
        )
        self.rejected = self._counter(
            "messages_rejected", "Messages that got an error.", (*by_channel, "code")
        )
        self.handling = self._histogram(
            "handler_seconds", "How long handlers took.", (*by_channel, "operation")
        )
        self.sent = self._counter("messages_sent", "Messages to one peer.", (*by_channel, "message"))
        self.published = self._counter("publications", "Messages to an audience.", (*by_channel, "operation"))
        self.delivered = self._counter("deliveries", "Publications handed to a peer.", by_channel)
        self.dropped = self._counter(
            "dropped", "Publications that a peer did not get.", (*by_channel, "reason")
        )
        self.requests = self._histogram(
            "http_request_seconds", "How long HTTP operations took.", ("service", "operation", "status")
        )
        self.loop_lag = self._histogram("loop_lag_seconds", "How late the event loop was.", ())

    def channel(self, channel: Channel[Any, Any]) -> "ChannelMetrics":
        """What is counted at one channel."""
        return ChannelMetrics(self, channel)

    def answered(self, operation: HttpOperation, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        self.requests.labels(operation.service, operation.name, status).observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, labels: Iterable[str]) -> Counter:
        return Counter(f"wirepact_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, labels: Iterable[str]) -> Gauge:
        return Gauge(f"wirepact_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, labels: Iterable[str]) -> Histogram:
        return Histogram(f"wirepact_{name}", what, labels, registry=self.registry, buckets=_SECONDS)


class ChannelMetrics:
    """What is counted at one channel."""

    def __init__(self, metrics: Metrics, channel: Channel[Any, Any]) -> None:
        here = (channel.service, channel.name)
        self._known = frozenset({*STANDARD, *channel.close_codes})
        self.connections = metrics.connections.labels(*here)
        self.delivered = metrics.delivered.labels(*here)
        self.opened = cache(lambda profile: metrics.opened.labels(*here, profile))
        self.received = cache(lambda message: metrics.received.labels(*here, message))
        self.rejected = cache(lambda code: metrics.rejected.labels(*here, code))
        self.handling = cache(lambda operation: metrics.handling.labels(*here, operation))
        self.sent = cache(lambda message: metrics.sent.labels(*here, message))
        self.published = cache(lambda operation: metrics.published.labels(*here, operation))
        self.dropped = cache(lambda reason: metrics.dropped.labels(*here, reason))
        self._closed = cache(lambda code: metrics.closed.labels(*here, code))
        self._refused = cache(lambda code: metrics.refused.labels(*here, code))

    def closed(self, code: int) -> None:
        """A connection ended with *code*."""
        self._closed(self._label(code)).inc()

    def refused(self, code: int) -> None:
        """A visitor was turned away with *code*."""
        self._refused(self._label(code)).inc()

    def _label(self, code: int) -> str:
        return str(code) if code in self._known else "other"
