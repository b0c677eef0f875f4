"""A member who loses the network hears everything that was said meanwhile, once and in order."""

import asyncio

from party import POD, heard, party
from wirepact.client import Reconnect
from wirepact.faults import FaultProxy
from wirepact.testing import token
from wirepact_clients.chat import messages
from wirepact_clients.chat.client import ChatClient


async def told(here, count):
    """What is said next, so many messages."""
    texts = []
    async with asyncio.timeout(20):
        while len(texts) < count:
            message = await here.receive()
            texts += [message.message] if isinstance(message, messages.Text) else []
    return texts


async def test_nothing_is_missed_and_nothing_comes_twice(tmp_path):
    async with party(tmp_path) as party_, FaultProxy(party_.url.replace("http", "ws")) as proxy:
        ann = await party_.enter(1)
        quick = Reconnect(first=0.01, longest=0.1)
        async with (
            ChatClient(proxy.url, token=token("2"), reconnect=quick) as client,
            client.room(channel_url=POD) as bob,
        ):
            await ann.send('{"type": "MESG", "message": "before"}')
            before = await told(bob, 1)

            proxy.refuse()
            proxy.cut()
            left = await heard(ann, "USER_LEFT")
            for number in range(5):
                await ann.send(f'{{"type": "MESG", "message": "{number}"}}')
                await heard(ann, "MESG")
            proxy.refuse(is_refusing=False)
            await ann.send('{"type": "MESG", "message": "after"}')

            meanwhile = await told(bob, 6)

    assert (before, left["user_id"]) == (["before"], 2)
    assert meanwhile == ["0", "1", "2", "3", "4", "after"]
