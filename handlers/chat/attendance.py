"""Who is in a channel right now: users, however many connections they have, at whatever process."""

from collections.abc import Callable, Mapping
from datetime import datetime

from generated.chat import channels
from generated.chat.server import TestRoomPeer
from handlers.chat import translation
from handlers.chat.notices import Notices
from wirepact.descriptors import Key
from wirepact.presence import Member
from wirepact.server import Node, UserWatch, Watch


class Attendance:
    """Tells everyone in a channel who comes and goes.

    The test address knows no users, only who somebody says to be: there each connection comes and goes by itself.
    """

    def __init__(self, notices: Notices, now: Callable[[], datetime]) -> None:
        self._notices = notices
        self._now = now

    def watch(self, node: Node) -> None:
        """Be told by *node* who comes and goes, at either address."""
        node.watch_users(channels.ROOM, UserWatch(self._came, self._gone))
        node.watch(channels.TEST_ROOM, Watch(self._arrived, self._left))

    async def _came(self, parameters: Mapping[str, Key], member: Member) -> None:
        await self._tell_joined(str(parameters["channel_url"]), int(member.user))

    async def _gone(self, parameters: Mapping[str, Key], member: Member) -> None:
        await self._tell_left(str(parameters["channel_url"]), int(member.user))

    async def _arrived(self, peer: TestRoomPeer) -> None:
        await self._tell_joined(peer.channel_url, peer.query.user_id)

    async def _left(self, peer: TestRoomPeer) -> None:
        await self._tell_left(peer.channel_url, peer.query.user_id)

    async def _tell_joined(self, channel_url: str, user_id: int) -> None:
        await self._notices.joined(translation.user_joined(channel_url, user_id, self._now()))

    async def _tell_left(self, channel_url: str, user_id: int) -> None:
        await self._notices.left(translation.user_left(channel_url, user_id))
