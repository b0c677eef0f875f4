"""Servers: what stands between the protocol and the address of a channel, and whose part of it is the route's.

The pathname that all servers of a channel have in common belongs to the channel's route, because that is where clients
of the document connect. A variable in it is a parameter of the address then.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from wirepact_codegen.errors import Findings, Place, did_you_mean
from wirepact_codegen.lifting import is_version_2
from wirepact_codegen.model import Parameter, Server, ServerVariable
from wirepact_codegen.source import Document, Node, Pointer, Sources
from wirepact_codegen.vocabulary import chosen_name

PROTOCOLS = ("ws", "wss", "http", "https")

Origin: TypeAlias = tuple[str, Pointer]

_URL = re.compile(r"(?:([^/?#]*?)://)?(?:([^/?#@]*)@)?([^/?#]*)([^?#]*)(.*)", re.DOTALL)
_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"(?:/[^\s/{}?#\"\\<>^`|\x00-\x1f]*)*")


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands in front of the address of a channel on all of its servers."""

    path: str = ""
    parameters: tuple[Parameter, ...] = ()


class Servers:
    """The servers of one document, each read once."""

    def __init__(self, document: Document, sources: Sources, findings: Findings, *, is_ours: bool) -> None:
        self._root = document.root
        self._sources = sources
        self._findings = findings
        self._note = findings.add if is_ours else findings.warn
        self._read: dict[Origin, Server] = {}
        self._nodes = {each.origin: each for each in self._followed(_values(self._root, "servers"))}
        for each in self._nodes.values():
            self._server(each)
        self._groups = self._grouped()

    def of(self, channel: Node) -> Iterator[Node]:
        """The servers that a channel names, or all of the document's if it names none."""
        named = channel.get("servers")
        if named is not None and named.value:
            yield from self._followed(named.elements())
        else:
            yield from self._followed(_values(self._root, "servers"))

    def prefix(self, channel: Node) -> Prefix:
        """What the route of *channel* begins with."""
        for node in self.of(channel):
            if (server := self._server(node)) is not None:
                group = self._groups.get(node.origin, frozenset({node.origin}))
                return self._apart(channel, _prefix(server)) if self._agree(group) else Prefix()
        return Prefix()

    def _apart(self, channel: Node, prefix: Prefix) -> Prefix:
        """*prefix* without the parameters that the address of *channel* has itself: those get a value here."""
        path = prefix.path
        own = _EXPRESSION.findall(channel.text("address"))
        twice = [each for each in prefix.parameters if each.name in own]
        for each in twice:
            value = each.default or next(iter(each.enum), each.name)
            path = path.replace(f"{{{each.name}}}", value)
            sentence = f'parameter "{each.name}" of the address is a variable of its servers already: there it is "{value}"'
            self._note("WP303", channel.at(("address",)).place, sentence, "rename one of the two")
        return Prefix(path, tuple(each for each in prefix.parameters if each not in twice))

    def check(self, channel: Node) -> None:
        """Note a channel whose servers have different pathnames."""
        found = [server for node in self.of(channel) if (server := self._server(node)) is not None]
        paths = dict.fromkeys(each.pathname or "/" for each in found)
        if len(paths) > 1:
            said = " and ".join(f'"{each}"' for each in paths)
            self._findings.warn(
                "WP318",
                channel.key_place,
                f'the servers of channel "{channel.key}" have different paths, {said}: its route is the address alone',
                "write what is the same everywhere into the address",
            )

    def all(self) -> Iterator[Server]:
        """Every server of ours, with as much of its pathname as stands in no route."""
        for origin, node in self._nodes.items():
            server = self._server(node)
            if server is None:
                continue
            is_in_routes = bool(_prefix(server).path) and self._agree(
                self._groups.get(origin, frozenset({origin}))
            )
            yield _without_path(server) if is_in_routes else server

    def _agree(self, group: Iterable[Origin]) -> bool:
        """Whether all servers of *group* have the same pathname, and the same variables in it."""
        prefixes = {_prefix(server) for each in group if (server := self._read.get(each)) is not None}
        return len({(each.path, tuple(p.enum for p in each.parameters)) for each in prefixes}) == 1

    def _grouped(self) -> dict[Origin, frozenset[Origin]]:
        """For each server all those that it shares a channel with, at however many removes."""
        groups: dict[Origin, frozenset[Origin]] = {}
        for channel in self._followed(_values(self._root, "channels")):
            mine = [each.origin for each in self.of(channel) if self._server(each) is not None]
            joined = frozenset(mine).union(*(groups.get(each, frozenset()) for each in mine))
            groups |= dict.fromkeys(joined, joined)
        return groups

    def _server(self, node: Node) -> Server | None:
        if node.text("protocol") not in PROTOCOLS or not node.text("host"):
            return None
        if node.origin not in self._read:
            self._read[node.origin] = self._described(node)
        return self._read[node.origin]

    def _described(self, node: Node) -> Server:
        host, path = self._parts(node)
        variables = tuple(self._variables(node, host, path))
        return Server(
            name=node.key,
            place=node.key_place,
            protocol=node.text("protocol"),
            host=host,
            pathname=path,
            description=node.text("description") or node.text("summary") or node.text("title"),
            variables=variables,
            stem=chosen_name(node),
        )

    def _parts(self, node: Node) -> tuple[str, str]:
        """The host and the path, wherever the document has them: 2.x writes a whole URL where 3 has a host."""
        said = node.at(("host",))
        is_url = is_version_2(node.document.root.text("asyncapi"))
        match = _URL.fullmatch(str(said.value).strip())
        assert match is not None  # noqa: S101 - it takes any text
        scheme, user, host, path, rest = match.groups()
        name = f'server "{node.key}"'
        if scheme and is_url and scheme != node.text("protocol") and "{" not in scheme:
            protocol = node.text("protocol")
            self._note(
                "WP316", said.place, f'the url of {name} begins with "{scheme}": it is read as "{protocol}"'
            )
        if not is_url and (scheme or path):
            sentence = f'the host of {name} is "{said.value}": it is read as the host "{host}"'
            sentence += f' and the path "{path}"' if path.strip("/") else ""
            self._note(
                "WP316", said.place, sentence, 'a host is like "example.com:8443"; a path is a pathname'
            )
        if user is not None:
            self._note("WP316", said.place, f"{name} has a user in its url: it is left out")
        if rest:
            sentence = f'{name} has "{rest}" in its url: it is left out'
            self._note(
                "WP316", said.place, sentence, "say in the ws binding of a channel what its query takes"
            )
        return host, self._path(node, path.rstrip("/"))

    def _path(self, node: Node, found: str) -> str:
        """*found* in the host, and behind it what the pathname says; it begins with a slash and ends with none."""
        said = node.get("pathname")
        text = str(said.value).strip() if said is not None and said.value is not None else ""
        path, _, rest = text.partition("?")
        if said is not None and rest:
            self._note(
                "WP316", said.place, f'the path "{text}" of server "{node.key}" has a query: it is left out'
            )
        if said is not None and path and not path.startswith("/"):
            self._note("WP316", said.place, f'the path "{path}" of server "{node.key}" begins with no slash')
            path = f"/{path}"
        whole = f"{found}{path}".rstrip("/")
        if _PATH.fullmatch(_EXPRESSION.sub("x", whole)) is None:
            place = said.place if said is not None else node.at(("host",)).place
            self._note("WP316", place, f'"{whole}" of server "{node.key}" is no path: it is left out')
            return ""
        return whole

    def _variables(self, node: Node, host: str, path: str) -> Iterator[ServerVariable]:
        said = node.get("variables")
        declared = dict(said.items()) if said is not None else {}
        names = list(dict.fromkeys(_EXPRESSION.findall(host + path)))
        whole = node.text("host") + node.text("pathname")
        where = node.at(("host",)).place
        for name, entry in declared.items():
            if f"{{{name}}}" not in whole:
                sentence = f'variable "{name}" stands nowhere in the address of server "{node.key}"'
                self._note("WP317", entry.key_place, sentence, did_you_mean(name, names))
        for name in names:
            said_of_it = declared.get(name)
            target = self._sources.follow(said_of_it) if said_of_it is not None else None
            if said_of_it is None or target is None:
                sentence = f'variable "{name}" of server "{node.key}" is not declared'
                self._note("WP317", where, sentence, did_you_mean(name, declared))
                yield ServerVariable(name, where)
            else:
                yield self._variable(name, said_of_it.key_place, target)

    def _variable(self, name: str, place: Place, node: Node) -> ServerVariable:
        values, default = node.get("enum"), node.get("default")
        examples = node.get("examples")
        enum = tuple(self._part(name, each) for each in values.elements()) if values is not None else ()
        chosen = self._part(name, default) if default is not None and default.value is not None else None
        if default is not None and chosen is not None and enum and chosen not in enum:
            sentence = f'default "{chosen}" of variable "{name}" is none of its values'
            self._note("WP317", default.place, sentence, did_you_mean(chosen, enum))
            enum = (*enum, chosen)
        return ServerVariable(
            name=name,
            place=place,
            default=chosen,
            description=node.text("description"),
            enum=tuple(dict.fromkeys(enum)),
            examples=tuple(str(each.value) for each in examples.elements()) if examples is not None else (),
            stem=chosen_name(node),
        )

    def _part(self, name: str, node: Node) -> str:
        """A value of a variable, without the scheme that some write into it."""
        text = str(node.value)
        scheme, separator, rest = text.partition("://")
        if not separator:
            return text
        self._note(
            "WP317",
            node.place,
            f'value "{text}" of variable "{name}" begins with "{scheme}://": it is read as "{rest.rstrip("/")}"',
            "the protocol is said apart",
        )
        return rest.rstrip("/")

    def _followed(self, entries: Iterable[Node]) -> Iterator[Node]:
        return (target for each in entries if (target := self._sources.follow(each)) is not None)


def _prefix(server: Server) -> Prefix:
    """A pathname as the beginning of a route: a variable is a parameter, whose values are the variable's."""
    names = dict.fromkeys(_EXPRESSION.findall(server.pathname))
    known = {each.name: each for each in server.variables}
    parameters = tuple(
        Parameter(
            name=name,
            place=known[name].place,
            description=known[name].description,
            enum=known[name].enum,
            examples=known[name].examples,
            default=known[name].default,
        )
        for name in names
    )
    return Prefix(server.pathname, parameters)


def _without_path(server: Server) -> Server:
    in_host = set(_EXPRESSION.findall(server.host))
    variables = tuple(each for each in server.variables if each.name in in_host)
    return replace(server, pathname="", variables=variables)


def _values(root: Node, key: str) -> Iterator[Node]:
    found = root.get(key)
    return found.values() if found is not None else iter(())
