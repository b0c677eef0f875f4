"""A test that is connected to an application knows the client that it gets."""

from typing import assert_type

from wirepact.client import ChannelConnection, Client, Transport
from wirepact.messages import Message
from wirepact.server import App
from wirepact.testing import connected, serving, token
from wirepact_clients.spc import channels, messages
from wirepact_clients.spc.client import SpcClient


async def the_generated_one(app: App) -> messages.Alerts:
    async with connected(app, SpcClient, token=token("kim", roles=["FOREMAN"]), legacy=True) as spc:
        assert_type(spc, SpcClient)
        async with spc.notifications() as notifications:
            return await notifications.request(messages.GetAlerts(), messages.Alerts)


async def any_channel(app: App) -> ChannelConnection[messages.GetAlerts | messages.FilterAlerts, Message]:
    async with connected(app, url="https://factory.example", transport=Transport()) as client:
        assert_type(client, Client)
        return client.open(channels.PRODUCT, id=1)


async def a_port(app: App) -> str:
    async with serving(app) as url:
        return assert_type(url, str)
