"""What can be done to a frame, or to whoever connects, and what is noted of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["client", "server"]
"""Who said it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on one link: `opened`, a `frame` that a side said, what a rule or the door did, `closed`."""

    link: int
    kind: Literal["opened", "frame", "dropped", "replaced", "cut", "refused", "closed"]
    side: Side | None = None
    payload: bytes = b""
    is_data: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A frame on its way: of which link, by whom, what, and the how manieth of its kind by that side on that link."""

    link: int
    side: Side
    payload: bytes
    is_data: bool
    number: int

    @property
    def text(self) -> str:
        """The payload as text."""
        return self.payload.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Replace:
    """Send these payloads instead, each as a text frame; none drops the frame."""

    payloads: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Break the link: both sides see a reset, and no closing handshake."""


@dataclass(frozen=True, slots=True)
class Tear:
    """Let this part of the frame through, from nothing to the whole, then break the link."""

    share: float = 0.5


@dataclass(frozen=True, slots=True)
class CloseWith:
    """Close the link towards whom the frame was for, as if the other side had said so."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    """Hold the frame, and what follows it, back for so many seconds."""

    seconds: float


Verdict: TypeAlias = Replace | Cut | Tear | CloseWith | Delay | None
"""What happens to a frame; `None` lets it pass."""

Rule: TypeAlias = Callable[[Said], Verdict]

DROP = Replace()
CUT = Cut()


def after(frames: int, verdict: Verdict, side: Side = "server") -> Rule:
    """Let *frames* messages of *side* pass on each link, then do *verdict* to each."""
    return lambda said: verdict if said.side == side and said.is_data and said.number > frames else None


def once(rule: Rule) -> Rule:
    """*rule*, until it has done something."""
    is_done = False

    def apply(said: Said) -> Verdict:
        nonlocal is_done
        verdict = None if is_done else rule(said)
        is_done = is_done or verdict is not None
        return verdict

    return apply


@dataclass(frozen=True, slots=True)
class Open:
    """Let whoever connects through to the server, without these headers of theirs."""

    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """Reset whoever connects."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Let whoever connects wait for an answer that never comes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the request of whoever connects with this HTTP status; the server does not hear of it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


Door: TypeAlias = Open | Refuse | Silence | Answer | Tear
"""What happens to whoever connects. `Tear` lets a part of the server's answer to the handshake through."""
