"""The client's side: what emitted Python clients stand on. Needs `websockets`, and nothing of the server."""

from wirepact.client.addresses import base_url
from wirepact.client.client import Client
from wirepact.client.connection import ChannelConnection
from wirepact.client.transport import Transport

__all__ = ["ChannelConnection", "Client", "Transport", "base_url"]
