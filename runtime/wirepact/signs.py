"""Whether a frame shows the signs of a message: how messages are told apart where constants are not enough.

The TypeScript client decides in the same words (`decoder.ts`): numbers are one kind, `1` is `1.0`, and neither is
`true`; a step leads nowhere unless it is the name of a field of an object or the index of an element of an array.
"""

from collections.abc import Iterable

from wirepact.descriptors import Kind, Scalar, Sign

_NOWHERE = object()

_KINDS: dict[type, Kind] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def shows(value: object, signs: Iterable[Sign]) -> bool:
    """Whether *value*, as it was parsed from JSON, shows all of *signs*."""
    return all(_shows(_at(value, each.path), each) for each in signs)


def _shows(value: object, sign: Sign) -> bool:
    kind = _kind(value)
    return kind in sign.kinds or any(_kind(each) == kind and _same(value, each) for each in sign.values)


def _same(value: object, constant: Scalar) -> bool:
    """Whether both are the same constant to every reader, of whom some know numbers as doubles only."""
    if isinstance(value, int) and isinstance(constant, int):
        try:
            return float(value) == float(constant)
        except OverflowError:
            return value == constant
    return value == constant


def _kind(value: object) -> Kind:
    return _KINDS.get(type(value), "absent")


def _at(value: object, path: Iterable[str | int]) -> object:
    for step in path:
        if isinstance(step, str):
            value = value.get(step, _NOWHERE) if isinstance(value, dict) else _NOWHERE
        else:
            value = value[step] if isinstance(value, list) and step < len(value) else _NOWHERE
    return value
