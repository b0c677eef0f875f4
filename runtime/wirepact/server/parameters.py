"""The parameters of an address: from the text in a path to the values that the document says it stands for."""

import re
from collections.abc import Mapping, Sequence

from wirepact.descriptors import Key, Parameter
from wirepact.errors import NotFound

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")


def read_parameters(declared: Sequence[Parameter], texts: Mapping[str, str]) -> dict[str, Key]:
    """The values of *declared* in *texts*. Raises `NotFound`: an address that can't be one is none."""
    return {each.name: _value(each, texts[each.name]) for each in declared}


def path_template(address: str) -> str:
    """*address* as Litestar writes it: `/product/{id}/` is `/product/{id:str}/`."""
    return re.sub(r"\{([^{}]+)\}", r"{\1:str}", address)


def _value(parameter: Parameter, text: str) -> Key:
    if parameter.enum and text not in parameter.enum:
        raise NotFound(f"{parameter.name}: must be one of {', '.join(parameter.enum)}")
    if parameter.type == "string":
        return text
    if _INTEGER.fullmatch(text) is None:
        raise NotFound(f"{parameter.name}: must be an integer")
    return int(text)
