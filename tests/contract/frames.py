"""Frames that a client should not send: broken by hand, and made by schemathesis from the documents' schemas."""

import json
from collections.abc import Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from contract.documents import Channel, Message, contents
from contract.judge import fitting

Frame = str | bytes

UNREADABLE: dict[str, Frame] = {
    "malformed": '{"type": ',
    "empty": "",
    "blank": "  \n",
    "no-json": "안녕",
    "trailing": "{} {}",
    "nan": '{"type": NaN}',
    "half-a-surrogate-pair": '{"type": "\\ud800"}',
    "array": "[]",
    "string": '"text"',
    "number": "5",
    "null": "null",
    "empty-object": "{}",
    "unknown": '{"type": "unheard of", "kind": "unheard of", "topic": "unheard of"}',
    "nested": "[" * 20_000,
    "nested-in-an-object": '{"type": ' + '{"a": ' * 5_000 + "1" + "}" * 5_001,
    "nul": '{"type": "\\u0000"}',
    "long-key": json.dumps({"k" * 10_000: 1}),
    "huge-number": '{"type": 1' + "0" * 5_000 + "}",
}
"""What is no message of any document."""

FATAL: dict[str, Frame] = {"binary": b"{}", "binary-nonsense": b"\xff\x00\xff"}
"""What ends a connection."""


def oversize(channel: Channel) -> Iterator[tuple[str, Frame]]:
    """Frames over the document's size: by one byte of padding, by far, and 100,000 arrays deep."""
    limit = channel.message_bytes
    example = _example(channel)
    yield "one-byte-over", example + " " * (limit + 1 - len(example.encode()))
    yield "far-over", json.dumps({"type": "x" * 4 * limit})
    yield "multibyte", json.dumps({"type": "가" * (limit // 2)}, ensure_ascii=False)
    yield "100000-arrays", "[" * 100_000


def just_fitting(channel: Channel) -> str:
    """An example, padded to exactly the size that the document allows."""
    example = _example(channel)
    return example + " " * (channel.message_bytes - len(example.encode()))


def _example(channel: Channel) -> str:
    """A message of the channel; where nothing may be sent, an object that is none."""
    return json.dumps(channel.received[0].examples[0]) if channel.received else "{}"


def damaged(channel: Channel) -> Iterator[tuple[str, str]]:
    """Each example of each message, with one thing wrong; what is still a message is left out."""
    for message in channel.received:
        for label, value in _damages(message):
            if not fitting(value, channel.received):
                yield f"{message.name}-{label}", json.dumps(value)


def generated(channel: Channel, message: Message, count: int) -> list[Frame]:
    """*count* near misses of *message*, the same in each run; none of them is a message of the channel."""
    cases: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_operation(message).as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def collect(case: Any) -> None:
        cases.append(case.body)

    collect()
    return [_frame(body) for body in cases if isinstance(body, bytes) or not fitting(body, channel.received)]


def _damages(message: Message) -> Iterator[tuple[str, Any]]:
    for number, example in enumerate(message.examples):
        for field in example:
            yield f"{number}-without-{field}", {key: value for key, value in example.items() if key != field}
            for wrong in (None, True, "10", -1, 1.5, 10**30, [], {}, "x" * 3_000):
                yield f"{number}-{field}-{str(wrong)[:5]}", {**example, field: wrong}


def _operation(message: Message) -> Any:
    """*message* as the body of a request, which is what schemathesis knows how to vary."""
    schemas = {
        "components": {"schemas": contents(message.place.file).get("components", {}).get("schemas", {})}
    }
    body = {"content": {"application/json": {"schema": message.payload.value}}, "required": True}
    document = {
        "openapi": "3.1.0",
        "info": {"title": message.name, "version": "1"},
        "paths": {"/": {"post": {"requestBody": body, "responses": {"200": {"description": "fine"}}}}},
        **schemas,
    }
    return schemathesis.openapi.from_dict(document)["/"]["POST"]


def _frame(body: Any) -> Frame:
    if not isinstance(body, bytes):
        return json.dumps(body, ensure_ascii=True)
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body
