"""What is in the files that members upload, kept under their keys: the port, and a folder behind it.

What a file is called, how large it is and whose stands in the database. Whoever serves from several machines gives them one
folder, or another `Files`.
"""

import asyncio
import os
import re
from pathlib import Path
from typing import Final, Protocol

_KEY: Final = re.compile(r"[0-9a-f]{32}")


class Files(Protocol):
    """Where the bytes are."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep *data* for good: when this returns, a crash loses nothing of it."""

    async def get(self, key: str) -> bytes:
        """What was kept under *key*. Raises `KeyError`."""

    async def remove(self, key: str) -> None:
        """Forget what was kept under *key*, if anything was."""


class FolderFiles(Files):
    """A folder with a file for each key, spread over 256 others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, data: bytes) -> None:
        """See `Files`."""
        await asyncio.to_thread(_write, self._path(key), data)

    async def get(self, key: str) -> bytes:
        """See `Files`."""
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError:
            raise KeyError(key) from None

    async def remove(self, key: str) -> None:
        """See `Files`."""
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    def _path(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise KeyError(key)
        return self._folder / key[:2] / key


def _write(path: Path, data: bytes) -> None:
    """Write it beside, and then put it in its place: nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
