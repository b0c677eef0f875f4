"""What scenarios say of the network, done to the proxy that is one."""

import re
from collections.abc import Callable, Mapping

from wirepact.faults import (
    CUT,
    Answer,
    Door,
    FaultProxy,
    Open,
    Refuse,
    Replace,
    Rule,
    Said,
    Silence,
    Tear,
    Verdict,
    once,
)


def change(proxy: FaultProxy, what: str) -> None:
    """Have become of the network *what* the scenario says."""
    if what in _DOORS:
        proxy.door = _DOORS[what]
    if what in _RULES:
        proxy.rule = once(_RULES[what])
    if what in _ACTS:
        _ACTS[what](proxy)


def _of_messages(judge: Rule) -> Rule:
    """*judge* what the server says that is no control line."""
    return lambda said: (
        judge(said) if said.side == "server" and said.is_data and not said.text.startswith("!") else None
    )


def _with_another_contract(said: Said) -> Verdict:
    """The welcome, as of a server that was made from another document."""
    another = re.sub(r'("contract":\s*)"[^"]+"', r'\1"another"', said.text)
    return Replace((another.encode(),)) if said.text.startswith("!welcome") else None


_DOORS: Mapping[str, Door] = {
    "goes down": Refuse(),
    "comes up": Open(),
    "swallows handshakes": Silence(),
    "breaks in the handshake": Tear(),
    "answers 403": Answer(403),
    "answers 503": Answer(503),
    "hides wirepact.v1": Open(without=("Sec-WebSocket-Protocol",)),
}
_RULES: Mapping[str, Rule] = {
    "breaks in the next message": _of_messages(lambda _: Tear()),
    "breaks before the next answer": _of_messages(lambda _: CUT),
    "repeats the next message": _of_messages(lambda said: Replace((said.payload, said.payload))),
    "tells of another contract": _with_another_contract,
}
_ACTS: Mapping[str, Callable[[FaultProxy], None]] = {
    "breaks": FaultProxy.cut,
    "goes down": FaultProxy.cut,
    "falls silent": FaultProxy.freeze,
    "speaks again": FaultProxy.thaw,
}

KNOWN = {*_DOORS, *_RULES, *_ACTS}
"""All that can be said of it."""
