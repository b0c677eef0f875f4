"""Chat's life: four friends in one channel, over WebSocket with the generated Python client; whoever looks at the page is the fifth."""

from collections.abc import AsyncGenerator
from typing import Final

from handlers.demo import visitor
from handlers.demo.back_end import BackEnd
from handlers.demo.outside import Outside
from handlers.demo.party import FRIENDS, Comes, Goes, Reads, Says, Shows, Turn, Types, party
from handlers.demo.seats import Seats
from wirepact_clients.chat import messages
from wirepact_clients.chat.client import ChatClient

CHANNEL: Final = "demo_chat"

_MEMBERS: Final = [visitor.ID, *map(str, FRIENDS)]


async def chat(outside: Outside) -> AsyncGenerator[str]:
    """Talk, a turn at a time."""
    async with outside.back_end() as back_end:
        await _set_up(back_end)
    async with Seats(f"the channel {CHANNEL}") as seats:
        for each in FRIENDS:
            await _enter(outside, seats, each)
        for turn in party(outside.chance("party")):
            yield await _play(outside, seats, turn)


async def _set_up(back_end: BackEnd) -> None:
    """There is the channel, and everyone is in it."""
    channel = {"channel_url": CHANNEL, "name": "토요일 모임", "user_ids": _MEMBERS, "data": {}}
    if await back_end.post("/api/v1/chat/channels/", channel) is None:
        await back_end.post(f"/api/v1/chat/channels/{CHANNEL}/members/", {"user_ids": _MEMBERS})


async def _enter(outside: Outside, seats: Seats, user: int) -> None:
    client = ChatClient(outside.socket_url, token=outside.token(str(user)))
    await seats.take(str(user), client, client.room(channel_url=CHANNEL))


async def _play(outside: Outside, seats: Seats, turn: Turn) -> str:
    """Have it happen. Gives in words what is worth them."""
    name = str(turn.user)
    match turn:
        case Types():
            await seats.say(name, messages.SayTyping(is_typing=True))
        case Says(_, text):
            await seats.say(name, messages.SayText(message=text))
            return f"{name}: {text}"
        case Shows(_, file_name, text):
            await _show(outside, seats, turn.user, file_name, text)
            return f"{name} shows {file_name}"
        case Reads():
            await seats.say(name, messages.SayRead())
        case Goes():
            await seats.leave(name)
            return f"{name} is gone"
        case Comes():
            await _enter(outside, seats, turn.user)
            return f"{name} is back"
    return ""


async def _show(outside: Outside, seats: Seats, user: int, name: str, text: str) -> None:
    """Upload a file, and show it, as an app does."""
    async with BackEnd(outside.url, outside.token(str(user))) as app:
        stored = await app.upload(f"/api/v1/chat/channels/{CHANNEL}/files/", name, text)
    await seats.say(str(user), messages.SayFile(message="", file=messages.SharedFile(**stored)))
