"""The parameters of an address: from the text in a path to the values that the document says it stands for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wirepact.descriptors import Key, Parameter
from wirepact.errors import NotFound
from wirepact.server.signposts import TEXTS

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")


def read_parameters(declared: Sequence[Parameter], scope: Mapping[str, Any]) -> dict[str, Key]:
    """The values of *declared* in the path of *scope*. Raises `NotFound`: an address that can't be one is none."""
    texts: Mapping[str, str] = scope.get(TEXTS) or scope["path_params"]
    return {each.name: _value(each, texts[each.name]) for each in declared}


def _value(parameter: Parameter, text: str) -> Key:
    if parameter.enum and text not in parameter.enum:
        raise _no_such(parameter, f"must be one of {', '.join(parameter.enum)}")
    if parameter.type == "string":
        return text
    if _INTEGER.fullmatch(text) is None:
        raise _no_such(parameter, "must be an integer")
    return int(text)


def _no_such(parameter: Parameter, problem: str) -> NotFound:
    refusal = NotFound(f"{parameter.name}: {problem}")
    if parameter.close_code is not None:
        refusal.close_code = parameter.close_code
    return refusal
