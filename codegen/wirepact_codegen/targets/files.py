"""What a target gives: paths and texts, nothing written yet."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class File:
    """A text for *path*, which is relative to the folder that the target writes to: `spc/messages.py`."""

    path: PurePosixPath
    text: str
