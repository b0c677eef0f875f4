"""Schemas as the model has them: every reference leads to a named definition, every inline object has a name.

A schema that says something which the emitted code would not hold up is refused here, keyword by keyword.
"""

from dataclasses import dataclass
from functools import cache

from wirepact_codegen.errors import Findings, did_you_mean
from wirepact_codegen.keywords import ANNOTATIONS, ENFORCED, FORM, FORMATS, REFUSED
from wirepact_codegen.model import Definition, Json, Schema
from wirepact_codegen.naming import words
from wirepact_codegen.reading.names import TypeNames
from wirepact_codegen.source import Node, Pointer, Sources
from wirepact_codegen.telling import are_disjoint, constants_of, resolved
from wirepact_codegen.validation import Judge


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    node: Node


class Schemas:
    """The schemas of one service, converted as messages reach them."""

    def __init__(self, sources: Sources, names: TypeNames, findings: Findings) -> None:
        self._sources = sources
        self._names = names
        self._findings = findings
        self._named: dict[tuple[str, Pointer], _Named] = {}
        self._schemas: dict[str, Schema] = {}
        self._defaults: list[tuple[Node, Schema]] = []

    @property
    def by_name(self) -> dict[str, Schema]:
        """Every definition reached so far."""
        return self._schemas

    def defaults(self) -> list[tuple[Node, Schema]]:
        """Every default met so far, with the schema that it has to fit."""
        return self._defaults

    def definitions(self) -> tuple[Definition, ...]:
        """Every definition reached so far, in the order in which they were written down."""
        found = [
            Definition(each.name, self._schemas[each.name], each.node.key_place)
            for each in self._named.values()
        ]
        return tuple(sorted(found, key=lambda each: each.place))

    def payload(self, node: Node, type_name: str) -> Schema | None:
        """The schema of a whole message, which must be an object; it stands for itself and is no definition."""
        target = self._sources.follow(node)
        if target is None:
            return None
        schema = self._converted(target, type_name)
        if target.origin != node.origin and self._has_form(node):
            schema |= self._siblings(node)
        if not schema and target.value != {}:
            return None
        if schema.get("type") != "object":
            self._findings.add("WP402", target.place, "the payload of a message must be an object")
            return None
        return schema

    def _schema(self, node: Node, hint: str) -> Schema:
        """What stands at *node*, or a reference to it if it is an object, which needs a name."""
        if "$ref" in node:
            return self._reference(node)
        if "properties" in node:
            return {"$ref": f"#/$defs/{self._name(node, hint)}"}
        return self._converted(node, hint)

    def _reference(self, node: Node) -> Schema:
        target = self._sources.follow(node)
        if not self._has_form(node) or target is None:
            return {}
        schema: Schema = {"$ref": f"#/$defs/{self._name(target, _hint(target))}", **self._siblings(node)}
        self._note_default(node, schema)
        return schema

    def _name(self, node: Node, hint: str) -> str:
        known = self._named.get(node.origin)
        if known is None:
            known = self._named[node.origin] = _Named(self._names.claim(hint, node), node)
            self._schemas[known.name] = {}
            self._schemas[known.name].update(self._converted(node, known.name))
        return known.name

    def _has_form(self, node: Node) -> bool:
        """Whether what stands at *node* is a schema at all, apart from those inside it."""
        faults = list(_form().faults(node))
        for fault in faults:
            sentence = f"{fault.field or 'a schema'} {fault.sentence}"
            self._findings.add("WP401", fault.place, sentence, fault.suggestion)
        return not faults

    def _converted(self, node: Node, hint: str) -> Schema:
        has_form = self._has_form(node)
        if node.value is False:
            self._findings.add("WP403", node.place, "the schema false is not enforced by what is generated")
        if not has_form or not isinstance(node.value, dict):
            return {}
        self._check(node)
        schema: Schema = {}
        for keyword, child in node.items():
            if keyword in ANNOTATIONS or keyword in ENFORCED:
                schema[keyword] = self._keyword(keyword, child, hint)
        self._check_branches(node, schema)
        self._note_default(node, schema)
        return schema

    def _keyword(self, keyword: str, child: Node, hint: str) -> Json:
        match keyword, child.value:
            case "properties", dict():
                return {name: self._schema(part, f"{hint} {name}") for name, part in child.items()}
            case "items", _:
                return self._schema(child, f"{hint} item")
            case "additionalProperties", dict():
                return self._schema(child, f"{hint} value")
            case (("anyOf" | "oneOf"), list()):
                return [
                    self._schema(part, f"{hint} {part.text('title') or part.key}")
                    for part in child.elements()
                ]
        return child.value

    def _note_default(self, node: Node, schema: Schema) -> None:
        default = node.get("default")
        if default is not None:
            self._defaults.append((default, schema))

    def _check(self, node: Node) -> None:
        for keyword, child in node.items():
            self._check_known(keyword, child)
        self._check_type(node)
        self._check_object(node)
        self._check_values(node)
        self._check_string(node)

    def _check_known(self, keyword: str, child: Node) -> None:
        if keyword in REFUSED:
            self._findings.add(
                "WP403", child.key_place, f'keyword "{keyword}" is not enforced by what is generated'
            )
        elif keyword not in ENFORCED and keyword not in ANNOTATIONS and not keyword.startswith("x-"):
            suggestion = did_you_mean(keyword, (*ENFORCED, *ANNOTATIONS))
            self._findings.add(
                "WP404", child.key_place, f'"{keyword}" is no keyword of JSON Schema', suggestion
            )

    def _check_type(self, node: Node) -> None:
        kinds = _kinds(node)
        for keyword, child in node.items():
            meant_for = ENFORCED.get(keyword)
            if meant_for and not meant_for & kinds:
                said = " or ".join(sorted(kinds)) if kinds else "nothing"
                sentence = (
                    f'"{keyword}" is about type {" or ".join(sorted(meant_for))}, and the type here is {said}'
                )
                self._findings.add("WP405", child.key_place, sentence)

    def _check_object(self, node: Node) -> None:
        properties, required = node.get("properties"), node.get("required")
        if required is not None:
            for name in required.elements():
                if properties is None or str(name.value) not in properties:
                    known = [key for key, _ in properties.items()] if properties else []
                    sentence = f'required property "{name.value}" is not among the properties'
                    self._findings.add("WP406", name.place, sentence, did_you_mean(str(name.value), known))
        rest = node.get("additionalProperties")
        if properties is not None and rest is not None and isinstance(rest.value, dict) and rest.value:
            self._findings.add(
                "WP403",
                rest.key_place,
                'a schema under "additionalProperties" beside "properties" is not enforced by what is generated',
            )

    def _check_values(self, node: Node) -> None:
        const, enum = node.get("const"), node.get("enum")
        if const is not None and isinstance(const.value, list | dict | float):
            self._findings.add(
                "WP403", const.place, "only a string, an integer, a boolean or null can be a constant"
            )
        for value in enum.elements() if enum is not None else ():
            if isinstance(value.value, list | dict | float):
                self._findings.add(
                    "WP403",
                    value.place,
                    "only a string, an integer, a boolean or null can be a value of an enum",
                )

    def _check_string(self, node: Node) -> None:
        form, pattern = node.get("format"), node.get("pattern")
        if form is not None and form.value not in FORMATS:
            self._findings.add(
                "WP407",
                form.place,
                f'format "{form.value}" is not enforced by what is generated',
                did_you_mean(str(form.value), FORMATS),
            )
        if form is not None and (default := node.get("default")) is not None:
            self._findings.add(
                "WP403",
                default.key_place,
                f'a default of format "{form.value}" is not enforced by what is generated',
            )
        if pattern is not None and isinstance(pattern.value, str) and (problem := _problem(pattern.value)):
            self._findings.add("WP408", pattern.place, f"the pattern can't be used: {problem}")

    def _siblings(self, node: Node) -> Schema:
        """What stands beside a reference, and must not constrain anything."""
        siblings: Schema = {}
        for keyword, child in node.items():
            if keyword in ANNOTATIONS:
                siblings[keyword] = child.value
            elif keyword != "$ref":
                sentence = f'"{keyword}" beside $ref is not enforced by what is generated'
                self._findings.add("WP409", child.key_place, sentence)
        return siblings

    def _check_branches(self, node: Node, schema: Schema) -> None:
        """One of several is one of several only if no value is two of them."""
        branches = schema.get("oneOf")
        if not isinstance(branches, list):
            return
        for index, one in enumerate(branches):
            for other in range(index + 1, len(branches)):
                if not self._apart(one, branches[other]):
                    sentence = f'a value can be both the branches {index + 1} and {other + 1} of "oneOf", as far as can be shown'
                    self._findings.add(
                        "WP410",
                        node.at(("oneOf", other)).place,
                        sentence,
                        'say "anyOf", or give them different constants',
                    )

    def _apart(self, one: Json, other: Json) -> bool:
        first, second = (resolved(each, self._schemas) for each in (one, other))
        types = [each.get("type") for each in (first, second)]
        if all(isinstance(each, str) for each in types) and types[0] != types[1]:
            return set(types) != {"integer", "number"}
        return are_disjoint(*(dict(constants_of(each, self._schemas)) for each in (first, second)))


@cache
def _form() -> Judge:
    return Judge(FORM)


def _kinds(node: Node) -> frozenset[str]:
    """The types that a schema allows, as far as it says so."""
    kind = node.get("type")
    if kind is None:
        return frozenset()
    return frozenset(str(each) for each in (kind.value if isinstance(kind.value, list) else [kind.value]))


def _hint(node: Node) -> str:
    """What a referenced schema is called: the last name on the way to it that is one."""
    steps = [str(each) for each in node.pointer if str(each) not in {"payload", "schema", "items"}]
    return next((step for step in reversed(steps) if words(step)), node.document.root.key)


def _problem(pattern: str) -> str:
    """Why the emitted models could not use a pattern; empty if they can."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema  # noqa: PLC0415 - only where patterns are

    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError as error:
        return str(error).splitlines()[-1].strip().removeprefix("error: ")
    return ""
