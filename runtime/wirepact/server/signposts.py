"""Which channel an address leads to, read from the path as it came over the wire.

Litestar matches whole segments of a path that was decoded already: it can't see that `a%2Fb` is one value, nor find the
parameter in `btc-{kind}`. So a WebSocket's path is matched here, against the addresses of the document, and Litestar is shown
one that it has a route for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes

TEXTS = "wirepact.texts"
"""The key of a scope under which the texts of the parameters stand, by name."""

_EXPRESSION = re.compile(r"\{([^{}]+)\}")


def route_path(address: str) -> str:
    """*address* as Litestar writes it: `/product/{id}/` is `/product/{id:str}/`.

    A segment that holds more than one parameter is a text to Litestar, in which the braces are other ones.
    """
    return "/".join(_segment(each) for each in address.split("/"))


class Signposts:
    """Knows *addresses*. What varies least is looked at first: `/rooms/new` before `/rooms/{room}`."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = sorted(map(_Address.of, _alike(addresses)), key=lambda each: each.rank)

    def shown(self, scope: Mapping[str, Any]) -> Mapping[str, Any]:
        """*scope* with the path of a route and the texts of its parameters; as it is where no channel is meant."""
        raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
        root = scope.get("root_path", "")
        path = raw.partition(b"?")[0].decode("latin-1").removeprefix(root)
        for address in self._addresses:
            if (texts := address.texts(path)) is not None:
                return {**scope, "path": root + address.path, TEXTS: texts}
        return scope


@dataclass(frozen=True, slots=True)
class _Address:
    """One address: a pattern for paths as they come, and a path that Litestar has its route for."""

    pattern: re.Pattern[str]
    names: tuple[tuple[str, ...], ...]
    path: str
    rank: tuple[int, ...]

    @classmethod
    def of(cls, alike: Sequence[str]) -> "_Address":
        address = alike[0]
        parts = _EXPRESSION.split(address.strip("/"))
        pattern = "".join("([^/]+?)" if index % 2 else _written(part) for index, part in enumerate(parts))
        segments = address.split("/")
        return cls(
            pattern=re.compile(f"/{pattern}/?"),
            names=tuple(tuple(_EXPRESSION.findall(each)) for each in alike),
            path="/".join("-" if _EXPRESSION.fullmatch(each) else _segment(each) for each in segments),
            rank=tuple(_variety(each) for each in segments),
        )

    def texts(self, path: str) -> dict[str, str] | None:
        """The texts of the parameters in *path*; `None` if it is another address."""
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        try:
            texts = [unquote_to_bytes(each).decode() for each in found.groups()]
        except UnicodeDecodeError:
            return None
        return {name: text for names in self.names for name, text in zip(names, texts, strict=True)}


def _alike(addresses: Iterable[str]) -> Iterable[Sequence[str]]:
    """*addresses*, those together that differ only in the names of their parameters."""
    found: dict[str, list[str]] = {}
    for each in addresses:
        found.setdefault(_EXPRESSION.sub("{}", each), []).append(each)
    return found.values()


def _segment(segment: str) -> str:
    if _EXPRESSION.fullmatch(segment):
        return _EXPRESSION.sub(r"{\1:str}", segment)
    return segment.replace("{", "<").replace("}", ">")


def _written(text: str) -> str:
    """A pattern for *text*, each character of which may stand there as it is or percent-encoded."""
    return "".join(each if each == "/" else _either(each) for each in text)


def _either(character: str) -> str:
    encoded = "".join(f"%{byte:02X}" for byte in character.encode())
    return f"(?:{re.escape(character)}|(?i:{encoded}))"


def _variety(segment: str) -> int:
    """How much of a segment varies: nothing, a part of it, all of it."""
    return 2 if _EXPRESSION.fullmatch(segment) else int("{" in segment)
