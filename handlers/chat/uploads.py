"""What may be uploaded: how much, of which types, and under which name it is kept.

What a browser says of a file is believed of nobody: a type must be on the list, and an image must look like one, since apps
show it without asking.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from handlers.chat.domain import ChatError

_LONGEST_NAME: Final = 255

_SIGNS: Final[Mapping[str, tuple[tuple[int, bytes], ...]]] = {
    "image/gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/webp": ((8, b"WEBP"),),
}
"""How images begin: what stands where, in one of several ways."""


class FileTooLarge(ChatError):
    """More bytes than a file may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a file has at most {most} bytes")


class TypeNotAllowed(ChatError):
    """A file of a type that is not on the list."""

    def __init__(self, media_type: str, allowed: Collection[str]) -> None:
        super().__init__(
            f"files of type {media_type[:100]} can not be uploaded, only {', '.join(sorted(allowed))}"
        )


class NotWhatItSays(ChatError):
    """A file that is said to be an image, and is none."""

    def __init__(self, media_type: str) -> None:
        super().__init__(f"the file is no {media_type}")


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What may be uploaded."""

    most_bytes: int
    media_types: Collection[str]

    def check(self, media_type: str, data: bytes) -> None:
        """Raises `FileTooLarge`, `TypeNotAllowed` or `NotWhatItSays`."""
        if len(data) > self.most_bytes:
            raise FileTooLarge(self.most_bytes)
        if media_type not in self.media_types:
            raise TypeNotAllowed(media_type, self.media_types)
        if not _looks_like(media_type, data):
            raise NotWhatItSays(media_type)


def _looks_like(media_type: str, data: bytes) -> bool:
    signs = _SIGNS.get(media_type)
    return signs is None or any(data.startswith(sign, at) for at, sign in signs)


def kept_name(name: str) -> str:
    """*name* without folders and without anything that can't be seen, as long as it may be."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in bare if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Cn"})
    return seen.strip()[-_LONGEST_NAME:] or "file"
