"""The requests of one connection that have no answer yet, and what answers them.

With `wirepact.v1` an answer has the request's id before it, and `Life` sorts it out. In *legacy* all there is to know one by is what
the document says that a question and its answer have in common (`correlationId`).
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from wirepact.client.line import settle
from wirepact.descriptors import Channel, Path
from wirepact.errors import Refusal, refusal_of
from wirepact.messages import Message, Unknown


class _Question(NamedTuple):
    """Somebody waits for an answer, in *legacy* for one of this class if that is said."""

    answer: "asyncio.Future[Message | Unknown | None]"
    reply: type[Message] | None


class Questions:
    """Who waits for what, by the ids of the requests."""

    def __init__(self, channel: Channel[Any, Any], refusals: Mapping[str, type[Refusal]]) -> None:
        self._refusals = refusals
        self._paths = channel.correlations
        self._error = channel.error
        self._open: dict[str, _Question] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def key(self, message: Message) -> str | None:
        """What *message* has in common with its answer, or its question; `None` if it has nothing of the kind."""
        path = self._paths.get(type(message))
        value = None if path is None else _at(message, path)
        return json.dumps(value) if isinstance(value, str | int) else None

    def ask(self, request: str, reply: type[Message] | None) -> "asyncio.Future[Message | Unknown | None]":
        """What the answer to *request* will be."""
        answer: asyncio.Future[Message | Unknown | None] = asyncio.get_running_loop().create_future()
        self._open[request] = _Question(answer, reply)
        return answer

    def forget(self, request: str) -> None:
        """Nobody waits any more, whatever becomes of it."""
        settle(self._open.pop(request).answer)

    def answer(self, request: str, answer: Message | Unknown | None, error: Exception | None) -> None:
        """Hand the answer to *request*, or why there is none, to whoever asked."""
        question = self._open.get(request)
        if question is None or question.answer.done():
            return
        if error is not None:
            question.answer.set_exception(error)
        else:
            question.answer.set_result(answer)

    def answered_by(self, message: Message | Unknown) -> str | None:
        """The request that *message* answers in *legacy*; it is handed to whoever asked."""
        key = self.key(message) if isinstance(message, Message) else None
        question = None if key is None else self._open.get(key)
        if key is None or question is None or isinstance(message, Unknown):
            return None
        refusal = self._refusal(message)
        if refusal is None and question.reply is not None and not isinstance(message, question.reply):
            return None
        self.answer(key, message, refusal)
        return key

    def _refusal(self, message: Message) -> Refusal | None:
        """What *message* refuses, if it is the document's error message."""
        if self._error is None or not isinstance(message, self._error.model):
            return None
        code, text = str(_at(message, self._error.code)), str(_at(message, self._error.text))
        return refusal_of(code, text, self._refusals)


def _at(message: Message, path: Path) -> object:
    value: object = message.model_dump(mode="json", by_alias=True)
    for step in path:
        value = cast("dict[str, object]", value).get(step) if isinstance(value, dict) else None
    return value
