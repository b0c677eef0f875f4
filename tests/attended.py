"""The hall of the works with presence, those who enter it, and what is said of them."""

from dataclasses import replace
from typing import Literal

from sites import hear
from wirepact.descriptors import Credential, MessageSet, MessageType, Presence
from wirepact.messages import Message
from wirepact.testing import token
from works import HALL


class Joined(Message):
    type: Literal["joined"] = "joined"
    user: str
    name: str


class Left(Message):
    type: Literal["left"] = "left"
    user: str
    name: str


def room(grace=0.0, join=Joined, leave=Left):
    """The hall, with presence."""
    sends = MessageSet(
        paths=HALL.sends.paths,
        types=(
            *HALL.sends.types,
            MessageType("joined", Joined, ("joined",)),
            MessageType("left", Left, ("left",)),
        ),
    )
    presence = Presence(join, leave, grace, user=("user",), name=("name",))
    return replace(HALL, sends=sends, presence=presence, credentials=(Credential("query", "token"),))


async def enter(site, sub, path="/ws/hall/1/"):
    client = await site.open(f"{path}?token={token(sub, name=sub.title())}", query=False)
    assert (await hear(client))["type"] == "welcome"
    return client


def joined(user):
    return {"type": "joined", "user": user, "name": user.title()}


def left(user):
    return {"type": "left", "user": user, "name": user.title()}
