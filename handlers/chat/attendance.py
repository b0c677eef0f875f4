"""Who is in a channel right now."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from generated.chat import channels
from generated.chat.server import RoomPeer, TestRoomPeer
from handlers.chat import translation
from handlers.chat.notices import Notices
from wirepact.server import Node, Watch

_Peer: TypeAlias = RoomPeer | TestRoomPeer


class Attendance:
    """Tells everyone in a channel who comes and goes."""

    def __init__(self, notices: Notices, now: Callable[[], datetime]) -> None:
        self._notices = notices
        self._now = now

    def watch(self, node: Node) -> None:
        """Be told by *node* who comes and goes, at either address."""
        for channel in (channels.ROOM, channels.TEST_ROOM):
            node.watch(channel, Watch(self._arrived, self._left))

    async def _arrived(self, peer: _Peer) -> None:
        user_id = translation.speaker(peer)
        await self._notices.joined(translation.user_joined(peer.channel_url, user_id, self._now()))

    async def _left(self, peer: _Peer) -> None:
        await self._notices.left(translation.user_left(peer.channel_url, translation.speaker(peer)))
