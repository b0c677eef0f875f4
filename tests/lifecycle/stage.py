"""Where a scenario is played: the application on a port, a network that fails before it, and one program."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from lifecycle import network
from lifecycle.drivers import Driver
from lifecycle.scenario import (
    Ask,
    Cancel,
    Close,
    CloseWith,
    Connect,
    Given,
    Hears,
    Network,
    Program,
    Publish,
    Say,
    Sees,
    Send,
    Server,
    Status,
    Step,
    each_of,
)
from lifecycle.service import Service, token
from lifecycle.words import Seen, in_words, is_of_call
from wirepact.descriptors import Channel
from wirepact.faults import FaultProxy

DEADLINE = 30
ATTEMPT = re.compile(r"lost \d+, attempt \d+|token asked: (reconnect|connect)")
GREETING = "connection"
WINDOW = 64 * 1024


@asynccontextmanager
async def staged(driver: Driver, given: Given, folder: Path, origin: str) -> AsyncIterator["Stage"]:
    """A stage, from the start of the server to the end of the program. Pages come from *origin*."""
    service = Service(given, folder, origin)
    async with FaultProxy(service.url) as proxy:
        proxy.window = WINDOW
        stage = Stage(driver, given, service, proxy)
        try:
            if given.runs:
                await stage.play(Server(server="starts"))
            yield stage
        finally:
            proxy.thaw()
            await stage.leave()
            await service.stop()


class Stage:
    """One program before one server, with a network between them."""

    def __init__(self, driver: Driver, given: Given, service: Service, proxy: FaultProxy) -> None:
        self._driver = driver
        self._given = given
        self._service = service
        self._proxy = proxy
        self._is_connected = False
        self._program = Program()
        self._told: list[Seen] = []
        self._called: list[Seen] = []
        self._is_greeted = True
        self._delay: float | None = None

    async def play(self, step: Step) -> None:
        """Do what the step says, or wait until the program sees it."""
        if not (await self._play_program(step) or await self._play_surroundings(step)):
            raise TypeError(f"nobody knows how to play {step}")

    async def _play_program(self, step: Step) -> bool:
        """What the program does and sees; whether it is that."""
        match step:
            case Connect(connect=program):
                await self._connect(program)
            case Sees(sees=expected):
                await self._expect(expected)
            case Hears(hears=messages, meanwhile=events):
                await self._hear(_expanded(messages), events)
            case Status(status=status):
                await self._driver.tell("status")
                await self._expect([f"is {status}"])
            case Send(send=message):
                await self._driver.tell("send", message=message)
            case Ask(ask=message, as_=name, timeout=timeout):
                await self._driver.tell("ask", message=message, name=name, timeout=timeout)
            case Cancel(cancel=name):
                await self._driver.tell("cancel", name=name)
            case Close():
                await self._driver.tell("close")
            case _:
                return False
        return True

    async def _play_surroundings(self, step: Step) -> bool:
        """What the server and the network do; whether it is that."""
        match step:
            case Publish(publish=what):
                await self._service.publish(what)
            case Network(network=what):
                network.change(self._proxy, what)
            case Say(say=frame):
                self._proxy.say(frame.encode())
            case CloseWith(close_with=code, reason=reason):
                self._proxy.close(code, reason)
            case Server(server=what):
                await self._service.change(what)
                self._proxy.target = self._service.url
            case _:
                return False
        return True

    async def end(self) -> None:
        """Have the program leave. Whatever it saw that the scenario does not tell is a fault."""
        await self.leave()
        left = [words for each in (*self._told, *self._called) if (words := in_words(each)) != "closed"]
        assert left == [], f"more than the scenario tells: {left}"

    async def leave(self) -> None:
        """Have the program forget its connection, if it has one."""
        if not self._is_connected:
            return
        self._is_connected = False
        await self._driver.tell("end")
        async with asyncio.timeout(DEADLINE):
            while (seen := await self._driver.seen.get()) != {"saw": "end"}:
                self._sort(seen)

    async def _connect(self, program: Program) -> None:
        self._program, self._is_connected = program, True
        service, _, name = self._given.channel.partition(".")
        channel: Channel[Any, Any] = getattr(import_module(f"generated.{service}.channels"), name.upper())
        await self._driver.tell(
            "connect",
            service=service,
            channel=name,
            url=program.host or self._proxy.url,
            parameters=program.parameters,
            hears=[each.name for each in channel.sends.types],
            tokens=[token(each) for each in program.tokens],
            backoff=program.backoff.model_dump(),
            keep=program.keep and program.keep.model_dump(),
            connectTimeout=program.connect_timeout,
        )

    async def _expect(self, expected: list[str]) -> None:
        for words, then in zip(expected, [*expected[1:], ""], strict=True):
            try:
                await self._expect_one(words, then)
            except TimeoutError:
                told = [in_words(each) for each in (*self._told, *self._called)]
                raise AssertionError(f'nobody saw "{words}"; seen meanwhile: {told}') from None
        await self._until(lambda: self._is_greeted)

    async def _expect_one(self, words: str, then: str) -> None:
        if words == "…":
            await self._skip_to(then)
            return
        for each in _expanded(words):
            seen = await self._next(each)
            assert in_words(seen) == each, f"sees {in_words(seen)!r}, not {each!r}"
            self._check(seen)

    async def _skip_to(self, words: str) -> None:
        await self._until(lambda: bool(self._told))
        while in_words(self._told[0]) != words:
            assert ATTEMPT.fullmatch(in_words(self._told[0])), in_words(self._told[0])
            self._check(self._told.pop(0))
            await self._until(lambda: bool(self._told))

    async def _hear(self, messages: list[str], events: list[str]) -> None:
        """All of *messages*, and *events* somewhere among them, each in its order."""
        heard, happened = [], []
        while len(heard) + len(happened) < len(messages) + len(events):
            seen = await self._next("")
            (heard if seen["saw"] == "message" else happened).append(in_words(seen))
            self._check(seen)
        assert (heard, happened) == (messages, events)

    async def _next(self, words: str) -> Seen:
        """The next that was seen, of what it was told or of what it called."""
        is_call = words.startswith(("answer ", "failed ", "not sent", "too large", "handed back", "is "))
        queue = self._called if is_call else self._told
        await self._until(lambda: bool(queue))
        return queue.pop(0)

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not holds():
                self._sort(await self._driver.seen.get())

    def _sort(self, seen: Seen) -> None:
        if is_of_call(seen):
            self._called.append(seen)
        elif seen["saw"] == "message" and seen["name"] == GREETING:
            self._is_greeted = True
        else:
            if seen["saw"] in {"open", "lost", "closed"}:
                self._is_greeted = seen["saw"] != "open"
            self._told.append(seen)

    def _check(self, seen: Seen) -> None:
        """Whether nobody waited for longer than they may before they come back."""
        if seen["saw"] == "draining":
            self._delay = seen["delay"]
        if seen["saw"] != "lost":
            return
        wait, backoff = seen["delay"], self._program.backoff
        if self._delay is not None:
            assert wait == self._delay, f"waits for {wait} s, the server said {self._delay} s"
            self._delay = None
        else:
            most = min(backoff.longest, backoff.first * 2 ** (seen["attempt"] - 1))
            assert 0 <= wait <= most, f"waits for {wait} s, at most {most} s are allowed"


def _expanded(words: str) -> list[str]:
    """`alert 1..3` is three alerts."""
    name, _, said = words.rpartition(" ")
    return [f"{name} {each}" for each in each_of(said)] if ".." in said else [words]
