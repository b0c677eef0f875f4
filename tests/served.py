"""The real command in processes of its own: `wirepact serve` with the small works, and what is said to it."""

import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from websockets.asyncio.client import connect

from wirepact.testing import KEY, token

ROOT = Path(__file__).parents[1]


def environment(**settings):
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
        "WIREPACT_JWT_SECRET": KEY,
        **{f"WIREPACT_{name.upper()}": str(value) for name, value in settings.items()},
    }


class Served:
    """A `wirepact serve` in a process of its own, and what it has logged, which is read as it comes."""

    def __init__(self, process):
        self.process = process
        self.log = ""
        self._read = asyncio.create_task(self._reading())
        self._news = asyncio.Event()

    async def logged(self, pattern):
        """Wait for a line like *pattern*."""
        async with asyncio.timeout(60):
            while (match := re.search(pattern, self.log)) is None:
                assert not self._read.done(), self.log
                self._news.clear()
                await asyncio.wait(
                    [self._read, news := asyncio.ensure_future(self._news.wait())],
                    return_when="FIRST_COMPLETED",
                )
                news.cancel()
        return match

    async def ended(self):
        """Its exit code, and the seconds that it took to come."""
        start = time.monotonic()
        await asyncio.wait_for(asyncio.shield(self._read), 30)
        return await self.process.wait(), time.monotonic() - start

    async def end(self):
        """Make sure that it is over."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its workers, too
        await self._read
        await self.process.wait()

    async def _reading(self):
        while line := await self.process.stderr.readline():
            self.log += line.decode()
            self._news.set()


@asynccontextmanager
async def served(*arguments, **settings):
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "wirepact",
                "serve",
                "--app",
                "works:create_app",
                "--port",
                "0",
                *arguments,
            ),
            cwd=ROOT,
            env=environment(**{"state_dir": folder, **settings}),
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        server = Served(process)
        try:
            yield server
        finally:
            await server.end()


async def command(*arguments, **settings):
    """The exit code of a command, and what it said on each channel."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wirepact", *arguments),
        cwd=ROOT,
        env=environment(**settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, told = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, said.decode(), told.decode()


async def port_of(server):
    return int((await server.logged(r"running on http://127\.0\.0\.1:(\d+)"))[1])


def hall(port):
    return connect(f"ws://127.0.0.1:{port}/ws/hall/1/?token={token(roles=['FOREMAN'])}", compression=None)
