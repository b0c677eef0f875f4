"""`channels.py`: the channels and operations of a service as data, for the server and, in part, for clients."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import PurePosixPath

from wirepact_codegen.contract import contract_of
from wirepact_codegen.model import (
    Audience,
    Channel,
    CloseCode,
    Credential,
    ErrorShape,
    Heartbeat,
    HttpOperation,
    HttpReply,
    Limits,
    MessageSet,
    MessageType,
    Parameter,
    Presence,
    ReceiveOperation,
    Recovery,
    SendOperation,
    Service,
    Sign,
)
from wirepact_codegen.python_names import channel_constant, operation_constant, receive_constants
from wirepact_codegen.rendering import python_literal, render
from wirepact_codegen.targets.files import File
from wirepact_codegen.targets.python import header, model, union
from wirepact_codegen.telling import AMBIGUOUS


@dataclass(frozen=True, slots=True)
class _Constant:
    """A descriptor with a name of its own: the expression that makes it, its type if that is said, its docstring."""

    name: str
    expression: str
    type: str = ""
    doc: str = ""


def server_channels(service: Service) -> File:
    """Everything that the server's runtime needs to know."""
    return _file(service, [*_channels(service), *_operations(service)], "channels and operations")


def client_channels(service: Service) -> File:
    """What a client needs to know: the WebSocket channels."""
    return _file(service, list(_channels(service)), "channels")


def _file(service: Service, constants: Sequence[_Constant], what: str) -> File:
    view = {
        "header": header(service.document),
        "title": service.title,
        "what": what,
        "close_codes": service.close_codes,
        "contract": contract_of(service) if service.channels else "",
        "credentials": _shared_credentials(service),
        "credential": _credential,
        "constants": constants,
    }
    return File(PurePosixPath(service.name, "channels.py"), render("python/channels.py", view))


def _channels(service: Service) -> Iterator[_Constant]:
    for channel in service.channels:
        receives, sends = (union(each.messages, "Never") for each in (channel.receives, channel.sends))
        yield _Constant(
            name=channel_constant(channel),
            type=f"Channel[{receives}, {sends}]",
            expression=_call("Channel", _channel_fields(service, channel)),
            doc=channel.description or channel.title,
        )


def _channel_fields(service: Service, channel: Channel) -> Iterator[tuple[str, str]]:
    yield "service", python_literal(service.name)
    yield "name", python_literal(channel.name)
    yield "address", python_literal(channel.address)
    yield "parameters", _tuple(map(_parameter, channel.parameters))
    yield "receives", _message_set(channel.receives)
    yield "sends", _message_set(channel.sends)
    yield (
        "groups",
        python_literal({each.name: each.type for each in channel.groups} or "") if channel.groups else "",
    )
    yield "limits", _limits(channel.limits)
    yield "close_codes", _close_codes(service, channel)
    yield "error", _error(channel.error)
    yield "credentials", _credentials(service, channel.credentials)
    yield "query", model(channel.query) if channel.query is not None else ""
    yield "headers", model(channel.headers) if channel.headers is not None else ""
    yield "on_shutdown", model(channel.on_shutdown) if channel.on_shutdown is not None else ""
    yield "heartbeat", _heartbeat(channel.heartbeat)
    yield "presence", _presence(channel.presence)
    yield "audiences", _audiences(channel.send_operations)
    yield "recovers", _audiences(each for each in channel.send_operations if each.recovery is not None)
    yield "has_lines", "" if channel.has_lines else "False"
    yield "contract", "CONTRACT"
    yield "correlations", _correlations(channel)


def _correlations(channel: Channel) -> str:
    every = dict.fromkeys((*channel.receives.messages, *channel.sends.messages))
    found = [f"{model(each)}: {each.correlation!r},\n" for each in every if each.correlation]
    return f"{{\n{''.join(found)}}}" if found else ""


def _operations(service: Service) -> Iterator[_Constant]:
    for channel in service.channels:
        for receive in channel.receive_operations:
            yield from _receive(channel, receive)
        for send in channel.send_operations:
            yield _send(channel, send)
    for operation in service.http_operations:
        yield _Constant(
            operation_constant(operation), _call("HttpOperation", _http_fields(service, operation))
        )


def _receive(channel: Channel, operation: ReceiveOperation) -> Iterator[_Constant]:
    for message, name in receive_constants(operation).items():
        arguments = [python_literal(operation.name), channel_constant(channel), model(message)]
        arguments += [f"roles={operation.roles!r}"] if operation.roles else []
        yield _Constant(name, f"ReceiveOperation({', '.join(arguments)})", doc=operation.summary)


def _send(channel: Channel, operation: SendOperation) -> _Constant:
    arguments = [
        python_literal(operation.name),
        channel_constant(channel),
        _tuple(map(model, operation.messages)),
        _audience(operation.to),
        *_delivery(operation),
    ]
    return _Constant(
        operation_constant(operation), f"SendOperation({', '.join(arguments)})", doc=operation.summary
    )


def _delivery(operation: SendOperation) -> Iterator[str]:
    """What holds for whoever was away, or is slow."""
    if operation.recovery is not None:
        yield f"recovery={_recovery(operation.recovery)}"
    if operation.slow_consumer != "close":
        yield f"slow_consumer={operation.slow_consumer!r}"


def _recovery(recovery: Recovery) -> str:
    arguments = [repr(recovery.mode), f"age={recovery.age!r}"]
    arguments += [f"size={recovery.size!r}"] if recovery.size is not None else []
    arguments += [f"key={recovery.key!r}"] if recovery.key else []
    return f"Recovery({', '.join(arguments)})"


def _http_fields(service: Service, operation: HttpOperation) -> Iterator[tuple[str, str]]:
    replies = (_http_reply(each) for each in operation.replies)
    yield "service", python_literal(service.name)
    yield "name", python_literal(operation.name)
    yield "method", python_literal(operation.method)
    yield "path", python_literal(operation.path)
    yield "summary", python_literal(operation.summary) if operation.summary else ""
    yield "parameters", _tuple(map(_parameter, operation.parameters))
    yield "body", model(operation.body) if operation.body is not None else ""
    yield (
        "part",
        python_literal(operation.body.part) if operation.body is not None and operation.body.part else "",
    )
    yield "query", model(operation.query) if operation.query is not None else ""
    yield "replies", _tuple(replies)
    yield "roles", python_literal(operation.roles) if operation.roles else ""
    yield "error", _error(operation.error)
    yield "credentials", _credentials(service, operation.credentials)
    yield "limits", _limits(operation.limits)


def _http_reply(reply: HttpReply) -> str:
    message = reply.message
    type_ = f", media_type={message.content_type!r}" if message.encoding == "file" else ""
    return f"HttpReply({reply.status}, {model(message)}, {message.summary!r}{type_})"


def _call(name: str, fields: Iterator[tuple[str, str]]) -> str:
    """A call with the fields that are there, one a line."""
    arguments = "".join(f"{field}={value},\n" for field, value in fields if value)
    return f"{name}(\n{arguments})"


def _tuple(items: Iterator[str]) -> str:
    found = list(items)
    comma = "," if len(found) == 1 else ""
    return f"({', '.join(found)}{comma})" if found else ""


def _parameter(parameter: Parameter) -> str:
    arguments = [python_literal(parameter.name)]
    if parameter.type != "string" or parameter.enum:
        arguments.append(python_literal(parameter.type))
    if parameter.enum:
        arguments.append(f"enum={parameter.enum!r}")
    if parameter.default is not None:
        arguments.append(f"default={parameter.default!r}")
    if parameter.close_code is not None:
        arguments.append(f"close_code={parameter.close_code}")
    return f"Parameter({', '.join(arguments)})"


def _message_set(messages: MessageSet) -> str:
    types = "".join(map(_message_type, messages.types))
    if not types:
        return ""
    paths = f"paths={messages.paths!r},\n" if messages.paths else ""
    ambiguous = f"# {AMBIGUOUS}\nambiguous=True,\n" if messages.ambiguous else ""
    return f"MessageSet(\n{paths}types=(\n{types}),\n{ambiguous})"


def _message_type(each: MessageType) -> str:
    arguments = [repr(each.message.name), model(each.message)]
    arguments += [repr(each.constants)] if each.constants else []
    arguments += [f"signs=({''.join(f'{_sign(sign)}, ' for sign in each.signs)})"] if each.signs else []
    arguments += [f"aliases={each.aliases!r}"] if each.aliases else []
    return f"MessageType({', '.join(arguments)}),\n"


def _sign(sign: Sign) -> str:
    arguments = [repr(sign.path)]
    arguments += [f"kinds={sign.kinds!r}"] if sign.kinds else []
    arguments += [f"values={sign.values!r}"] if sign.values else []
    return f"Sign({', '.join(arguments)})"


def _limits(limits: Limits) -> str:
    said = {each.name: getattr(limits, each.name) for each in fields(limits)}
    arguments = [f"{name}={value!r},\n" for name, value in said.items() if value is not None]
    return f"Limits(\n{''.join(arguments)})" if arguments else ""


def _heartbeat(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return ""
    pong = "None" if heartbeat.pong is None else model(heartbeat.pong)
    arguments = [repr(heartbeat.by), model(heartbeat.ping), pong]
    arguments += [f"interval={heartbeat.interval!r}", f"timeout={heartbeat.timeout!r}"]
    arguments += [f"time={heartbeat.time!r}"] if heartbeat.time else []
    return f"Heartbeat({', '.join(arguments)})"


def _presence(presence: Presence | None) -> str:
    if presence is None:
        return ""
    arguments = ["None" if each is None else model(each) for each in (presence.join, presence.leave)]
    arguments += [f"grace={presence.grace!r}"]
    arguments += [f"user={presence.user!r}"] if presence.user else []
    arguments += [f"name={presence.name!r}"] if presence.name else []
    return f"Presence({', '.join(arguments)})"


def _close_codes(service: Service, channel: Channel) -> str:
    own = [each for each in channel.close_codes if each not in service.close_codes]
    if not own:
        return "CLOSE_CODES" if service.close_codes else ""
    general = "**CLOSE_CODES,\n" if service.close_codes else ""
    return f"{{\n{general}{''.join(map(_close_code_line, own))}}}"


def _close_code_line(each: CloseCode) -> str:
    return f"{each.code}: CloseCode({each.code}, {each.reason!r}, {each.reconnect!r}),\n"


def _error(shape: ErrorShape | None) -> str:
    if shape is None:
        return ""
    texts = f", texts={dict(shape.texts)!r}" if shape.texts else ""
    return f"ErrorShape({model(shape.message)}, code={shape.code!r}, text={shape.text!r}{texts})"


def _credentials(service: Service, credentials: tuple[Credential, ...]) -> str:
    if credentials and credentials == _shared_credentials(service):
        return "CREDENTIALS"
    return _tuple(map(_credential, credentials))


def _shared_credentials(service: Service) -> tuple[Credential, ...]:
    """The places of a token if they are the same wherever one is asked for; they then have one name."""
    every = {each.credentials for each in service.channels} | {
        each.credentials for each in service.http_operations
    }
    every.discard(())
    return next(iter(every)) if len(every) == 1 else ()


def _credential(credential: Credential) -> str:
    name = f", {credential.name!r}" if credential.name else ""
    return f"Credential({credential.where!r}{name})"


def _audiences(operations: Iterable[SendOperation]) -> str:
    """Whom operations go to, each once, but for the sender."""
    return _tuple(iter(dict.fromkeys(_audience(each.to) for each in operations if each.to.kind != "sender")))


def _audience(audience: Audience) -> str:
    match audience.kind:
        case "sender":
            return "ToSender()"
        case "channel":
            return "ToChannel()"
        case "group":
            return f"ToGroup({audience.group!r})"
        case "user":
            return "ToUser()"
        case "roles":
            return f"ToRoles({audience.roles!r})"
