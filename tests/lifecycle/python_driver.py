"""The generated Python clients, driven by lines of JSON: commands on standard input, what the program sees on standard output.

`drivers.py` says what the commands are, `words.py` what is seen.
"""

import asyncio
import json
import sys
from contextlib import suppress
from importlib import import_module
from inspect import signature

from wirepact import wire
from wirepact.client import (
    Closed,
    Connected,
    Degraded,
    Disconnected,
    Draining,
    Dropped,
    Keeping,
    Missed,
    NotSent,
    Reconnect,
    Recovered,
    Refused,
    Restored,
    Transport,
)
from wirepact.errors import ConnectionClosed, NotConnected, Refusal, TooLarge, Unauthorized, WirepactError
from wirepact.messages import Message, Unknown


def see(saw, **fields):
    print(json.dumps({"saw": saw, **fields}), flush=True)  # noqa: T201


def plain(message):
    """A message as JSON has it."""
    return json.loads(wire.encode(message))


class Tokens:
    """What the program's token function does, one after the other; the last one for ever."""

    def __init__(self, planned):
        self._planned = list(planned)

    async def __call__(self, reason):
        see("token", reason=reason)
        now = self._planned.pop(0) if len(self._planned) > 1 else self._planned[0]
        match now:
            case {"does": "fails"}:
                raise RuntimeError("there is no network")
            case {"does": "signs out"}:
                raise Unauthorized("signed out")
            case {"does": "hangs"}:
                await asyncio.Event().wait()
        return now["token"]


class Program:
    """One connection, what it says and sees."""

    def __init__(self, command):
        self._channels = import_module(f"wirepact_clients.{command['service']}.channels")
        self._channel = getattr(self._channels, command["channel"].upper())
        module = import_module(f"wirepact_clients.{command['service']}.client")
        client_class = getattr(module, f"{command['service'].capitalize()}Client")
        backoff, keep = command["backoff"], command["keep"]
        client = client_class(
            command["url"],
            token=Tokens(command["tokens"]) if command["tokens"] else None,
            transport=Transport(open_timeout=command["connectTimeout"]),
            reconnect=Reconnect(backoff["first"], backoff["longest"], backoff["steady"]),
            keep=keep and Keeping(keep["messages"], keep["bytes"], keep["age"]),
        )
        method = getattr(client, command["channel"])
        names = {name.rstrip("_"): name for name in signature(method).parameters}
        self._connection = method(**{names[name]: value for name, value in command["parameters"].items()})
        self._asked = {}
        self._tasks = {asyncio.create_task(self._live())}

    async def do(self, command):
        match command:
            case {"do": "send", "message": message}:
                await self._send(self._model(message))
            case {"do": "ask", "name": name, "message": message, "timeout": timeout}:
                asking = self._ask(name, self._model(message), timeout)
                self._asked[name] = task = asyncio.create_task(asking)
                self._tasks.add(task)
                await asyncio.sleep(0)
            case {"do": "cancel", "name": name}:
                self._asked[name].cancel()
            case {"do": "status"}:
                see("status", status=type(self._connection.state).__name__.lower())
            case {"do": "close"}:
                unsent = await self._connection.close()
                see("handed back", messages=[plain(each) for each in unsent])

    async def end(self):
        await self._connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _model(self, message):
        return wire.decode(self._channel.receives, json.dumps(message))

    async def _live(self):
        """From opening to the end."""
        opening = asyncio.create_task(self._connection.__aenter__())
        self._tasks.add(opening)
        await asyncio.sleep(0)
        try:
            async for event in self._connection.events():
                self._tell(event)
        except (WirepactError, RuntimeError) as error:
            if not isinstance(error, ConnectionClosed):
                see("raised", error=type(error).__name__)
                return
        with suppress(WirepactError):
            await opening
        match self._connection.state:
            case Closed(code, reason, is_final):
                see("closed", code=code, reason=reason, terminal=is_final)

    def _tell(self, event):  # noqa: C901  a table
        match event:
            case Connected(is_again, protocol, _, is_same_contract):
                see("open", again=is_again, protocol=protocol, sameContract=is_same_contract)
            case Disconnected(code, _, attempt, delay):
                see("lost", code=code, attempt=attempt, delay=delay)
            case Recovered(audience):
                see("resumed", audience=audience, recovered=True)
            case Missed(audience):
                see("resumed", audience=audience, recovered=False)
            case Dropped(messages):
                see("dropped", messages=messages)
            case Degraded() | Restored():
                see(type(event).__name__.lower())
            case Draining(delay):
                see("draining", delay=delay)
            case NotSent(messages):
                see("unsent", messages=[plain(each) for each in messages])
            case Refused(error, message):
                see("refused", code=error.code)
                if message is not None:
                    self._hear(message)
            case _:
                self._hear(event)

    def _hear(self, message):
        if isinstance(message, Unknown):
            see("unknown", name=message.name)
            return
        types = self._channel.sends.types
        name = next(each.name for each in types if each.model is type(message))
        see("message", name=name, content=plain(message))

    async def _send(self, message):
        try:
            await self._connection.send(message)
        except TooLarge:
            see("too large")
        except (NotConnected, ConnectionClosed):
            see("not sent")

    async def _ask(self, name, message, timeout):  # noqa: ASYNC109  the client's own
        try:
            answer = await self._connection.request(message, timeout=timeout)
        except asyncio.CancelledError:
            see("failed", name=name, error="cancelled")
        except WirepactError as error:
            code = error.code if isinstance(error, Refusal) else None
            kind = "ConnectionClosed" if isinstance(error, ConnectionClosed) else type(error).__name__
            see("failed", name=name, error=kind, code=code)
        else:
            content = plain(answer) if isinstance(answer, Message) else None
            see("answer", name=name, content=content)


async def main():
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    program = None
    while line := await reader.readline():
        command = json.loads(line)
        match command["do"]:
            case "connect":
                program = Program(command)
            case "end":
                await program.end()
                see("end")
            case _:
                await program.do(command)


if __name__ == "__main__":
    asyncio.run(main())
