"""A network that fails as it is told to: a proxy before a WebSocket server, for tests of clients and of servers.

    async with FaultProxy("ws://127.0.0.1:8000") as proxy:
        async with client(proxy.url) as connection:
            proxy.freeze()                        # the cable is pulled: nothing arrives, and nobody is told
            proxy.rule = after(3, CUT)            # the fourth frame to the client breaks the connection
            proxy.door = Answer(503)              # whoever comes back is told that there is no room
            await proxy.until(lambda: proxy.events[-1].kind == "closed")

It sees frames, so that a rule can drop, hold back or replace one of them, and it keeps a log of all that happened. To see
them it lets no extension be agreed on: frames are not compressed through it.
"""

from wirepact.faults.proxy import FaultProxy
from wirepact.faults.verdicts import (
    CUT,
    DROP,
    Answer,
    CloseWith,
    Cut,
    Delay,
    Door,
    Event,
    Open,
    Refuse,
    Replace,
    Rule,
    Said,
    Side,
    Silence,
    Tear,
    Verdict,
    after,
    once,
)

__all__ = [
    "CUT",
    "DROP",
    "Answer",
    "CloseWith",
    "Cut",
    "Delay",
    "Door",
    "Event",
    "FaultProxy",
    "Open",
    "Refuse",
    "Replace",
    "Rule",
    "Said",
    "Side",
    "Silence",
    "Tear",
    "Verdict",
    "after",
    "once",
]
