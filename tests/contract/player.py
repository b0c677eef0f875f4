"""Plays a conversation against a running application."""

import asyncio
from collections.abc import Mapping
from functools import singledispatchmethod
from typing import Any

import httpx

from contract import conversation as script
from contract.documents import Document
from contract.lines import Line
from contract.matching import filled_in, matches
from contract.recorder import Closed

DEADLINE = 10
"""How many seconds a step may take to come true."""


class Performance:
    """One playing of one conversation. `line` is the kind of connection that it is played with."""

    def __init__(self, line: type[Line], server: str, tokens: Mapping[str, str]) -> None:
        self._line = line
        self._server = server
        self._tokens = tokens
        self._lines: dict[str, Line] = {}
        self.kept: dict[str, Any] = {}

    async def play(self, played: script.Conversation) -> None:
        """Plays all steps. An `AssertionError` names the first that does not come true."""
        document = Document(f"{played.service}.yaml")
        try:
            for number, step in enumerate(played.steps, 1):
                await self._timely(number, step, document)
        finally:
            for line in self._lines.values():
                await line.close()

    async def prepare(self, steps: list[script.Http]) -> None:
        """Plays steps that need no document."""
        for step in steps:
            await self._do(step, None)

    async def _timely(self, number: int, step: script.AnyStep, document: Document) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                await self._do(step, document)
        except TimeoutError:
            raise AssertionError(f"step {number}: nothing for {DEADLINE} seconds: {step}") from None
        except AssertionError as error:
            raise AssertionError(f"step {number}: {error}") from error

    @singledispatchmethod
    async def _do(self, step: script.AnyStep, document: Document | None) -> None:
        raise NotImplementedError(type(step), document)

    @_do.register
    async def _(self, step: script.Http, _document: Document | None) -> None:
        method, path = step.http.split(" ", 1)
        for name, value in self.kept.items():
            path = path.replace(f"${name}", str(value))
        async with httpx.AsyncClient(base_url=self._server, headers=self._authorization(step.as_)) as http:
            answer = await http.request(
                method, path, json=filled_in(step.body, self.kept), files=_form(step.file)
            )
        assert answer.status_code == step.status, (
            f"expected status {step.status}, got {answer.status_code} {answer.text}"
        )
        if step.reply_text is not None:
            assert answer.text == step.reply_text, f"expected {step.reply_text}, got {answer.text}"
        if step.reply is not None:
            self._expect(step.reply, answer.json())
        for name, field in step.keep.items():
            self.kept[name] = _at(answer.json(), field)

    @_do.register
    async def _(self, step: script.Connect, document: Document) -> None:
        self._lines[step.connect] = await self._line.connected(
            self._server,
            document.channel(step.channel),
            filled_in(step.parameters, self.kept),
            self._tokens.get(step.as_),
        )

    @_do.register
    async def _(self, step: script.Send, _document: Document) -> None:
        await self._lines[step.send].send(filled_in(step.message, self.kept))

    @_do.register
    async def _(self, step: script.SendText, _document: Document) -> None:
        await self._lines[step.send_text].send_frame(step.text)

    @_do.register
    async def _(self, step: script.SendBinary, _document: Document) -> None:
        await self._lines[step.send_binary].send_frame(bytes.fromhex(step.hex))

    @_do.register
    async def _(self, step: script.Expect, _document: Document) -> None:
        self._expect(step.message, await self._lines[step.expect].hear_or_end())

    @_do.register
    async def _(self, step: script.ExpectAll, _document: Document) -> None:
        missing = filled_in(step.messages, self.kept)
        while missing:
            heard = await self._lines[step.expect_all].hear_or_end()
            fitting = [each for each in missing if matches(each, heard)]
            assert fitting, f"expected one of {missing}, got {heard}"
            missing.remove(fitting[0])

    @_do.register
    async def _(self, step: script.ExpectText, _document: Document) -> None:
        line = self._lines[step.expect_text]
        heard = await line.hear_or_end()
        assert not isinstance(heard, Closed), f"expected {step.text}, got {heard}"
        assert line.frame == step.text, f"expected {step.text}, got {line.frame}"

    @_do.register
    async def _(self, step: script.Close, _document: Document) -> None:
        await self._lines[step.close].close()

    @_do.register
    async def _(self, step: script.Closed, _document: Document) -> None:
        heard = await self._lines[step.closed].hear_or_end()
        assert isinstance(heard, Closed), f"expected the end, got {heard}"
        assert heard.code == step.code, f"expected code {step.code}, got {heard}"
        assert step.reason in {None, heard.reason}, f"expected {step.reason!r}, got {heard}"

    def _expect(self, expected: Any, got: Any) -> None:
        expected = filled_in(expected, self.kept)
        assert matches(expected, got), f"expected {expected}, got {got}"

    def _authorization(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"} if who in self._tokens else {}


def _form(file: script.File | None) -> dict[str, tuple[str, bytes, str]] | None:
    return None if file is None else {file.part: (file.name, file.text.encode(), file.type)}


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value[key]
    return value
