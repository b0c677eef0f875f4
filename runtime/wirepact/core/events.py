"""What a client's connection tells the program besides messages."""

from dataclasses import dataclass
from typing import TypeAlias

from wirepact.errors import Refusal
from wirepact.messages import Message


@dataclass(frozen=True, slots=True)
class Connected:
    """Messages can be sent and arrive: the moment to say, or say again, what the server must know.

    `connection` is the server's name for it in its logs, `protocol` the subprotocol; both are empty in *legacy*. If `is_same_contract` is
    false, server and client were made from different documents.
    """

    is_again: bool = False
    protocol: str = ""
    connection: str = ""
    is_same_contract: bool = True


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is lost, for this reason; the next attempt is made in `delay` seconds. `attempt` counts from 1.

    Of several in a row, that nobody has read yet, the last one is kept.
    """

    code: int
    reason: str
    attempt: int
    delay: float


@dataclass(frozen=True, slots=True)
class Recovered:
    """Nothing is missing of what `audience` was sent while the connection was lost; what was missed comes next."""

    audience: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Something is missing of what `audience` was sent, and will not come: load anew what you show of it.

    The audience is empty for all at the address, `group=key` for a group, `~user`, or `~role=…`.
    """

    audience: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """So many messages were left out, since this connection took less than it was sent, and the document allows that.

    Or the program is behind, and has chosen to have the oldest left out (`Transport.discard`): these stood here.
    """

    messages: int


@dataclass(frozen=True, slots=True)
class Degraded:
    """The server can't hear the others: what they publish may be late, and is not lost."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The server hears the others again, and has sent what was late."""


@dataclass(frozen=True, slots=True)
class Draining:
    """The server is about to stop. The connection comes back by itself, `delay` seconds after it was closed."""

    delay: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was sent, and was no request, is refused.

    `message` is the same as the document's error message, which is what those get who iterate; `None` if it has none.
    """

    error: Refusal
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """Messages that waited for the connection for longer than they may. They were not sent."""

    messages: tuple[Message, ...]


Event: TypeAlias = (
    Connected
    | Disconnected
    | Recovered
    | Missed
    | Dropped
    | Degraded
    | Restored
    | Draining
    | Refused
    | NotSent
)
"""What a connection tells."""


@dataclass(frozen=True, slots=True)
class Idle:
    """Not opened yet."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """On its way. `attempt` is 0 for the first time, then counts the attempts to come back."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Open:
    """Messages can be sent and arrive."""


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """Lost with `code`; the next attempt is made `delay` seconds after this state began."""

    attempt: int
    delay: float
    code: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Over. `is_final` says that the server's answer means that coming back would not help; else it was ended here."""

    code: int
    reason: str
    is_final: bool


State: TypeAlias = Idle | Connecting | Open | Reconnecting | Closed
"""Where a connection is: `Idle → Connecting → Open → Reconnecting → Connecting → … → Closed`."""
