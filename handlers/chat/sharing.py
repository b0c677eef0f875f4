"""Files that members share: what is in them, and what is known of them, kept together."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.chat.domain import File, UnknownFile
from handlers.chat.files import Files
from handlers.chat.storage import Store
from handlers.chat.uploads import UploadRules, kept_name


@dataclass(frozen=True, slots=True)
class Sharing:
    """Takes files from members, and gives them to members."""

    store: Store
    files: Files
    rules: UploadRules
    now: Callable[[], datetime]

    async def upload(self, channel_url: str, user_id: int, name: str, media_type: str, data: bytes) -> File:
        """Keep a file. Raises `UnknownChannel`, `NotAMember`, or what `UploadRules.check` does."""
        await self.store.check_member(channel_url, user_id)
        self.rules.check(media_type, data)
        file = File(secrets.token_hex(16), kept_name(name), len(data), media_type)
        await self.files.put(file.key, data)
        try:
            await self.store.add_file(channel_url, user_id, file, self.now())
        except BaseException:
            await self.files.remove(file.key)
            raise
        return file

    async def download(self, channel_url: str, user_id: int, key: str) -> tuple[File, bytes]:
        """A file and what is in it. Raises `UnknownChannel`, `NotAMember` or `UnknownFile`."""
        await self.store.check_member(channel_url, user_id)
        file = await self.store.file(channel_url, key)
        try:
            return file, await self.files.get(key)
        except KeyError:
            raise UnknownFile from None
