"""Handlers that do not do what the document says."""

from generated.spc import messages
from generated.spc.server import NotificationsPeer
from handlers.spc.handlers import Spc


class AnswersSomethingElse(Spc):
    async def get_alerts(  # refused: override  # pyright: ignore[reportIncompatibleMethodOverride]
        self, peer: NotificationsPeer, message: messages.GetAlerts
    ) -> messages.Alert:
        raise NotImplementedError


class TakesSomethingElse(Spc):
    async def get_alerts(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        peer: NotificationsPeer,
        message: messages.Alert,  # refused: override
    ) -> messages.Alerts:
        raise NotImplementedError
