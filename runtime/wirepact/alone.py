"""A lock that one process holds: for what must not be used by two, and would not notice."""

import os
import sys
from pathlib import Path

from wirepact.errors import WirepactError

if sys.platform != "win32":
    import fcntl


class Occupied(WirepactError):
    """Another process holds it. Carries the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another process holds {path}")
        self.path = path


class ProcessLock:
    """The file at *path*, locked while it is held. It ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Hold it. Raises `Occupied` if another does, and `OSError` if the file can't be made.

        Under Windows nothing is held.
        """
        if sys.platform == "win32":
            return
        if self._descriptor is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise Occupied(self._path) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of it; once is enough."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
