"""The client's side: what emitted Python clients stand on. Needs `websockets`, and nothing of the server."""

from wirepact.client.addresses import base_url
from wirepact.client.client import Client
from wirepact.client.connection import ChannelConnection, Events
from wirepact.client.transport import Transport
from wirepact.core.attempts import Reconnect
from wirepact.core.backlog import Keeping
from wirepact.core.events import (
    Closed,
    Connected,
    Connecting,
    Degraded,
    Disconnected,
    Draining,
    Dropped,
    Event,
    Idle,
    Missed,
    NotSent,
    Open,
    Reconnecting,
    Recovered,
    Refused,
    Restored,
    State,
)
from wirepact.core.life import TokenReason

__all__ = [
    "ChannelConnection",
    "Client",
    "Closed",
    "Connected",
    "Connecting",
    "Degraded",
    "Disconnected",
    "Draining",
    "Dropped",
    "Event",
    "Events",
    "Idle",
    "Keeping",
    "Missed",
    "NotSent",
    "Open",
    "Reconnect",
    "Reconnecting",
    "Recovered",
    "Refused",
    "Restored",
    "State",
    "TokenReason",
    "Transport",
    "base_url",
]
