"""Comments and data of TypeScript, laid out as Prettier would."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wirepact_codegen.targets.typescript_layout import WIDTH, width
from wirepact_codegen.targets.typescript_types import key, literal

_SHORT_KEY = 5
"""The width of a key, with its colon, up to which Prettier gains nothing from a line end behind it."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufeff]")

Data: TypeAlias = "str | int | float | bool | Sequence[Data] | Mapping[str, Data] | None"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A line of an interface, and what is said about it."""

    comment: str
    text: str


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """An object type with the fields that it names."""

    comment: str
    name: str
    fields: tuple[FieldView, ...]
    base: str = ""

    @property
    def head(self) -> str:
        """Its first line, or its first lines, up to the brace."""
        flat = f"export interface {self.name}"
        if not self.base:
            return flat
        between = " " if width(f"{flat} extends {self.base} {{") <= WIDTH else "\n  "
        return f"{flat}{between}extends {self.base}"


class Names:
    """The names of a module: what the document names keeps its name, what is added gets out of the way."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def free(self, wanted: str) -> str:
        """*wanted*, or what comes next to it, taken from now on."""
        name = wanted
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


def comment(indent: int, *paragraphs: str) -> str:
    """A doc comment with its last line break; nothing if there is nothing to say."""
    lines = "\n\n".join(text for each in paragraphs if (text := _safe(each))).splitlines()
    edge = " " * indent
    if not lines:
        return ""
    if len(lines) == 1:
        return f"{edge}/** {lines[0]} */\n"
    return "\n".join([f"{edge}/**", *(f"{edge} * {line}".rstrip() for line in lines), f"{edge} */\n"])


def indented(text: str, indent: int) -> str:
    """A doc comment further in by *indent*."""
    return "".join(f"{' ' * indent}{line}" for line in text.splitlines(keepends=True))


def data(value: Data, indent: int = 0, before: int = 0) -> str:
    """A value as text, to stand behind *before* columns, and in front of a comma, in a line that is indented by *indent*."""
    flat = _flat(value)
    if before + width(flat) < WIDTH and not _is_table(value):
        return flat
    if isinstance(value, Mapping):
        return block("{", [entry(name, each, indent + 2) for name, each in value.items()], "}", indent)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return block("[", [data(each, indent + 2, indent + 2) for each in value], "]", indent)
    return flat


def entry(name: str, value: Data, indent: int) -> str:
    """One entry of an object in a line that is indented by *indent*: `address: "/rooms/"`."""
    head = f"{_field(name)}:"
    text = data(value, indent, before=indent + width(head) + 1)
    if isinstance(value, str) and width(head) > _SHORT_KEY and indent + width(f"{head} {text},") > WIDTH:
        return f"{head}\n{' ' * indent}  {text}"
    return f"{head} {text}"


def generic(head: str, arguments: Sequence[str], tail: str) -> str:
    """A declaration with type arguments: `export type Live = Connection<Incoming, Outgoing>;`."""
    flat = f"{head}<{', '.join(arguments)}>{tail}"
    if width(flat) <= WIDTH:
        return flat
    start, equals, name = head.partition(" = ")
    if len(arguments) > 1 and (not equals or width(head) < WIDTH):
        return "\n".join([f"{head}<", *_separated(arguments, "  "), f">{tail}"])
    below = f"  {name}<{', '.join(arguments)}>{tail}"
    if width(below) <= WIDTH or len(arguments) == 1:
        return f"{start} =\n{below}"
    return "\n".join([f"{start} =", f"  {name}<", *_separated(arguments, "    "), f"  >{tail}"])


def call(head: str, arguments: Sequence[str], indent: int) -> str:
    """A call as a statement of its own."""
    flat = f"{head}({', '.join(arguments)});"
    if indent + width(flat) <= WIDTH:
        return flat
    return f"{block(f'{head}(', arguments, ')', indent)};"


def signature(name: str, parameters: Sequence[str], result: str) -> str:
    """The first line of a method, or its first lines."""
    flat = f"  {name}({', '.join(parameters)}): {result} {{"
    if width(flat) <= WIDTH:
        return flat
    return "\n".join([f"  {name}(", *(f"    {each}," for each in parameters), f"  ): {result} {{"])


def class_head(name: str, base: str, *, empty: bool) -> str:
    """The first line of a class that has a base, or its first lines."""
    flat = f"export class {name} extends {base} {{"
    if width(flat) + empty <= WIDTH:
        return flat
    return f"export class {name}\n  extends {base}{' ' if empty else chr(10)}{{"


def block(opening: str, parts: Sequence[str], closing: str, indent: int) -> str:
    """Parts between brackets, each in a line of its own with a comma behind it."""
    edge = " " * indent
    return "\n".join([opening, *(f"{edge}  {part}," for part in parts), f"{edge}{closing}"])


def _separated(parts: Sequence[str], edge: str) -> list[str]:
    *others, last = parts
    return [*(f"{edge}{each}," for each in others), f"{edge}{last}"]


def _flat(value: Data) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_field(name)}: {_flat(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_flat(each) for each in value)}]"
    return literal(value)


def _field(name: str) -> str:
    """The name of a field as an object is written: one of them would not be a field, but what the object inherits from."""
    return '["__proto__"]' if name == "__proto__" else key(name)


def _is_table(value: Data) -> bool:
    """Whether Prettier gives each item a line even where all would fit on one: several objects, or several lists."""
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence) or len(value) < 2:
        return False
    return all(isinstance(each, Mapping) and len(each) > 1 for each in value) or all(
        isinstance(each, Sequence) and not isinstance(each, str) and len(each) > 1 for each in value
    )


def _safe(text: str) -> str:
    """Prose of a document that neither ends a comment nor tells the compiler anything."""
    visible = _CONTROL.sub("\ufffd", text.strip())
    return visible.replace("*/", "*\\/").replace("@ts-", "@ ts-")
