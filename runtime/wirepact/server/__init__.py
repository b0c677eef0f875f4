"""The server side of the runtime, on Litestar: what emitted `server.py` modules and applications stand on."""

from wirepact.server.app import App, build_app
from wirepact.server.attendance import Attendances, UserWatch
from wirepact.server.node import Node, Watch
from wirepact.server.peer import Caller, Peer, Visitor
from wirepact.server.routes import Route, http_route, receive, websocket_route
from wirepact.server.sieve import Filter

__all__ = [
    "App",
    "Attendances",
    "Caller",
    "Filter",
    "Node",
    "Peer",
    "Route",
    "UserWatch",
    "Visitor",
    "Watch",
    "build_app",
    "http_route",
    "receive",
    "websocket_route",
]
