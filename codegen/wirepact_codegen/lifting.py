"""AsyncAPI 2 as AsyncAPI 3: a tree of nodes becomes another, in which everything keeps its place in the file.

`publish` is what the application receives and `subscribe` what it sends, as the specification has it. Channels,
parameters and servers that stand elsewhere are brought here, for they have another form in AsyncAPI 3. What that has
no room for stays where it was, so that the check of the structure lists it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import PurePosixPath
from urllib.parse import unquote

import yaml

from wirepact_codegen import trees
from wirepact_codegen.forest import Forest
from wirepact_codegen.schema_formats import is_json_schema
from wirepact_codegen.traits import merged
from wirepact_codegen.trees import Pair

_ACTIONS = {"publish": "receive", "subscribe": "send"}


def is_liftable(tree: yaml.Node) -> bool:
    """Whether *tree* is a document of AsyncAPI 2."""
    return is_version_2(trees.text(trees.get(tree, "asyncapi")))


def is_version_2(version: str) -> bool:
    """Whether *version* is one of those that can be lifted."""
    return re.fullmatch(r"2\.[0-6]\.[0-9]+", version) is not None


def lifted(forest: Forest) -> yaml.Node:
    """The document as AsyncAPI 3 would write it, its traits merged. Its version stays what it was."""
    return _Lifting(forest).document()


class _Lifting:
    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        self._root = forest.root
        self._operations: dict[str, Pair] = {}
        self._names: set[str] = set()

    def document(self) -> yaml.Node:
        known: dict[str, Callable[[yaml.Node], yaml.Node]] = {
            "info": self._info,
            "servers": _each(self._server),
            "channels": self._channels,
            "components": self._components,
        }
        moved = () if trees.get(self._root, "info") is None else ("tags", "externalDocs")
        items = [(key, _applied(known, key, value)) for key, value in trees.without(self._root, *moved)]
        if self._operations:
            operations = trees.mapping(self._operations.values(), self._root)
            items.append((trees.scalar("operations", self._root), operations))
        return trees.mapping(items, self._root)

    def _info(self, node: yaml.Node) -> yaml.Node:
        """Tags and further documentation have moved here."""
        moved = [pair for pair in trees.pairs(self._root) if pair[0].value in {"tags", "externalDocs"}]
        return trees.mapping([*trees.pairs(node), *moved], node) if moved else node

    def _components(self, node: yaml.Node) -> yaml.Node:
        known = {
            "messages": self._kept,
            "messageTraits": _each(self._message),
            "parameters": _each(self._parameter),
            "servers": _each(self._server),
        }
        return trees.mapping(
            ((key, _applied(known, key, value)) for key, value in trees.without(node, "channels")), node
        )

    def _kept(self, node: yaml.Node) -> yaml.Node:
        """Messages that are kept for others. One of several is none by itself, and stands where it is used."""
        if not isinstance(node, yaml.MappingNode):
            return node
        items = ((key, value) for key, value in trees.pairs(node) if trees.get(value, "oneOf") is None)
        return trees.mapping(((key, self._message(value)) for key, value in items), node)

    def _channels(self, node: yaml.Node) -> yaml.Node:
        return trees.mapping((self._channel(key, value) for key, value in trees.pairs(node)), node)

    def _channel(self, key: yaml.Node, entry: yaml.Node) -> Pair:
        node = self._channel_item(entry)
        name = self._free(_channel_name(key.value))
        messages: dict[str, Pair] = {}
        for verb in _ACTIONS:
            if isinstance(operation := trees.get(node, verb), yaml.MappingNode):
                self._operation(operation, verb, name, messages)
        known = {"parameters": _each(self._parameter), "servers": _servers}
        items = [(trees.scalar("address", key), trees.scalar(key.value, key))]
        items += [(each, _applied(known, each, value)) for each, value in trees.without(node, *_ACTIONS)]
        if messages:
            items.append((trees.scalar("messages", key), trees.mapping(messages.values(), key)))
        return trees.scalar(name, key), trees.mapping(items, node)

    def _channel_item(self, node: yaml.Node) -> yaml.Node:
        """A channel, with what stands beside a reference to it."""
        target = self._forest.resolved(node)
        if target is node:
            return node
        own = {key.value: (key, value) for key, value in trees.without(node, "$ref")}
        inherited = (pair for pair in trees.pairs(target) if pair[0].value not in own)
        return trees.mapping([*inherited, *own.values()], node)

    def _operation(self, entry: yaml.Node, verb: str, channel: str, messages: dict[str, Pair]) -> None:
        node = merged(self._forest, entry, traits_win=True)
        name = self._free(trees.text(trees.get(node, "operationId")) or f"{verb} {channel}")
        named = []
        for each in self._messages(trees.get(node, "message")):
            key = self._message_key(each, name, messages)
            messages.setdefault(key, (trees.scalar(key, each), self._message(each)))
            named.append(trees.reference(("channels", channel, "messages", key), each))
        items = [
            (trees.scalar("action", node), trees.scalar(_ACTIONS[verb], node)),
            (trees.scalar("channel", node), trees.reference(("channels", channel), node)),
        ]
        known = {"security": self._security}
        rest = trees.without(node, "operationId", "message")
        items += [(key, _applied(known, key, value)) for key, value in rest]
        items.append((trees.scalar("messages", node), trees.sequence(named, node)))
        self._operations[name] = trees.scalar(name, node), trees.mapping(items, node)

    def _messages(self, node: yaml.Node | None, above: tuple[str, ...] = ()) -> Iterator[yaml.Node]:
        """The messages of an operation: one, or one of several. *above* are the references that led here."""
        reference = trees.text(trees.get(node, "$ref"))
        if node is None or reference in above:
            return
        several = trees.get(self._forest.resolved(node), "oneOf")
        if several is None:
            yield node
        for each in trees.elements(several):
            yield from self._messages(each, (*above, *filter(None, [reference])))

    def _message_key(self, node: yaml.Node, operation: str, taken: dict[str, Pair]) -> str:
        """What a message is called at its channel; the same one has the same name there."""
        target = trees.text(trees.get(node, "$ref"))
        said = (trees.text(trees.get(node, each)) for each in ("messageId", "name", "title"))
        wanted = _last_name(target) or next((each for each in said if _is_name(each)), f"{operation} message")
        for name in _numbered(wanted):
            known = taken.get(name)
            if known is None or (target and trees.text(trees.get(known[1], "$ref")) == target):
                return name
        raise AssertionError

    def _parameter(self, entry: yaml.Node) -> yaml.Node:
        """What a parameter's schema says is said by itself; it is a string in any case."""
        node = self._forest.resolved(entry)
        schema = trees.get(node, "schema")
        if schema is None:
            return node
        said = self._forest.resolved(schema)
        items = [*trees.without(node, "schema")]
        items += [
            (key, trees.sequence((trees.scalar(trees.text(each), each) for each in value.value), value))
            for key, value in trees.pairs(said)
            if key.value in {"enum", "examples"} and isinstance(value, yaml.SequenceNode)
        ]
        known = {key.value for key, _ in items}
        items += [
            (key, trees.scalar(trees.text(value), value))
            for key, value in trees.pairs(said)
            if key.value in {"default", "description"} - known
        ]
        if (kind := trees.get(said, "type")) is not None and kind.value == "integer":
            items.append((trees.scalar("x-type", kind), trees.scalar("integer", kind)))
        kinds = ("type",) if kind is None or trees.text(kind) in {"integer", "string"} else ()
        rest = [*trees.without(said, "default", "description", "enum", "examples", "title", *kinds)]
        if rest:
            items.append((trees.scalar("schema", schema), trees.mapping(rest, said)))
        return trees.mapping(items, node)

    def _server(self, entry: yaml.Node) -> yaml.Node:
        """An URL stands where a host would, and security is a list of references."""
        node = self._forest.resolved(entry)
        url = trees.get(node, "url")
        items = [*trees.without(node, "url", "security")]
        if url is not None:
            items.append((trees.scalar("host", url), trees.scalar(trees.text(url), url)))
        items += [(key, self._security(value)) for key, value in trees.pairs(node) if key.value == "security"]
        return trees.mapping(items, node)

    def _message(self, entry: yaml.Node) -> yaml.Node:
        """A message without what has gone (`messageId`) or stands with the payload now (`schemaFormat`)."""
        node = merged(self._forest, entry, traits_win=True)
        form, payload = trees.get(node, "schemaFormat"), trees.get(node, "payload")
        items = [*trees.without(node, "messageId", "schemaFormat", "examples")]
        if form is not None and payload is not None and not is_json_schema(str(form.value)):
            both = [(trees.scalar("schemaFormat", form), form), (trees.scalar("schema", payload), payload)]
            items = [
                (key, trees.mapping(both, payload) if value is payload else value) for key, value in items
            ]
        items += [
            (key, trees.sequence(map(_example, trees.elements(value)), value))
            for key, value in trees.pairs(node)
            if key.value == "examples"
        ]
        return trees.mapping(items, node) if isinstance(node, yaml.MappingNode) else node

    def _security(self, node: yaml.Node) -> yaml.Node:
        """Each way in: a reference, or the scheme itself where it is asked for with scopes of its own."""
        named = [pair for each in trees.elements(node) for pair in trees.pairs(each)]
        return trees.sequence((self._scheme(key, scopes) for key, scopes in named), node)

    def _scheme(self, key: yaml.Node, scopes: yaml.Node) -> yaml.Node:
        reference = trees.reference(("components", "securitySchemes", key.value), key)
        said = self._forest.resolved(reference)
        if said is reference or not trees.elements(scopes):
            return reference
        return trees.mapping([*trees.without(said, "scopes"), (trees.scalar("scopes", key), scopes)], key)

    def _free(self, wanted: str) -> str:
        name = next(each for each in _numbered(wanted) if each not in self._names)
        self._names.add(name)
        return name


def _servers(node: yaml.Node) -> yaml.Node:
    named = trees.elements(node)
    return trees.sequence((trees.reference(("servers", trees.text(each)), each) for each in named), node)


_OF_EXAMPLES = frozenset({"headers", "name", "payload", "summary"})


def _example(node: yaml.Node) -> yaml.Node:
    """An example of AsyncAPI 2.0 may be the payload itself, or stand under its name."""
    entries = trees.pairs(node)
    if any(key.value in _OF_EXAMPLES for key, _ in entries):
        return node
    if (
        len(entries) == 1
        and {"payload"} <= {key.value for key, _ in trees.pairs(entries[0][1])} <= _OF_EXAMPLES
    ):
        name, example = entries[0]
        return trees.mapping([(trees.scalar("name", name), name), *trees.without(example, "name")], example)
    return trees.mapping([(trees.scalar("payload", node), node)], node)


def _each(lift: Callable[[yaml.Node], yaml.Node]) -> Callable[[yaml.Node], yaml.Node]:
    def lift_all(node: yaml.Node) -> yaml.Node:
        if not isinstance(node, yaml.MappingNode):
            return node
        return trees.mapping(((key, lift(value)) for key, value in trees.pairs(node)), node)

    return lift_all


def _applied(
    known: Mapping[str, Callable[[yaml.Node], yaml.Node]], key: yaml.Node, value: yaml.Node
) -> yaml.Node:
    return known[key.value](value) if key.value in known else value


def _is_name(text: str) -> bool:
    """Whether there is something to name code after."""
    return re.search(r"[^\W_]", text) is not None


def _last_name(reference: str) -> str:
    """What a reference leads to, by its last step, or by its file if it leads to the whole of one."""
    file, _, fragment = reference.partition("#")
    step = unquote(fragment.rpartition("/")[2]).replace("~1", "/").replace("~0", "~")
    return step or PurePosixPath(unquote(file)).name.partition(".")[0]


def _channel_name(address: str) -> str:
    """What a channel is called, which only had an address."""
    said = [part for part in re.split(r"[^\w.-]+", address) if _is_name(part)]
    return "-".join(said) or "root"


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {number}" for number in count(2))
