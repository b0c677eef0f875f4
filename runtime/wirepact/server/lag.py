"""How late the event loop is, and who made it so.

Once a second a thread asks the loop to call back, and the time that takes is the lag. If the answer does not come, somebody
blocks the loop with what should be awaited, or left to a thread: the stack says who, while it happens.
"""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import FrameType, TracebackType
from typing import Self

EVERY = 1.0
"""Seconds between two questions."""

BLOCKED = 1.0
"""Seconds without an answer after which the log says so."""

_RUNTIME = frozenset({"wirepact"})
_MACHINERY = _RUNTIME | {"asyncio", "uvloop", "litestar", "uvicorn", "anyio", "contextlib"}

logger = logging.getLogger("wirepact.server")


class LoopWatch:
    """Watches the running loop while it is entered. `on_lag` is told each lag, in the loop; `on_block` each time it stands still."""

    def __init__(
        self,
        on_lag: Callable[[float], None],
        on_block: Callable[[], None],
        *,
        every: float = EVERY,
        blocked: float = BLOCKED,
    ) -> None:
        self._on_lag = on_lag
        self._on_block = on_block
        self._every = every
        self._blocked = blocked
        self._loop: asyncio.AbstractEventLoop
        self._ident = 0
        self._over = threading.Event()
        self._answered = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="wirepact-loop-watch", daemon=True)

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._ident = threading.get_ident()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._answered.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            self._ask()

    def _ask(self) -> None:
        self._answered.clear()
        asked = time.monotonic()
        try:
            self._loop.call_soon_threadsafe(self._answer, asked)
        except RuntimeError:  # the loop is closed: it was left without a word
            self._over.set()
            return
        if self._answered.wait(self._blocked) or self._over.is_set():
            return
        where = _place(sys._current_frames().get(self._ident))  # noqa: SLF001 the documented way to another thread's stack
        logger.error("the event loop stands still", extra={"fields": where})
        while not self._answered.wait(self._every) and not self._over.is_set():
            pass
        seconds = round(time.monotonic() - asked, 1)
        logger.warning("the event loop goes on", extra={"fields": {"seconds": seconds, **where}})

    def _answer(self, asked: float) -> None:
        if self._over.is_set():
            return
        lag = time.monotonic() - asked
        self._answered.set()
        self._on_lag(lag)
        if lag > self._blocked:
            self._on_block()


def _place(frame: FrameType | None) -> dict[str, object]:
    """Who blocks the loop, and where it stands: the function that the runtime called, and the innermost line."""
    if frame is None:
        return {}
    stack = list(_outermost_first(frame))
    called = [
        inner for outer, inner in pairwise(stack) if _is_of(outer, _RUNTIME) and not _is_of(inner, _MACHINERY)
    ]
    handler = called[-1] if called else frame
    return {"handler": handler.f_code.co_qualname, "at": f"{frame.f_code.co_filename}:{frame.f_lineno}"}


def _outermost_first(frame: FrameType) -> Iterator[FrameType]:
    if frame.f_back is not None:
        yield from _outermost_first(frame.f_back)
    yield frame


def _is_of(frame: FrameType, packages: frozenset[str]) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in packages
