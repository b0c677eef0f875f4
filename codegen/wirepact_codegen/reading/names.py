"""The type names of one service, each given to one thing only."""

from wirepact_codegen.errors import Findings
from wirepact_codegen.naming import ClassName, UnnameableError
from wirepact_codegen.source import Node


class TypeNames:
    """Gives each schema and message its name, and finds those that would get the same one."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._owners: dict[str, Node] = {}

    def claim(self, text: str, owner: Node) -> str:
        """The type name that *text* gives, for *owner*. A name that is taken is a finding."""
        try:
            name = str(ClassName(text))
        except UnnameableError:
            self._findings.add(
                "WP602", owner.key_place, f'"{text}" has no letter or digit that a type could be named after'
            )
            return "Unnamed"
        known = self._owners.setdefault(name, owner)
        if known.origin != owner.origin:
            self._findings.add(
                "WP601",
                owner.key_place,
                f'type name "{name}" is already taken at {known.key_place}',
                "rename one of the two",
            )
        return name
