"""What `consumer/life.mjs` tells of a connection, wherever it lives."""

from packages.published import PACKAGING

WITHOUT_EVENTS = PACKAGING / "without-dom-events.cjs"
"""The script that takes the event classes of the DOM away."""

LIFE = [
    "connecting",
    "open",
    {"type": "alerts", "alerts": []},
    "reconnecting",
    "connecting",
    "open",
    {"recovered": True},
    {"refused": True, "delayMs": 2000},
    "closed",
    {"unsent": []},
]
