"""One document as a service: the order in which its parts are read, and what holds across them."""

from collections.abc import Iterator, Sequence

from wirepact_codegen.collisions import without_collisions
from wirepact_codegen.errors import Findings
from wirepact_codegen.lint_pack import check_sockets
from wirepact_codegen.model import Credential, HttpOperation, Message, Schema, Service
from wirepact_codegen.naming import PythonName, spelled, words
from wirepact_codegen.reading.addresses import (
    HTTP,
    MODELS,
    WEBSOCKET,
    can_be_reached,
    check_protocols,
    has_transport,
    read_address,
    read_parameters,
    read_transport,
)
from wirepact_codegen.reading.aliases import check_aliases
from wirepact_codegen.reading.channels import (
    check_used,
    read_channel,
    read_close_codes,
)
from wirepact_codegen.reading.choices import check_choices
from wirepact_codegen.reading.context import Context
from wirepact_codegen.reading.defaults import check_defaults
from wirepact_codegen.reading.encodings import Encodings
from wirepact_codegen.reading.errors import read_error
from wirepact_codegen.reading.examples import Examples
from wirepact_codegen.reading.limits import check_request_limits, read_limits
from wirepact_codegen.reading.messages import Messages
from wirepact_codegen.reading.names import TypeNames
from wirepact_codegen.reading.operations import Endpoint, is_request, read_http
from wirepact_codegen.reading.schemas import Schemas
from wirepact_codegen.reading.servers import Servers
from wirepact_codegen.reading.sockets import (
    Part,
    has_address,
    leave_out,
    message_entries,
    read_models,
    route,
    sockets_of,
)
from wirepact_codegen.reading.unlifted import check_kept, check_requirements
from wirepact_codegen.services import check_names
from wirepact_codegen.source import Document, Node, Pointer, Sources
from wirepact_codegen.structure import check_structure
from wirepact_codegen.terms import UNPROVEN, Perspective, today
from wirepact_codegen.vocabulary import chosen_name
from wirepact_codegen.waivers import waived


def read_services(
    documents: Sequence[str], findings: Findings, perspective: Perspective | None = None
) -> list[Service]:
    """The services that *documents* describe. With errors, none of them is to be generated from.

    *perspective* is the view of those documents that don't say theirs.
    """
    read = (read_service(document, findings, perspective) for document in documents)
    services = [each for each in read if each is not None]
    check_names(services, findings)
    return services


def read_service(file: str, findings: Findings, perspective: Perspective | None = None) -> Service | None:
    """The service that *file* describes. Faults go to *findings*; with errors, it is not to be generated from.

    `None` if the document's shape leaves nothing to read.
    """
    own = Findings()
    sources = Sources(own)
    service = _read(file, sources, own, perspective)
    document = sources.load(file)
    findings.extend(waived(document, own, today()) if document is not None else own)
    return service


def _read(file: str, sources: Sources, findings: Findings, perspective: Perspective | None) -> Service | None:
    document = sources.load(file)
    if document is None:
        return None
    view = perspective_of(document, perspective)
    check_structure(document, sources, findings, view)
    if findings.errors:
        return None
    context, service = _settled(document, sources, findings, view)
    check_choices(context.schemas.choices(), context.schemas.by_name, findings)
    service = without_collisions(service, findings, ours=context.is_ours)
    check_sockets(document, sources, findings)
    if not findings.refuse_apart_from({*UNPROVEN, "WP701"}):
        check_defaults(
            context.schemas.defaults(),
            _schemas(context),
            context.schemas.by_name,
            findings,
            lenient=not context.is_ours,
        )
    return service


def _schemas(context: Context) -> list[Schema]:
    return [*context.schemas.by_name.values(), *(each.schema for each in context.messages.all())]


def _settled(
    document: Document, sources: Sources, findings: Findings, view: Perspective | None
) -> tuple[Context, Service]:
    """The service with a name of its own for each type: read anew if there are some that several types want."""
    before = len(findings)
    names = TypeNames(document, findings)
    context = _context(document, sources, findings, names, view)
    service = _Reading(context).service()
    decided = names.settle()
    if not names.were(decided):
        findings.forget_after(before)
        names = TypeNames(document, findings, decided)
        context = _context(document, sources, findings, names, view)
        service = _Reading(context).service()
    names.report(decided, ours=context.is_ours)
    return context, service


def perspective_of(document: Document, otherwise: Perspective | None) -> Perspective | None:
    """Whose view *document* takes: what it says itself (`x-perspective`), or else *otherwise*."""
    match document.root.text("x-perspective"):
        case "server" | "client" as said:
            return said
    return otherwise


def _context(
    document: Document,
    sources: Sources,
    findings: Findings,
    names: TypeNames,
    perspective: Perspective | None,
) -> Context:
    is_ours = "x-perspective" in document.root
    schemas = Schemas(sources, names, findings, is_ours=is_ours)
    examples = Examples(sources, findings, schemas.by_name, lenient=not is_ours)
    encodings = Encodings(document.root.get("defaultContentType"), findings, is_ours=is_ours)
    messages = Messages(sources, schemas, names, examples, findings, encodings=encodings, is_ours=is_ours)
    servers = Servers(document, sources, findings, is_ours=is_ours)
    view = perspective == "client"
    return Context(document, sources, findings, schemas, messages, servers, is_clients_view=view)


_SOCKETS_ONLY = ("x-close-codes", "x-groups", "x-heartbeat", "x-on-connect", "x-on-shutdown", "x-presence")
"""Keys of channels that mean nothing to a request."""


class _Reading:
    """Reads the parts of one document in the order in which they need each other."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._root = context.document.root
        self._close_codes = read_close_codes(context, self._root)
        self._operations = self._operations_by_channel()
        self._answered_at = self._reply_channels()
        self._parts: list[Part] = []

    def service(self) -> Service:
        check_protocols(self._context)
        check_kept(self._context)
        check_requirements(self._context)
        requests: list[HttpOperation] = []
        for entry in _entries(self._root, "channels"):
            channel = self._context.follow(entry)
            if channel is not None:
                self._read(channel.under(entry.key), requests)
        sockets = sockets_of(self._context, self._parts)
        channels = [read_channel(self._context, each, self._close_codes) for each in sockets]
        check_aliases(self._context, channels)
        info = self._root.at(("info",))
        return Service(
            name=_service_name(self._context),
            id=self._root.text("id") or f"urn:{self._root.key}",
            title=info.text("title"),
            version=info.text("version"),
            document=self._context.document.file,
            place=self._root.place,
            description=info.text("description"),
            servers=tuple(self._context.servers.all()),
            messages=self._messages(),
            definitions=self._context.schemas.definitions(),
            channels=tuple(channels),
            http_operations=tuple(self._apart(requests)),
            close_codes=self._close_codes,
        )

    def _messages(self) -> tuple[Message, ...]:
        """Every message that something uses; of a document without channels, those that it keeps for others."""
        if self._root.get("channels") is None and (components := self._root.get("components")) is not None:
            for entry in _entries(components, "messages"):
                self._context.messages.message(entry)
        return self._context.messages.all()

    def _operations_by_channel(self) -> dict[tuple[str, Pointer], list[Node]]:
        found: dict[tuple[str, Pointer], list[Node]] = {}
        for entry in _entries(self._root, "operations"):
            operation = self._context.follow(entry)
            channel = self._context.follow(operation.at(("channel",))) if operation is not None else None
            if operation is not None and channel is not None:
                found.setdefault(channel.origin, []).append(operation.under(entry.key))
        return found

    def _reply_channels(self) -> set[tuple[str, Pointer]]:
        """The channels that something is answered at."""
        found = set()
        for operations in self._operations.values():
            for operation in operations:
                reply = self._context.get(operation, "reply")
                channel = self._context.get(reply, "channel") if reply is not None else None
                if channel is not None:
                    found.add(channel.origin)
        return found

    def _read(self, channel: Node, requests: list[HttpOperation]) -> None:
        operations = self._operations.get(channel.origin, [])
        if not self._can_be_used(channel, operations):
            read_models(self._context, channel)
            return
        transport, credentials = read_transport(self._context, channel)
        asked, said = self._parted(transport, operations)
        if asked and not has_address(channel):
            leave_out(self._context, channel)
        elif asked:
            requests.extend(self._requests(channel, asked, credentials))
        if said or (not operations and has_address(channel)):
            self._parts.append(Part(channel, tuple(said), credentials))
        elif not asked:
            read_models(self._context, channel)

    def _parted(self, transport: str, operations: list[Node]) -> tuple[list[Node], list[Node]]:
        """Which operations are requests, and which are said on a socket."""
        if self._context.is_ours:
            return (operations if transport == HTTP else [], operations if transport == WEBSOCKET else [])
        asked = (
            [each for each in operations if is_request(self._context, each)] if transport != WEBSOCKET else []
        )
        if transport == HTTP and asked:
            return operations, []
        return asked, [each for each in operations if each not in asked]

    def _can_be_used(self, channel: Node, operations: list[Node]) -> bool:
        """Whether there is more to a channel than the models of its messages."""
        findings, place = self._context.findings, channel.key_place
        if not operations and channel.origin not in self._answered_at:
            findings.warn("WP312", place, f'channel "{channel.key}" has no operation; {MODELS}')
            return False
        if not has_transport(self._context, channel):
            findings.inform(
                "WP309", place, f'channel "{channel.key}" is on no WebSocket or HTTP server; {MODELS}'
            )
            return False
        return not has_address(channel) or can_be_reached(self._context, channel)

    def _requests(
        self, channel: Node, operations: list[Node], credentials: tuple[Credential, ...]
    ) -> Iterator[HttpOperation]:
        context = self._context
        before = context.findings.faults
        for key in _SOCKETS_ONLY:
            if (said := channel.get(key)) is not None:
                context.findings.add("WP204", said.key_place, f'"{key}" belongs on a WebSocket channel')
        check_request_limits(context, channel)
        address = read_address(context, channel)
        endpoint = Endpoint(
            node=channel,
            address=address,
            parameters=read_parameters(context, channel, address),
            error=read_error(context, channel, message_entries(channel)),
            credentials=credentials,
            limits=read_limits(channel),
        )
        found = [read_http(context, each, endpoint) for each in operations]
        requests = [each for each in found if each is not None]
        if context.findings.faults == before:
            check_used(context, channel, message_entries(channel), _said(requests, endpoint))
        return iter(requests)

    def _apart(self, requests: list[HttpOperation]) -> Iterator[HttpOperation]:
        """Each method of each path once: of two that are the same, the first is served."""
        taken: dict[tuple[str, str], HttpOperation] = {}
        for each in requests:
            first = taken.setdefault((each.method, route(each.path)), each)
            if first is each:
                yield each
                continue
            sentence = f'operation "{each.name}" is at {each.method} {each.path}, where operation "{first.name}" is already'
            self._context.fault("WP313", each.place, sentence, otherwise="only the first is served")


def _service_name(context: Context) -> str:
    """The service's name: that of its file, as a package can have it, or one that the document chooses."""
    root = context.document.root
    text = chosen_name(root) or root.key
    if words(text):
        return PythonName(text)
    name = PythonName(spelled(text))
    sentence, suggestion = (
        f'no service can be named after "{text}"',
        'rename the file, or give it an "x-name"',
    )
    context.fault("WP602", root.place, sentence, suggestion, otherwise=f'it is called "{name}" here')
    return name


def _entries(root: Node, key: str) -> Iterator[Node]:
    found = root.get(key)
    return found.values() if found is not None else iter(())


def _said(requests: list[HttpOperation], endpoint: Endpoint) -> Iterator[Message]:
    for request in requests:
        yield from (reply.message for reply in request.replies)
        if request.body is not None:
            yield request.body
    if endpoint.error is not None:
        yield endpoint.error.message
