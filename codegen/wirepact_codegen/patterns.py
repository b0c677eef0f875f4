"""Regular expressions: whether what is generated can hold them up, and how pydantic reads them."""

import re
from functools import cache

_PARTS = re.compile(r"\\.|.", re.DOTALL)
_ASCII = {r"\d": "0-9", r"\w": "A-Za-z0-9_"}
_SET_SIGNS = frozenset("[&~")
"""What calculates with sets inside a class of pydantic's, and stands for itself in ECMA-262."""

_NOT_THE_SAME = re.compile(r"\\[DWSsbB]")
"""What pydantic reads as Unicode and ECMA-262 as ASCII, where no class of ours says the same."""


@cache
def problem(pattern: str) -> str:
    """Why nothing could hold *pattern* up; empty if the models, the server and the validator of examples can."""
    from jsonschema_rs import ValidationError, validator_for  # noqa: PLC0415 - only where patterns are

    try:
        validator_for({"type": "string", "pattern": pattern})
    except ValidationError:
        return _why(pattern) or "it is no regular expression of ECMA-262"
    return "" if usable_by_pydantic(pattern) else _why(pattern)


def _why(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


@cache
def usable_by_pydantic(pattern: str) -> bool:
    """Whether pydantic can use *pattern*, once it is written as `for_pydantic` does, and means by it what JSON Schema does."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema  # noqa: PLC0415 - only where patterns are

    if _NOT_THE_SAME.search(pattern):
        return False
    try:
        SchemaValidator(core_schema.str_schema(pattern=for_pydantic(pattern)))
    except SchemaError:
        return False
    return True


def for_pydantic(pattern: str) -> str:
    """*pattern* with the classes that are ASCII in JSON Schema and not in pydantic written out."""
    text, in_class = "", False
    for part in _PARTS.findall(pattern):
        said = _ASCII.get(part)
        if in_class:
            text += said or (f"\\{part}" if part in _SET_SIGNS else part)
        else:
            text += f"[{said}]" if said else part
        in_class = part == "[" or (in_class and part != "]")
    return text
