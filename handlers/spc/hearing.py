"""What of everything that is published each visitor hears: as filters over messages, made from the rules of their user."""

from handlers.spc import translation
from handlers.spc.domain import Hearing
from handlers.spc.rules import Rules
from wirepact.messages import Message
from wirepact.server import Filter, Visitor


def filter_for(hearing: Hearing) -> Filter | None:
    """Lets through what is wanted; nothing need be looked at where that is everything."""
    if hearing == Hearing():
        return None

    def wants(message: Message) -> bool:
        said = translation.notification(message)
        return said is None or hearing.wants(said)

    return wants


class Hearings:
    """Asks *rules* what somebody hears. Who is unknown has none, and hears everything."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    async def filter_of(self, visitor: Visitor) -> Filter | None:
        """The filter of whoever is at the door."""
        if visitor.identity is None:
            return None
        return filter_for(await self._rules.hearing(visitor.identity.sub))
