"""What a node says about itself, and what all of them say together: the content of `wirepact status`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

MOST_USERS = 100
"""How many users a report names, those with most connections first."""


@dataclass(frozen=True, slots=True)
class BrokerReport:
    """How a node hears its broker; `silence` and `lag` are seconds, as in `broker.Health`."""

    is_connected: bool
    is_deaf: bool
    silence: float | None = None
    lag: float | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """How one node is."""

    node: str
    state: str
    since: str
    version: str
    broker: BrokerReport
    connections: int = 0
    anonymous: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    """How many connections each channel has; those with none are there too."""
    contracts: dict[str, str] = field(default_factory=dict)
    """The hash of the document of each service."""
    users: dict[str, int] = field(default_factory=dict)
    """How many connections a user has: the `MOST_USERS` with most."""
    codes: dict[str, int] = field(default_factory=dict)
    """How connections ended and visitors were turned away since the node began, by close code."""


_ADAPTER = TypeAdapter(Report)


def encode(report: Report) -> bytes:
    """*report* as JSON."""
    return _ADAPTER.dump_json(report)


def decode(data: bytes) -> Report | None:
    """The report that *data* is; `None` for one of another version."""
    try:
        return _ADAPTER.validate_json(data)
    except ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class Overview:
    """All nodes together."""

    nodes: Sequence[Report]
    channels: Mapping[str, int]
    users: Mapping[str, int]
    codes: Mapping[str, int]
    contracts: Mapping[str, Sequence[str]]
    """The hashes that nodes have of the document of each service: more than one while a deploy is under way."""

    @property
    def connections(self) -> int:
        """How many there are."""
        return sum(each.connections for each in self.nodes)


def overview(reports: Iterable[Report]) -> Overview:
    """What *reports* say together; users and codes with the highest numbers first."""
    nodes = sorted(reports, key=lambda each: each.node)
    contracts: dict[str, dict[str, None]] = {}
    for node in nodes:
        for service, contract in node.contracts.items():
            contracts.setdefault(service, {})[contract] = None
    return Overview(
        nodes,
        channels=dict(sorted(_sum(each.channels for each in nodes).items())),
        users=dict(_sum(each.users for each in nodes).most_common()),
        codes=dict(_sum(each.codes for each in nodes).most_common()),
        contracts={service: tuple(hashes) for service, hashes in sorted(contracts.items())},
    )


def _sum(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total
