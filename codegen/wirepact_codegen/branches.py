"""Whether no value is two of the branches of a schema."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

from wirepact_codegen.model import Json, Schema
from wirepact_codegen.outlines import Outliner
from wirepact_codegen.telling import exclude_each_other


class Branches:
    """Compares branches, for one set of definitions."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._outliner = Outliner(definitions)

    def overlaps(self, branches: Sequence[Json]) -> list[tuple[int, int]]:
        """Which two of *branches*, by their indexes, may take the same value, as far as can be shown."""
        outlines = [self._outliner.alternatives(each) for each in branches]
        return [
            (index, other)
            for index, other in combinations(range(len(branches)), 2)
            if not all(exclude_each_other(*pair) for pair in product(outlines[index], outlines[other]))
        ]
