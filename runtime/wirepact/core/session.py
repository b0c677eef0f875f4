"""One connection's decisions about what its peer sends. Awaits nothing, and is told the time.

The shell reads frames and asks; it dispatches, answers or closes as it is told. The order of the checks is the
order of their cost, so that a peer pays for a flood, and we don't. A decision carries the id of the request that it is
about, where the peer speaks `wirepact.v1` and gave one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias

from wirepact import close_codes
from wirepact.core.rate import TokenBucket
from wirepact.descriptors import Channel, Limits, MessageT
from wirepact.errors import RateLimited, Refusal
from wirepact.wire import Decoder

WARNINGS = 10
"""How many messages a minute may come too fast, each answered by an error, before the connection is closed."""


@dataclass(frozen=True, slots=True)
class Dispatch(Generic[MessageT]):
    """Hand the message to its handler, when those before it are done."""

    message: MessageT
    id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Tell the peer why not, when what it sent before has been answered."""

    refusal: Refusal
    id: str = ""


@dataclass(frozen=True, slots=True)
class Warn:
    """Tell the peer why not, at once."""

    refusal: Refusal
    id: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection with this code."""

    code: int


Decision: TypeAlias = Dispatch[Any] | Answer | Warn | Close


class Session:
    """What a peer may send on one connection to *channel*; `inbox` is how many messages may wait for their handlers.

    `forgives` is how many errors a minute are forgiven where the document does not say it; without either all are.
    `may_say` is asked whether its user, wherever else connected, may say something more at this time. `heard` is when it last
    said something. What it may do with its messages depends on its roles when they are handled, and is not decided here.
    """

    __slots__ = (
        "_decoder",
        "_errors",
        "_inbox",
        "_limits",
        "_may_say",
        "_rate",
        "_waiting",
        "_warnings",
        "heard",
    )

    def __init__(
        self,
        channel: Channel[Any, Any],
        decoder: Decoder[Any],
        *,
        inbox: int,
        forgives: int | None = None,
        may_say: Callable[[float], bool] = lambda _: True,
        now: float = 0.0,
    ) -> None:
        self.heard = now
        self._may_say = may_say
        errors = channel.limits.errors_per_minute or forgives
        self._errors = None if errors is None else TokenBucket(rate=errors / 60, burst=errors)
        self._limits = channel.limits
        self._decoder = decoder
        self._inbox = inbox
        self._rate = _bucket(channel.limits)
        self._warnings = TokenBucket(rate=WARNINGS / 60, burst=WARNINGS)
        self._waiting = 0

    def hear(self, frame: str | bytes, now: float) -> Decision:
        """What to do about *frame*, a text or a binary one, that came at *now*."""
        self.heard = now
        if isinstance(frame, bytes) and not self._decoder.takes_binary:
            return Close(close_codes.UNSUPPORTED_DATA.code)
        if self._is_too_big(frame):
            return Close(close_codes.TOO_BIG.code)
        if refusal := self._too_fast(now):
            return Warn(refusal) if self._warnings.take(now) else Close(refusal.close_code)
        self._waiting += 1
        try:
            return Dispatch(self._decoder.decode(frame))
        except Refusal as refused:
            return Answer(refused)

    def done(self) -> None:
        """What was dispatched, or was to be answered, has been."""
        self._waiting -= 1

    def may_err(self, now: float) -> bool:
        """Whether one more error is forgiven at *now* (V19)."""
        return self._errors is None or self._errors.take(now)

    def _is_too_big(self, frame: str | bytes) -> bool:
        limit = self._limits.message_bytes
        if len(frame) > limit:
            return True
        return (
            isinstance(frame, str)
            and not frame.isascii()
            and len(frame.encode(errors="surrogatepass")) > limit
        )

    def _too_fast(self, now: float) -> Refusal | None:
        if self._rate is not None and not self._rate.take(now):
            return RateLimited(f"at most {self._limits.messages_per_second:g} messages a second")
        if not self._may_say(now):
            most = self._limits.user_messages_per_second
            return RateLimited(f"at most {most:g} messages a second of all your connections")
        if self._waiting >= self._inbox:
            return RateLimited(f"{self._waiting} messages are still waiting to be handled")
        return None


def _bucket(limits: Limits) -> TokenBucket | None:
    rate = limits.messages_per_second
    return None if rate is None else TokenBucket(rate, burst=max(1.0, rate))
