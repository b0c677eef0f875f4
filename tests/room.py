"""A small channel to try the runtime on, written as the generator would write it."""

from typing import Literal

from wirepact.descriptors import Channel, Credential, Limits, MessageSet, MessageType, Parameter
from wirepact.messages import Message


class Say(Message):
    type: Literal["say"] = "say"
    text: str


class Said(Message):
    type: Literal["said"] = "said"
    text: str
    mood: Literal["good", "bad"] = "good"


class Left(Message):
    type: Literal["left"] = "left"


ROOM: Channel[Say, Said | Left] = Channel(
    service="chat",
    name="room",
    address="/ws/room/{room}/",
    parameters=(Parameter("room"),),
    receives=MessageSet((("type",),), (MessageType("say", Say, ("say",)),)),
    sends=MessageSet(
        (("type",),), (MessageType("said", Said, ("said",)), MessageType("left", Left, ("left",)))
    ),
    limits=Limits(message_bytes=1000),
    credentials=(Credential("query", "token"), Credential("bearer")),
)
