"""The message that carries an error to the peer (`x-error`), and whether the runtime can fill it."""

from wirepact_codegen.error_codes import ERROR_CODES
from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import ErrorShape, Message, Path
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.fields import field_at, path_of, required_fields
from wirepact_codegen.source import Node


def read_error(context: Context, channel: Node, entries: dict[str, Node]) -> ErrorShape | None:
    """The error message of a channel; every field of it must be one that the runtime knows how to fill."""
    said = channel.get("x-error")
    if said is None:
        return None
    name = said.text("message")
    if name not in entries:
        sentence = f'message "{name}" does not exist in channel "{channel.key}"'
        context.add("WP210", said.at(("message",)), sentence, did_you_mean(name, entries))
        return None
    message = context.messages.message(entries[name])
    if message is None:
        return None
    code, text = path_of(said.at(("code",))), path_of(said.at(("text",)))
    _check_code(context, said.at(("code",)), message, code)
    _check_text(context, said.at(("text",)), message, text)
    _check_rest(context, said, message, (code, text))
    return ErrorShape(message, code, text, _texts(said))


def _texts(said: Node) -> tuple[tuple[str, str], ...]:
    """The words for codes. That they are texts, and the codes known, is the vocabulary's to check."""
    texts = said.get("texts")
    return (
        tuple((code, text.value) for code, text in texts.items() if isinstance(text.value, str))
        if texts
        else ()
    )


def _check_code(context: Context, said: Node, message: Message, path: Path) -> None:
    field = field_at(context, message, path)
    if field is None:
        context.add("WP210", said, f'message "{message.name}" has no field "{".".join(path)}"')
        return
    allowed = field.get("enum")
    if field.get("type") != "string" and not isinstance(allowed, list):
        context.add("WP210", said, f'field "{".".join(path)}" of message "{message.name}" must be a string')
    elif isinstance(allowed, list) and (missing := [code for code in ERROR_CODES if code not in allowed]):
        sentence = f'field "{".".join(path)}" of message "{message.name}" does not allow {", ".join(missing)}'
        context.add("WP210", said, sentence, "the server may send any of these codes")


def _check_text(context: Context, said: Node, message: Message, path: Path) -> None:
    field = field_at(context, message, path)
    if field is None:
        context.add("WP210", said, f'message "{message.name}" has no field "{".".join(path)}"')
    elif field.get("type") != "string" or field.keys() & {
        "enum",
        "format",
        "maxLength",
        "minLength",
        "pattern",
    }:
        context.add(
            "WP210", said, f'field "{".".join(path)}" of message "{message.name}" must take any string'
        )


def _check_rest(context: Context, said: Node, message: Message, filled: tuple[Path, ...]) -> None:
    """What else the message requires must be constant, or the runtime would not know what to say."""
    for path in required_fields(context, message):
        if path not in filled:
            sentence = f'message "{message.name}" requires "{".".join(path)}", which the server would not know how to fill'
            context.add("WP210", said.at(("message",)), sentence)
