"""How often something may happen: a token bucket, and what is made of it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class TokenBucket:
    """Lets *rate* events a second through, and *burst* at once. Time is in seconds of any steady clock."""

    rate: float
    burst: float
    _level: float = field(init=False)
    _seen: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._level = self.burst

    def take(self, now: float) -> bool:
        """Whether an event may pass at *now*; if so, it is counted."""
        self._level = min(self.burst, self._level + max(0.0, now - self._seen) * self.rate)
        self._seen = now
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def lower(self, level: float) -> None:
        """Let no more than *level* be there, which may be less than nothing."""
        self._level = min(self._level, level)

    def is_full(self, now: float) -> bool:
        """Whether at *now* it is as if nothing had ever happened."""
        return self._level + max(0.0, now - self._seen) * self.rate >= self.burst


@dataclass(slots=True)
class Door:
    """Lets *rate* a second in, *burst* at once, and tells everyone else when to come back, each at another time.

    Who was sent away is expected: the times that are told are *rate* a second, too, up to *longest* seconds from now.
    """

    rate: float
    burst: float
    longest: float = 60.0
    _bucket: TokenBucket = field(init=False)
    _last: float = field(init=False, default=0.0)
    """The last time that was told."""

    def __post_init__(self) -> None:
        self._bucket = TokenBucket(self.rate, self.burst)

    def knock(self, now: float) -> float:
        """For how many seconds to stay away; nothing for who may come in at *now*."""
        if self._bucket.take(now):
            return 0.0
        self._last = max(self._last, now) + 1 / self.rate
        if self._last > now + self.longest:
            self._last = now + 1 / self.rate
        return self._last - now

    def is_idle(self, now: float) -> bool:
        """Whether nobody has come for so long that it is as new."""
        return self._bucket.is_full(now)


@dataclass(slots=True)
class Pace:
    """A bucket that others elsewhere draw from, too: what was taken here is counted, and told now and then."""

    rate: float
    burst: float
    spent: float = field(init=False, default=0.0)
    """What was taken since it was last told."""
    _bucket: TokenBucket = field(init=False)

    def __post_init__(self) -> None:
        self._bucket = TokenBucket(self.rate, self.burst)

    def take(self, now: float) -> bool:
        """Whether an event may pass at *now*; if so, it is counted."""
        if not self._bucket.take(now):
            return False
        self.spent += 1
        return True

    def settle(self, left: float) -> None:
        """Of all that was told, by everyone, so much was left."""
        self._bucket.lower(left - self.spent)

    def is_idle(self, now: float) -> bool:
        """Whether nothing has been taken for so long that it is as new."""
        return self.spent == 0 and self._bucket.is_full(now)
