"""Messages that the runtime says by itself, because the document says all there is to say: heartbeats, joins and leaves, a farewell.

The generator has seen to it that nothing else in them wants to be filled.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from pydantic import ValidationError

from wirepact.descriptors import Heartbeat, Path, Presence
from wirepact.messages import Message, MessageT, outline


def ping_of(heartbeat: Heartbeat, now: float) -> Message:
    """The ping of *heartbeat* at *now*, in seconds since 1970; whole ones where the document wants an integer."""
    if not heartbeat.time:
        return _filled(heartbeat.ping, ())
    try:
        return _filled(heartbeat.ping, [(heartbeat.time, now)])
    except ValidationError:
        return _filled(heartbeat.ping, [(heartbeat.time, int(now))])


def pong_to(heartbeat: Heartbeat, ping: Message) -> Message | None:
    """The answer to *ping*, `None` if the document has none."""
    if heartbeat.pong is None:
        return None
    if not heartbeat.time:
        return _filled(heartbeat.pong, ())
    return _filled(heartbeat.pong, [(heartbeat.time, _at(ping, heartbeat.time))])


def farewell_of(model: type[MessageT]) -> MessageT:
    """The *model* that is said before the server closes, which has nothing to be filled."""
    return _filled(model, ())


def spoken(heartbeat: Heartbeat | None) -> frozenset[type[Message]]:
    """The messages of *heartbeat*, which no handler hears of."""
    if heartbeat is None:
        return frozenset()
    return frozenset({heartbeat.ping, heartbeat.pong} - {None})  # type: ignore[arg-type]  # they are without None


def join_of(presence: Presence, user: str, name: str = "") -> Message | None:
    """What is said when *user* has come, `None` if nothing is."""
    return None if presence.join is None else _about(presence, presence.join, user, name)


def leave_of(presence: Presence, user: str, name: str = "") -> Message | None:
    """What is said when *user* has gone, `None` if nothing is."""
    return None if presence.leave is None else _about(presence, presence.leave, user, name)


def _about(presence: Presence, model: type[MessageT], user: str, name: str) -> MessageT:
    """A message about *user*. Who has no name gets an empty one only where the document requires it."""
    known: list[tuple[Path, object]] = [(presence.user, user)]
    if not presence.name:
        return _filled(model, known)
    if not name:
        with suppress(ValidationError):
            return _filled(model, known)
    return _filled(model, [*known, (presence.name, name)])


def _filled(model: type[MessageT], values: Iterable[tuple[Path, object]]) -> MessageT:
    document = outline(model)
    for (*parents, last), value in values:
        here = document
        for step in parents:
            here = here.setdefault(step, {})  # type: ignore[assignment]  # only objects are made here
        here[last] = value
    return model.model_validate(document, strict=False, by_name=False)


def _at(message: Message, path: Path) -> object:
    value: object = message.model_dump(by_alias=True)
    for step in path:
        value = value[step] if isinstance(value, Mapping) else None
    return value
