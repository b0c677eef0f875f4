"""Where a client is in what each audience was sent that can be recovered: `docs/wire.md` V11 to V16."""

from collections.abc import Iterator, Mapping

from wirepact.broker import Position
from wirepact.core.place import Place

MOST = 256
"""How many positions a hello may have."""

MOST_CHARACTERS = 32_768
"""How long they may be together, so that a hello fits any frame."""


class Positions:
    """A place in each audience that has one. It outlives connections: that is what it is for."""

    __slots__ = ("_places",)

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}

    def begin(self, audience: str, position: Position) -> None:
        """What follows for *audience* follows *position*."""
        self._places.pop(audience, None)
        self._places[audience] = Place(position)

    def lose(self, audience: str) -> None:
        """Where we are in *audience* is not known."""
        self._places.pop(audience, None)

    def take(self, audience: str, offset: int) -> bool:
        """Whether the message at *offset* is new; if so, this is where we are now.

        Of an audience whose position was never said nothing is known, so all that comes is new.
        """
        place = self._places.get(audience)
        if place is None:
            return True
        if offset <= place.offset:
            return False
        place.offset = offset
        return True

    def at(self, audience: str) -> Position | None:
        """Where we are in *audience*, if that is known."""
        place = self._places.get(audience)
        return None if place is None else place.position

    def said(self) -> Mapping[str, str]:
        """What a hello says of them: those that were begun last, as many as it may have."""
        return dict(reversed(list(self._fitting())))

    def _fitting(self) -> Iterator[tuple[str, str]]:
        left = MOST_CHARACTERS
        for audience, place in list(reversed(self._places.items()))[:MOST]:
            text = str(place.position)
            left -= len(audience) + len(text) + 6
            if left < 0:
                return
            yield audience, text
