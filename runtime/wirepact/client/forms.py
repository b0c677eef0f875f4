"""From a message to texts under names: how a query and headers are written, the other way round from the server."""

from collections.abc import Iterator
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from wirepact.descriptors import Channel
from wirepact.explanations import explain
from wirepact.messages import Message
from wirepact.wire import encode


def query_pairs(query: Message | None) -> tuple[tuple[str, str], ...]:
    """*query* as parameters; a list is a parameter for each element. What is null is left out."""
    return tuple((name, text) for name, texts in _texts(query) for text in texts)


def header_pairs(headers: Message | None) -> tuple[tuple[str, str], ...]:
    """*headers* as headers; a list stands in one, with commas between. Raises `ValueError` for what no header can hold."""
    pairs = [(name, _joined(name, texts)) for name, texts in _texts(headers) if texts]
    for name, text in pairs:
        if not text.isascii() or not text.isprintable() or text != text.strip():
            raise ValueError(f"{name}: {text!r} can't stand in a header")
    return tuple(pairs)


def filled(
    channel: Channel[Any, Any], what: str, given: Message | None, wanted: type[Message] | None
) -> Message | None:
    """*given*, or what the document says of itself where nothing is given. Raises `TypeError` if it is not *wanted*."""
    if given is None and wanted is not None:
        try:
            return wanted()
        except ValidationError as error:
            raise TypeError(f"{channel.name}: {what} is missing: {explain(error, {})}") from None
    if given is not None and (wanted is None or not isinstance(given, wanted)):
        expected = "nothing" if wanted is None else wanted.__name__
        raise TypeError(f"{channel.name}: {what} must be {expected}, not {type(given).__name__}")
    return given


def _texts(message: Message | None) -> Iterator[tuple[str, list[str]]]:
    """Each name with its texts: those of a list, or the only one."""
    said: dict[str, object] = {} if message is None else from_json(encode(message))
    for name, value in said.items():
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        yield name, [_text(each) for each in values if each is not None]


def _joined(name: str, texts: list[str]) -> str:
    if len(texts) > 1 and any("," in each for each in texts):
        raise ValueError(f"{name}: an element of a list in a header has no comma")
    return ", ".join(texts)


def _text(value: object) -> str:
    return value if isinstance(value, str) else to_json(value).decode()
