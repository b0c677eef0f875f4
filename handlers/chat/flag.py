"""Which channels are on WebSocket and which stay at Sendbird: the feature flag, and nothing but the decision.

What is asked first wins:

1. `USE_WEBSOCKET_CHAT`, if it is set: all channels, or none;
2. `chat.use_websocket` of the environment: all channels if it is true;
3. the channels that are named;
4. channels all of whose members are in the list of users, since nobody is to be left behind at the other side;
5. a percentage of the channels: the same ones on every machine, and all of these again when it is raised.
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

_SHARES = 10_000
"""A percentage is told to two places after the point."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Who is on WebSocket. `override` is what `USE_WEBSOCKET_CHAT` says; `percentage` is from 0 to 100."""

    use_websocket: bool = False
    override: bool | None = None
    channels: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    percentage: float = 0

    @property
    def is_for_all(self) -> bool:
        """Whether every channel is on WebSocket, without a look at it."""
        return self.use_websocket if self.override is None else self.override

    @property
    def is_for_none(self) -> bool:
        """Whether no channel can be, without a look at it."""
        if self.override is not None:
            return not self.override
        return not (self.use_websocket or self.channels or self.users or self.percentage)

    @property
    def looks_at_members(self) -> bool:
        """Whether who is in a channel can make a difference."""
        return self.override is None and not self.use_websocket and bool(self.users)

    def is_on(self, channel_url: str, member_ids: Collection[str] = ()) -> bool:
        """Whether a channel with these members belongs on WebSocket."""
        if self.is_for_all or self.is_for_none:
            return self.is_for_all
        return (
            channel_url in self.channels
            or (bool(member_ids) and self.users.issuperset(member_ids))
            or share(channel_url) < self.percentage
        )


def share(channel_url: str) -> float:
    """Where in the line of all channels this one stands, from 0 to below 100."""
    place = int.from_bytes(sha256(channel_url.encode()).digest()[:8])
    return place % _SHARES * 100 / _SHARES
