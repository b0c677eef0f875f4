"""A product under control: what it should be, and what its process is held to."""

from dataclasses import dataclass

from handlers.spc.domain.control_chart import ControlChart
from handlers.spc.domain.errors import InvalidSpecification


@dataclass(frozen=True, slots=True)
class Specification:
    """Lower limit, upper limit and target of a product's values, in its unit of measurement."""

    lsl: float
    usl: float
    target: float

    def __post_init__(self) -> None:
        if self.usl <= self.lsl:
            raise InvalidSpecification("usl", "must be above lsl")
        if self.target not in self:
            raise InvalidSpecification("target", "must be between lsl and usl")

    def __contains__(self, value: float) -> bool:
        return self.lsl <= value <= self.usl


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to put under control."""

    code: str
    name: str
    specification: Specification
    subgroup_size: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The chart of a product's first whole subgroups, and the last sample that went into it.

    The chart stays as it is; what is measured after `last_sample` is monitored by it.
    """

    chart: ControlChart
    last_sample: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product under control; `baseline` is absent until enough was measured."""

    id: int
    code: str
    name: str
    specification: Specification
    subgroup_size: int
    baseline: Baseline | None = None
