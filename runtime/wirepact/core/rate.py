"""How often something may happen: a token bucket."""

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
