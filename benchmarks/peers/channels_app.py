"""Fan-out on Django Channels: a consumer a connection, a group on the in-memory channel layer, or that on Redis."""

import os
from typing import TypedDict

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path
from pydantic import ValidationError

from benchmarks.peers import models

REDIS = os.environ.get("CHANNELS_REDIS")
# redis-py gives up on a reply after 5 s, as long as the layer waits for one, and on a hundredth connection.
HOST = {"address": REDIS, "socket_timeout": 60, "max_connections": 5000}
IN_MEMORY = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
ON_REDIS = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [HOST]}}

settings.configure(CHANNEL_LAYERS={"default": ON_REDIS if REDIS else IN_MEMORY})
django.setup()

GROUP = "fanout"


class SaidEvent(TypedDict):
    """What travels through the channel layer; `type` names the method that gets it."""

    type: str
    text: str


class Fanout(AsyncWebsocketConsumer):
    """One connection."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        del code
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        del bytes_data
        try:
            said = models.said(text_data or "")
        except ValidationError:
            await self.send(text_data=models.INVALID)
        else:
            await self.channel_layer.group_send(GROUP, SaidEvent(type="fanout.said", text=said))

    async def fanout_said(self, event: SaidEvent) -> None:
        await self.send(text_data=event["text"])


app = ProtocolTypeRouter({"websocket": URLRouter([path("ws/fanout/", Fanout.as_asgi())])})
