"""What a process counts and measures, for Prometheus. Labels come from the document and from our code, never from a peer.

Children are looked up once a channel, so that counting costs an addition. A close code that neither the document nor the
standard knows is counted as `other`: a peer chooses it, and must not choose how much memory that takes.

Where several workers serve one port (`PROMETHEUS_MULTIPROC_DIR` is set, which `wirepact serve --workers` does), each writes
its numbers to files there, and whichever of them is asked answers for all.
"""

import os
import re
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from wirepact.broker import Health
from wirepact.close_codes import STANDARD
from wirepact.descriptors import Channel, HttpOperation
from wirepact.messages import Message
from wirepact.topics import place_of

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

Over = Literal["livesum", "livemax", "livemin"]
"""What a gauge shows of several workers."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CHANNEL = ("service", "channel")


class Metrics:
    """Everything that one process measures, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._channels: dict[tuple[str, str], ChannelMetrics] = {}
        self._make_those_of_channels()
        self._make_those_of_the_node()

    def channel(self, channel: Channel[Any, Any]) -> "ChannelMetrics":
        """What is counted at one channel."""
        known = (channel.service, channel.name)
        if known not in self._channels:
            self._channels[known] = ChannelMetrics(self, channel)
        return self._channels[known]

    def answered(self, operation: HttpOperation, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        self.requests.labels(operation.service, operation.name, status).observe(seconds)

    def published(self, service: str, operation: str, seconds: float | None) -> None:
        """A message to an audience was taken in by the broker; without *seconds* it was not."""
        if seconds is None:
            self.unpublished.labels(service, operation).inc()
        else:
            self._publishing(service, operation).observe(seconds)

    def delivering(self, topic: str) -> Callable[[int], None]:
        """What counts the deliveries of *topic*: those of its channel."""
        known = self._channels.get(place_of(topic))
        return _nothing if known is None else known.delivered

    @property
    def codes(self) -> Tally[str]:
        """How connections ended and visitors were turned away, by close code."""
        return sum((each.codes for each in self._channels.values()), Tally())

    def lagged(self, seconds: float) -> None:
        """So late was the event loop."""
        self.loop_lag.observe(seconds)

    def sample(self, health: Health, counts: Mapping[str, int], topics: int, *, is_draining: bool) -> None:
        """How the node and its broker are, at this moment."""
        self.topics.set(topics)
        self.draining.set(is_draining)
        self.broker_connected.set(health.is_connected)
        self.broker_deaf.set(health.is_deaf)
        self.broker_silence.set(health.silence or 0)
        self.broker_lag.set(health.lag or 0)
        for event, count in counts.items():
            self.broker_events.labels(event).inc(count - self._counted[event])
            self._counted[event] = count

    def text(self) -> bytes:
        """Everything, as Prometheus reads it: of all workers, if they write to one folder."""
        folder = os.environ.get(SHARED_FOLDER)
        if folder is None:
            return generate_latest(self.registry)
        for number in _gone(Path(folder)):
            mark_process_dead(number, folder)  # type: ignore[no-untyped-call] # the library has not typed it
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # nor this
        return generate_latest(together)

    def _make_those_of_channels(self) -> None:
        self.connections = self._gauge("connections", "Connections that are open now.", _CHANNEL)
        self.opened = self._counter("connections_opened", "Connections that were let in.", "profile")
        self.closed = self._counter("connections_closed", "Connections that ended.", "code")
        self.refused = self._counter("connections_refused", "Visitors that were not let in.", "code")
        self.received = self._counter("messages_received", "Messages that peers sent.", "message")
        self.rejected = self._counter("messages_rejected", "Messages that got an error.", "code")
        self.handling = self._histogram(
            "handler_seconds", "How long handlers took.", (*_CHANNEL, "operation")
        )
        self.sent = self._counter("messages_sent", "Messages to one peer.", "message")
        self.delivered = self._counter("deliveries", "Publications handed to a peer.")
        self.dropped = self._counter("dropped", "Publications that a peer did not get.", "reason")
        self.recoveries = self._counter(
            "recoveries", "Peers that came back and said where they were.", "outcome"
        )
        self.replayed = self._counter("replayed", "Publications that were replayed to them.")
        self.requests = self._histogram(
            "http_request_seconds", "How long HTTP operations took.", ("service", "operation", "status")
        )
        self.publishing = self._histogram(
            "publish_seconds", "How long the broker took for a publication.", ("service", "operation")
        )
        self._publishing = cache(self.publishing.labels)
        self.unpublished = Counter(
            "wirepact_unpublished",
            "Publications that the broker did not take.",
            ("service", "operation"),
            registry=self.registry,
        )

    def _make_those_of_the_node(self) -> None:
        self.loop_lag = self._histogram("loop_lag_seconds", "How late the event loop was.", ())
        self.blocked = Counter(
            "wirepact_loop_blocked", "How often the event loop stood still.", registry=self.registry
        )
        self.presence = self._histogram(
            "presence_refresh_seconds", "How long it took to say who is still here.", ()
        )
        self.topics = self._gauge("topics", "Topics that somebody here listens to.")
        self.waiting = self._gauge("waiting_bytes", "What waits for peers that are behind.")
        self.draining = self._gauge("draining", "Processes that let nobody in any more.")
        self.broker_connected = self._gauge(
            "broker_connected", "Whether the broker is in reach.", over="livemin"
        )
        self.broker_deaf = self._gauge(
            "broker_deaf", "Whether nothing is heard of the broker.", over="livemax"
        )
        self.broker_silence = self._gauge(
            "broker_silence_seconds", "Since when nothing was heard of the broker.", over="livemax"
        )
        self.broker_lag = self._gauge(
            "broker_lag_seconds", "How long the last echo through the broker took.", over="livemax"
        )
        self.broker_events = Counter(
            "wirepact_broker_events", "What went wrong at the broker.", ("event",), registry=self.registry
        )
        self._counted: Tally[str] = Tally()

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"wirepact_{name}", what, (*_CHANNEL, *labels), registry=self.registry)

    def _gauge(self, name: str, what: str, labels: Iterable[str] = (), over: Over = "livesum") -> Gauge:
        return Gauge(f"wirepact_{name}", what, labels, registry=self.registry, multiprocess_mode=over)

    def _histogram(self, name: str, what: str, labels: Iterable[str]) -> Histogram:
        return Histogram(f"wirepact_{name}", what, labels, registry=self.registry, buckets=_SECONDS)


class ChannelMetrics:
    """What is counted at one channel. Messages and operations are those of the document."""

    def __init__(self, metrics: Metrics, channel: Channel[Any, Any]) -> None:
        here = (channel.service, channel.name)
        self._known = frozenset({*STANDARD, *channel.close_codes})
        self._connections = metrics.connections.labels(*here)
        self._delivered = metrics.delivered.labels(*here)
        self._replayed = metrics.replayed.labels(*here)
        self._received = _by_model(metrics.received, here, channel.receives.types)
        self._sent = _by_model(metrics.sent, here, channel.sends.types)
        self._opened = cache(lambda profile: metrics.opened.labels(*here, profile))
        self._rejected = cache(lambda code: metrics.rejected.labels(*here, code))
        self._handling = cache(lambda operation: metrics.handling.labels(*here, operation))
        self._dropped = cache(lambda reason: metrics.dropped.labels(*here, reason))
        self._recoveries = cache(lambda outcome: metrics.recoveries.labels(*here, outcome))
        self._closed = cache(lambda code: metrics.closed.labels(*here, code))
        self._refused = cache(lambda code: metrics.refused.labels(*here, code))
        self.codes: Tally[str] = Tally()

    def opened(self, profile: str) -> None:
        """A connection was let in, and speaks *profile*."""
        self._connections.inc()
        self._opened(profile).inc()

    def closed(self, code: int) -> None:
        """A connection that had been let in ended with *code*."""
        self._connections.dec()
        self.codes[self._label(code)] += 1
        self._closed(self._label(code)).inc()

    def refused(self, code: int) -> None:
        """A visitor was turned away with *code*."""
        self.codes[self._label(code)] += 1
        self._refused(self._label(code)).inc()

    def received(self, message: Message) -> None:
        """A peer sent *message*."""
        self._received[type(message)].inc()

    def rejected(self, code: str) -> None:
        """What a peer sent got an error; *code* is one of `wirepact.errors`."""
        self._rejected(code).inc()

    def handled(self, operation: str, seconds: float) -> None:
        """A handler is done."""
        self._handling(operation).observe(seconds)

    def sent(self, message: Message) -> None:
        """*message* went to one peer."""
        self._sent[type(message)].inc()

    def delivered(self, count: int) -> None:
        """So many publications were handed to peers, each peer counted."""
        self._delivered.inc(count)

    def dropped(self, reason: str, count: int = 1) -> None:
        """So many publications were not handed to a peer."""
        self._dropped(reason).inc(count)

    def recovered(self, *, is_complete: bool, replayed: int = 0) -> None:
        """A peer that came back got what it had missed, or was told that something is missing."""
        self._recoveries("complete" if is_complete else "incomplete").inc()
        self._replayed.inc(replayed)

    def _label(self, code: int) -> str:
        return str(code) if code in self._known else "other"


def _nothing(_: int) -> None:
    """What is counted of a topic that belongs to no channel."""


def _by_model(
    counter: Counter, here: tuple[str, str], types: Iterable[Any]
) -> Mapping[type[Message], Counter]:
    return {each.model: counter.labels(*here, each.name) for each in types}


def _gone(folder: Path) -> set[int]:
    """The workers that still have gauges in *folder* and are no more."""
    numbers = {
        int(found[1])
        for each in folder.glob("gauge_live*.db")
        if (found := re.search(r"_(\d+)\.db$", each.name))
    }
    return {number for number in numbers if not _is_alive(number)}


def _is_alive(number: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
    return True
