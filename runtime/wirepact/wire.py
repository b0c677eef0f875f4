"""Between bytes and messages: the only module of the runtime that reads and writes messages as JSON.

A frame is read twice: once as plain JSON, to find the constants that tell messages apart, then by the model
that they name, from the same text, because strict validation reads dates and UUIDs from JSON only. What does
not fit is a `Refusal` whose text is meant for the peer.

Decided here, and tested: a JSON text is one object, unless the document has messages that are none; `NaN` and `Infinity` are no JSON; nor is half of a
surrogate pair. A server, which gives a decoder the channel's limits, takes no key that stands twice and nothing that is nested deeper than they allow; for a
client such a key counts as it stands last, for both readings.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Generic

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from wirepact import strictness
from wirepact.descriptors import ErrorShape, Limits, MessageSet, MessageT, Path
from wirepact.errors import BadRequest, Internal, InvalidPayload, Refusal, UnknownMessage
from wirepact.explanations import explain
from wirepact.messages import BinaryMessage, Encoding, Message, ValueMessage, encoding_of, outline
from wirepact.signs import shows

_LONGEST_ECHO = 40
_ABSENT = object()


def encode(message: Message) -> str | bytes:
    """*message* as it goes over the wire, in a text or a binary frame. JSON is compact, fields in the order of the document."""
    if message._encoding == "json":  # noqa: SLF001 - the path of nearly every message
        return message.model_dump_json()
    return _as_it_is(message)


def encode_json(message: Message) -> str:
    """*message* as JSON, which one that is no JSON over the wire is not meant to be."""
    return message.model_dump_json()


def _as_it_is(message: Message) -> str | bytes:
    if isinstance(message, BinaryMessage):
        return message.data
    return str(from_json(message.model_dump_json()))


def decode(messages: MessageSet[MessageT], frame: str | bytes) -> MessageT:
    """The message that *frame* is, among *messages*. Raises a `Refusal` that says why it is none."""
    decoder: Decoder[MessageT] = _decoder(messages)
    return decoder.decode(frame)


class Decoder(Generic[MessageT]):
    """Reads the frames of one direction of a channel: strictly, if it is given *limits*."""

    def __init__(self, messages: MessageSet[MessageT], limits: Limits | None = None) -> None:
        self._limits = limits
        types = [each for each in messages.types if encoding_of(each.model) == "json"]
        self._paths = messages.paths
        self._types = {_key(each.constants): each for each in types}
        self._aliases = {_key(alias): each for each in types for alias in each.aliases}
        self._signed = types if any(each.signs for each in types) else ()
        self._ambiguous = messages.ambiguous
        self._binary = _first(messages, "binary")
        self._text = _first(messages, "text")
        self._is_json_only = self._binary is None and self._text is None

    @property
    def takes_binary(self) -> bool:
        """Whether a binary frame is a message here."""
        return self._binary is not None

    def decode(self, frame: str | bytes) -> MessageT:
        """The message that *frame* is. Raises a `Refusal` that says why it is none."""
        if self._is_json_only:
            return self._json(frame)
        if self._binary is not None and isinstance(frame, bytes):
            return self._binary.model_validate({"data": frame})
        if self._text is not None:
            return self._plain(self._text, frame)
        if not self._types:
            raise UnknownMessage("only binary frames may be sent here")
        return self._json(frame)

    def _plain(self, model: type[MessageT], frame: str | bytes) -> MessageT:
        """A frame of plain text, unless it is one of the messages that were not told apart from it."""
        if self._types:
            with suppress(Refusal):
                return self._json(frame)
        text = frame if isinstance(frame, str) else frame.decode()
        return _validated(model, json.dumps(text), text)

    def _json(self, frame: str | bytes) -> MessageT:
        if self._signed:
            return self._by_signs(frame)
        document = parse_object(frame, self._limits)
        constants = tuple(_constant(document, path) for path in self._paths)
        found = self._types.get(_key(constants))
        return (
            self._by_alias(document, constants) if found is None else _validated(found.model, frame, document)
        )

    def _by_alias(self, document: dict[str, Any], constants: tuple[object, ...]) -> MessageT:
        """A message under an older name, which it gives up here."""
        found = self._aliases.get(_key(constants))
        if found is None:
            raise UnknownMessage(_unknown(self._paths, constants))
        for path, constant in zip(self._paths, found.constants, strict=True):
            _put(document, path, constant)
        return _validated(found.model, to_json(document), document)

    def _by_signs(self, frame: str | bytes) -> MessageT:
        """Where nothing was proven, the first message that fits; else the only one that can."""
        value = parse(frame, self._limits)
        refusal: Refusal = UnknownMessage("looks like no message that may be sent here")
        for each in self._signed:
            if shows(value, each.signs):
                try:
                    return _validated(each.model, frame, value)
                except InvalidPayload as invalid:
                    refusal = invalid
                    if not self._ambiguous:
                        break
        raise refusal


class ErrorWriter:
    """Writes refusals as the message that the document has for them."""

    def __init__(self, shape: ErrorShape[Message]) -> None:
        self._shape = shape
        for refusal in (BadRequest(""), Internal("")):
            self.write(refusal)

    def write(self, refusal: Refusal) -> str:
        """*refusal* as JSON text. A code that the document does not list becomes the nearest that any has."""
        try:
            return self._written(refusal.code, self._shape.texts.get(refusal.code, refusal.text))
        except ValidationError:
            nearest = Internal if refusal.status >= Internal.status else BadRequest
            return self._written(nearest.code, refusal.text)

    def _written(self, code: str, text: str) -> str:
        document: dict[str, Any] = outline(self._shape.model)
        _put(document, self._shape.code, code)
        _put(document, self._shape.text, text)
        return encode_json(self._shape.model.model_validate(document, strict=False))


def parse(text: str | bytes, limits: Limits | None = None) -> object:
    """The JSON value that *text* is, within *limits*. Raises `BadRequest`; cheap and safe for any depth of nesting."""
    value = _parsed(text)
    if limits is not None:
        strictness.check(text, value, limits)
    return value


def _parsed(text: str | bytes) -> object:
    try:
        return from_json(text, allow_inf_nan=False)
    except (ValueError, TypeError) as error:
        # The library has one kind of error for all, and another for half a surrogate pair; its text stays here.
        nested = "recursion limit" in str(error)
        raise BadRequest("is nested too deeply" if nested else "is not valid JSON") from None


def parse_object(text: str | bytes, limits: Limits | None = None) -> dict[str, Any]:
    """The JSON object that *text* is, within *limits*. Raises `BadRequest`."""
    value = parse(text, limits)
    if not isinstance(value, dict):
        raise BadRequest("must be a JSON object")
    return value


def validate(model: type[MessageT], text: str | bytes, limits: Limits | None = None) -> MessageT:
    """*text* as the one message that it can be, within *limits*. Raises a `Refusal`."""
    read = parse if issubclass(model, ValueMessage) else parse_object
    return _validated(model, text, read(text, limits))


def _validated(model: type[MessageT], text: str | bytes, document: object) -> MessageT:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InvalidPayload(explain(error, document)) from None


@lru_cache(maxsize=256)
def _decoder(messages: MessageSet[MessageT]) -> Decoder[MessageT]:
    return Decoder(messages)


def _first(messages: MessageSet[MessageT], encoding: Encoding) -> type[MessageT] | None:
    return next((each.model for each in messages.types if encoding_of(each.model) == encoding), None)


def _key(constants: tuple[Any, ...]) -> tuple[Any, ...]:
    """*constants* such that `1`, `1.0` and `true` differ, as they do in JSON text, and lists match nothing."""
    return tuple(
        (type(each), each) if each is None or isinstance(each, str | int | float) else each is _ABSENT
        for each in constants
    )


def _constant(document: Mapping[str, Any], path: Path) -> object:
    here: object = document
    for step in path:
        here = here.get(step, _ABSENT) if isinstance(here, dict) else _ABSENT
    if here is _ABSENT:
        raise BadRequest(f'the field "{".".join(path)}" is missing')
    return here


def _unknown(paths: tuple[Path, ...], constants: tuple[object, ...]) -> str:
    if not paths:
        return "nothing may be sent here"
    named = [f"{'.'.join(path)} {_echo(value)}" for path, value in zip(paths, constants, strict=True)]
    return f"there is no message with {' and '.join(named)}"


def _echo(value: object) -> str:
    """*value* in JSON, shortened, so that a peer knows its own words again; no arrays or objects."""
    if isinstance(value, list | dict):
        return "of this kind"
    if isinstance(value, str) and len(value) > _LONGEST_ECHO:
        value = value[: _LONGEST_ECHO - 1] + "…"
    echoed = json.dumps(value, ensure_ascii=False)
    return echoed if len(echoed) <= 2 * _LONGEST_ECHO else "of this kind"


def _put(document: dict[str, Any], path: Path, value: object) -> None:
    *parents, last = path
    for step in parents:
        document = document.setdefault(step, {})
    document[last] = value
