"""The real command in processes of its own: `wirepact serve` with the small works, and what is said to it."""

import asyncio
import os
import re
import sys
import tempfile
import time
from contextlib import asynccontextmanager
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
    """A `wirepact serve` in a process of its own, and what it has logged."""

    def __init__(self, process):
        self.process = process
        self.log = ""

    async def logged(self, pattern):
        """Wait for a line like *pattern*."""
        async with asyncio.timeout(20):
            while (match := re.search(pattern, self.log)) is None:
                line = (await self.process.stderr.readline()).decode()
                assert line, self.log
                self.log += line
        return match

    async def ended(self):
        """Its exit code, and the seconds that it took to come."""
        start = time.monotonic()
        self.log += (await asyncio.wait_for(self.process.stderr.read(), 20)).decode()
        return await self.process.wait(), time.monotonic() - start


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
        )
        try:
            yield Served(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


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
