"""Where someone is in a topic, and what that makes of the next publication that is kept."""

from enum import Enum, auto

from wirepact.broker import Position


class Verdict(Enum):
    """What to do about a publication."""

    DELIVER = auto()
    """It is the next one."""
    DUPLICATE = auto()
    """It was delivered already."""
    GAP = auto()
    """Something between here and there was not heard: to be read from the history."""
    NEW_EPOCH = auto()
    """The broker has begun anew, or it is a late one from before it did: the history knows."""


class Place:
    """A position that moves with what is heard."""

    __slots__ = ("epoch", "offset")

    def __init__(self, position: Position) -> None:
        self.epoch = position.epoch
        self.offset = position.offset

    @property
    def position(self) -> Position:
        """Here."""
        return Position(self.epoch, self.offset)

    def judge(self, position: Position) -> Verdict:
        """What to do about the publication that stands at *position*. What is to be delivered moves the place on."""
        if position.epoch != self.epoch:
            return Verdict.NEW_EPOCH
        if position.offset == self.offset + 1:
            self.offset = position.offset
            return Verdict.DELIVER
        return Verdict.DUPLICATE if position.offset <= self.offset else Verdict.GAP

    def move(self, position: Position) -> None:
        """Go to *position*."""
        self.epoch, self.offset = position.epoch, position.offset
