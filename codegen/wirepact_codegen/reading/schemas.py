"""Schemas as the model has them: every reference leads to a named definition, every inline object has a name.

A schema that says something which the emitted code would not hold up is refused here, keyword by keyword.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from wirepact_codegen.errors import Findings, did_you_mean
from wirepact_codegen.keywords import ANNOTATIONS, CONTAINERS, ENFORCED, FORM, FORMATS, REFUSED, SHOWN_PATTERN
from wirepact_codegen.model import Definition, Json, Schema
from wirepact_codegen.patterns import problem
from wirepact_codegen.reading.merging import merged
from wirepact_codegen.reading.names import TypeNames
from wirepact_codegen.schema_formats import is_foreign
from wirepact_codegen.source import Node, Pointer, Sources
from wirepact_codegen.validation import Judge
from wirepact_codegen.vocabulary import check_extension, chosen_name


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    node: Node


class Schemas:
    """The schemas of one service, converted as messages reach them."""

    def __init__(
        self, sources: Sources, names: TypeNames, findings: Findings, *, is_ours: bool = True
    ) -> None:
        self._sources = sources
        self._is_ours = is_ours
        self._names = names
        self._findings = findings
        self._named: dict[tuple[str, Pointer], _Named] = {}
        self._schemas: dict[str, Schema] = {}
        self._defaults: list[tuple[Node, Schema]] = []
        self._choices: list[tuple[Node, list[Json]]] = []
        self._open: set[str] = set()

    @property
    def by_name(self) -> dict[str, Schema]:
        """Every definition reached so far."""
        return self._schemas

    def defaults(self) -> list[tuple[Node, Schema]]:
        """Every default met so far, with the schema that it has to fit."""
        return self._defaults

    def choices(self) -> list[tuple[Node, list[Json]]]:
        """Every schema met so far of which a value is one of several branches, with these branches."""
        return self._choices

    def definitions(self) -> tuple[Definition, ...]:
        """Every definition reached so far, in the order in which they were written down."""
        found = [
            Definition(each.name, self._schemas[each.name], each.node.key_place)
            for each in self._named.values()
        ]
        return tuple(sorted(found, key=lambda each: each.place))

    def payload(self, node: Node, type_name: str) -> Schema | None:
        """The schema of a whole message; it stands for itself and is no definition."""
        target = self._sources.schema(node)
        if target is None:
            return None
        schema = self._typed(self._converted(target, type_name), target)
        if "$ref" in node and self._has_form(node):
            schema = self._together([self._siblings(node, type_name), schema])
        anything = is_foreign(target.value) and not self._is_ours
        return schema if schema or anything or self._has_form(target) else None

    def _schema(self, node: Node, hint: str) -> Schema:
        """What stands at *node*, or a reference to it if it is an object, which needs a name.

        With an empty *hint* nothing gets a name: the schema is a condition, and no value is made of it.
        """
        if "$ref" in node:
            return self._reference(node, hint)
        if hint and "properties" in node:
            return {"$ref": f"#/$defs/{self._name(node)}"}
        schema = self._converted(node, hint)
        return self._hoisted(node, schema, hint)

    def _hoisted(self, node: Node, schema: Schema, hint: str) -> Schema:
        """*schema*, under a name of its own if it turned out to be an object with fields."""
        if not hint or "properties" not in schema or schema.get("type", "object") != "object":
            return schema
        known = self._named.get(node.origin)
        if known is None:
            known = self._named[node.origin] = _Named(self._names.schema(node), node)
            self._schemas[known.name] = self._typed(schema, node)
        return {"$ref": f"#/$defs/{known.name}"}

    def _reference(self, node: Node, hint: str) -> Schema:
        target = self._sources.schema(node)
        if not self._has_form(node) or target is None:
            return {}
        reference: Schema = {"$ref": f"#/$defs/{self._name(target)}"}
        schema = self._together([self._siblings(node, hint), reference])
        self._note_default(node, schema)
        return self._hoisted(node, schema, hint)

    def _name(self, node: Node) -> str:
        known = self._named.get(node.origin)
        if known is None:
            known = self._named[node.origin] = _Named(self._names.schema(node), node)
            self._schemas[known.name] = {}
            self._open.add(known.name)
            self._schemas[known.name].update(self._typed(self._converted(node, known.name), node))
            self._open.discard(known.name)
        return known.name

    def _typed(self, schema: Schema, node: Node) -> Schema:
        """*schema*, with the type that its writer took for granted: what has properties is an object."""
        if "properties" not in schema or schema.keys() & {"type", "const", "enum"}:
            return schema
        sentence = f'"{node.key}" has properties and no type, and is read as an object'
        self._findings.inform("WP411", node.key_place, sentence, 'say "type: object"')
        return {"type": "object", **schema}

    def _has_form(self, node: Node) -> bool:
        """Whether what stands at *node* is a schema at all, apart from those inside it."""
        faults = list(_form().faults(node))
        for fault in faults:
            sentence = f"{fault.field or 'a schema'} {fault.sentence}"
            self._findings.add("WP401", fault.place, sentence, fault.suggestion)
        return not faults

    def _converted(self, node: Node, hint: str) -> Schema:
        if not self._has_form(node):
            return {}
        if "$ref" in node:
            return self._reference(node, "")
        if is_foreign(node.value):
            return self.opaque(node.at(("schemaFormat",)))
        if not isinstance(node.value, dict):
            return {} if node.value else {"not": {}}
        self._check(node, hint)
        schema = self._own(node, hint)
        branches = node.get("allOf")
        if branches is not None:
            schema = self._together([schema, *(self._converted(each, hint) for each in branches.elements())])
        self._note_choice(node, schema)
        self._note_default(node, schema)
        return schema

    def opaque(self, form: Node) -> Schema:
        """Any value, for a schema in a language that is not read, which *form* names."""
        sentence = f"schemas written in {form.value} are not read"
        if self._is_ours:
            self._findings.add("WP412", form.place, sentence, "write it as JSON Schema")
        else:
            self._findings.warn("WP412", form.place, f"{sentence}: any value is taken for a message")
        return {}

    def _own(self, node: Node, hint: str) -> Schema:
        """What stands at *node* itself, in the words of JSON Schema 2020-12."""
        schema: Schema = {}
        inner = "" if "properties" in node else hint
        for keyword, child in node.items():
            if keyword in ANNOTATIONS and keyword not in _SILENT:
                schema[keyword] = child.value
            elif keyword in ENFORCED and keyword not in {"$ref", "allOf"}:
                schema |= self._keyword(keyword, child, inner if keyword in {"anyOf", "oneOf"} else hint)
        return _modern(schema, node)

    def _keyword(self, keyword: str, child: Node, hint: str) -> Schema:  # noqa: PLR0911 - one a keyword
        match keyword, child.value:
            case "properties", _:
                return {keyword: {name: self._property(part, hint) for name, part in child.items()}}
            case (("patternProperties" | "dependentSchemas"), _):
                return {keyword: {name: self._schema(part, "") for name, part in child.items()}}
            case "dependencies", _:
                return self._dependencies(child)
            case ("items", list()) | ("prefixItems", _):
                parts: list[Json] = [
                    self._schema(each, _below(hint, f"item {each.key}")) for each in child.elements()
                ]
                return {"prefixItems": parts} if parts else {}
            case "items", dict():
                return {keyword: self._schema(child, _below(hint, "item"))}
            case "additionalProperties", dict():
                return {keyword: self._schema(child, _below(hint, "value"))}
            case (
                ("additionalItems" | "contains" | "propertyNames" | "not" | "if" | "then" | "else"),
                dict(),
            ):
                return {keyword: self._schema(child, "")}
            case (("anyOf" | "oneOf"), _):
                return {keyword: [self._schema(each, _branch(hint, each)) for each in child.elements()]}
        return {keyword: child.value}

    def _property(self, node: Node, hint: str) -> Schema:
        """What stands at a property, with the name that its field is to have where one is chosen."""
        schema = self._schema(node, _below(hint, node.key))
        chosen = chosen_name(node)
        return {**schema, "x-name": chosen} if chosen and hint else schema

    def _dependencies(self, node: Node) -> Schema:
        """Draft 7's `dependencies`, as the two keywords that it became."""
        names: Schema = {name: each.value for name, each in node.items() if isinstance(each.value, list)}
        parts: Schema = {name: self._schema(each, "") for name, each in node.items() if name not in names}
        return {
            keyword: value
            for keyword, value in (("dependentRequired", names), ("dependentSchemas", parts))
            if value
        }

    def _together(self, schemas: list[Schema]) -> Schema:
        """All of *schemas* as one. A reference that nothing is added to stays one."""
        references = [each for each in schemas if "$ref" in each]
        others = [each for each in schemas if each not in references]
        if len(references) == 1 and all(each.keys() <= ANNOTATIONS for each in others):
            annotations = merged(others)
            return {**references[0], **annotations}
        return merged(map(self._opened, schemas))

    def _opened(self, schema: Schema) -> Schema:
        """What a reference means, where that is known already; one that leads back here stays one."""
        seen: set[str] = set()
        while isinstance(reference := schema.get("$ref"), str):
            name = reference.removeprefix("#/$defs/")
            if name in self._open or name in seen:
                return {"allOf": [{"$ref": reference}]}
            seen.add(name)
            schema = {**self._schemas[name], **{key: each for key, each in schema.items() if key != "$ref"}}
        return schema

    def _note_default(self, node: Node, schema: Schema) -> None:
        default = node.get("default")
        if default is not None:
            self._defaults.append((default, schema))

    def _check(self, node: Node, hint: str) -> None:
        for keyword, child in node.items():
            self._check_known(keyword, child)
        self._check_type(node)
        if hint:
            self._check_required(node)
        self._check_string(node)

    def _check_known(self, keyword: str, child: Node) -> None:
        if keyword == "x-name":
            self._check_name(child)
        if keyword in REFUSED:
            note = self._findings.add if self._is_ours else self._findings.warn
            sentence = f'keyword "{keyword}" is of a later draft than AsyncAPI\'s, and is not enforced'
            note("WP403", child.key_place, sentence)
        elif keyword not in _KNOWN and not keyword.startswith("x-"):
            suggestion = did_you_mean(keyword, (*ENFORCED, *ANNOTATIONS))
            self._findings.warn(
                "WP404", child.key_place, f'"{keyword}" is no keyword of JSON Schema', suggestion
            )

    def _check_name(self, name: Node) -> None:
        """A name that can't be one is refused, and in a stranger's document taken for the key of another tool."""
        found = Findings()
        check_extension("x-name", name, "schema", found)
        if self._is_ours:
            self._findings.extend(found)
            return
        for each in found:
            sentence = f"{each.sentence}; it is taken for a key of another tool"
            self._findings.warn(each.rule, each.place, sentence)

    def _check_type(self, node: Node) -> None:
        kinds = _kinds(node)
        for keyword, child in node.items():
            meant_for = ENFORCED.get(keyword)
            if meant_for and kinds and not meant_for & kinds:
                said = " or ".join(sorted(kinds))
                sentence = (
                    f'"{keyword}" is about type {" or ".join(sorted(meant_for))}, and the type here is {said}'
                )
                self._findings.warn("WP405", child.key_place, sentence)

    def _check_required(self, node: Node) -> None:
        properties, required = node.get("properties"), node.get("required")
        if properties is None or required is None:
            return
        for name in required.elements():
            if str(name.value) not in properties:
                known = [key for key, _ in properties.items()]
                sentence = f'required property "{name.value}" is not among the properties'
                self._findings.warn("WP406", name.place, sentence, did_you_mean(str(name.value), known))

    def _check_string(self, node: Node) -> None:
        form, pattern = node.get("format"), node.get("pattern")
        if form is not None and form.value not in _KNOWN_FORMATS and _kinds(node) <= {"string", "null"}:
            self._findings.inform(
                "WP407",
                form.place,
                f'format "{form.value}" is shown, and enforced by nothing',
                did_you_mean(str(form.value), FORMATS),
            )
        patterns = [pattern] if pattern is not None else []
        for each in (*patterns, *_keys(node.get("patternProperties"))):
            if isinstance(each.value, str) and (unusable := problem(each.value)):
                sentence = f"the pattern can't be used: {unusable}"
                if self._is_ours:
                    self._findings.add("WP408", each.place, sentence)
                else:
                    self._findings.warn(
                        "WP408", each.place, f"{sentence}; it is shown, and enforced by nothing"
                    )

    def _siblings(self, node: Node, hint: str) -> Schema:
        """What stands beside a reference."""
        for keyword, child in node.items():
            self._check_known(keyword, child)
            if keyword in ENFORCED and keyword != "$ref":
                sentence = f'"{keyword}" beside $ref is held here, and ignored by readers of draft 7'
                self._findings.warn("WP409", child.key_place, sentence)
        return self._own(node, hint)

    def _note_choice(self, node: Node, schema: Schema) -> None:
        if isinstance(branches := schema.get("oneOf"), list):
            self._choices.append((node, branches))


_KNOWN = frozenset({*ENFORCED, *ANNOTATIONS, *CONTAINERS})

_KNOWN_FORMATS = frozenset({*FORMATS, "binary"})
"""Those that mean something to us. `binary` forbids no string, and makes a binary frame of a whole payload."""

_SILENT = frozenset({"$id", "$schema", "discriminator", "externalDocs", "xml"})
"""What is about the document, and nothing that a model or a reader of ours would make use of."""


@cache
def _form() -> Judge:
    return Judge(FORM)


def _kinds(node: Node) -> frozenset[str]:
    """The types that a schema allows, as far as it says so."""
    kind = node.get("type")
    if kind is None:
        return frozenset()
    return frozenset(str(each) for each in (kind.value if isinstance(kind.value, list) else [kind.value]))


def _below(hint: str, name: str) -> str:
    return f"{hint} {name}" if hint else ""


def _branch(hint: str, node: Node) -> str:
    return _below(hint, node.text("title") or node.key)


def _keys(node: Node | None) -> Iterator[Node]:
    """The keys of a mapping, as nodes whose value they are."""
    for name, child in node.items() if node is not None else ():
        yield Node(child.document, child.pointer, name)


def _modern(schema: Schema, node: Node) -> Schema:
    """*schema*, with what drafts 4 to 7 and OpenAPI say otherwise said as 2020-12 does."""
    if isinstance(items := schema.pop("additionalItems", None), dict | bool) and "prefixItems" in schema:
        schema["items"] = items
    if node.get("items") is not None and schema.get("items") is True:
        del schema["items"]
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and inclusive in schema:
            schema[exclusive] = schema.pop(inclusive)
    schema = _with_usable_patterns(schema)
    return _with_null(schema) if schema.pop("nullable", False) else schema


def _with_usable_patterns(schema: Schema) -> Schema:
    """*schema* without the patterns that nothing can hold up; one on text is kept for people to read."""
    if isinstance(pattern := schema.get("pattern"), str) and problem(pattern):
        schema = {SHOWN_PATTERN if key == "pattern" else key: each for key, each in schema.items()}
    named = schema.get("patternProperties")
    if isinstance(named, dict) and any(map(problem, named)):
        schema = {key: each for key, each in schema.items() if key != "additionalProperties"}
        schema["patternProperties"] = {each: part for each, part in named.items() if not problem(each)}
    return schema


def _with_null(schema: Schema) -> Schema:
    """OpenAPI's `nullable`, which takes null in beside what the schema says otherwise."""
    kind, values = schema.get("type"), schema.get("enum")
    if isinstance(values, list) and None not in values:
        schema["enum"] = [*values, None]
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    for keyword in ("anyOf", "oneOf"):
        if isinstance(branches := schema.get(keyword), list) and {"type": "null"} not in branches:
            schema[keyword] = [*branches, {"type": "null"}]
    return schema
