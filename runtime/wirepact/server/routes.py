"""From descriptors and functions to Litestar's route handlers: what emitted `routes()` are made of."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from litestar.connection import Request, WebSocket
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler
from litestar.response import Response

from wirepact.descriptors import Channel, HttpOperation, ReceiveOperation
from wirepact.messages import Message
from wirepact.server.arrival import arrive
from wirepact.server.endpoint import PeerT, Receiver, endpoint
from wirepact.server.http import Exchange
from wirepact.server.node import Node
from wirepact.server.openapi import operation_class
from wirepact.server.signposts import route_path

Route: TypeAlias = WebsocketRouteHandler | HTTPRouteHandler
"""What `build_app` takes; one that it is not given is not served. The descriptor stands in `opt["channel"]` or `opt["operation"]`."""

MessageT = TypeVar("MessageT", bound=Message)


def receive(
    operation: ReceiveOperation[MessageT], handler: Callable[[PeerT, MessageT], Awaitable[Message | None]]
) -> Receiver[PeerT]:
    """Let *handler* handle the message of *operation*; what it returns is sent to the peer."""
    return Receiver(operation, handler)


def websocket_route(
    node: Node,
    channel: Channel[Any, Any],
    peer: type[PeerT],
    *,
    admit: Callable[..., Awaitable[None]],
    on_connect: Sequence[Callable[[PeerT], Awaitable[Message]]] = (),
    on_message: Sequence[Receiver[PeerT]] = (),
    anonymous: bool = False,
) -> Route:
    """The route of *channel*.

    *admit* is called with the visitor, the address's parameters in the order of the document, and, where the channel
    has them, `query` and `headers`; it raises a `Refusal` to refuse. What the functions of *on_connect* return is sent first. With *anonymous* a visitor
    without a token may come in.
    """
    served = node.tuned(channel)
    here = endpoint(
        served, peer, admit=admit, on_connect=on_connect, on_message=on_message, anonymous=anonymous
    )

    async def serve(socket: WebSocket[Any, Any, Any]) -> None:
        await arrive(node, here, socket)

    path = route_path(channel.address)
    return WebsocketRouteHandler(path, name=here.name, opt={"channel": served, "endpoint": here})(serve)


def http_route(
    node: Node,
    operation: HttpOperation,
    handler: Callable[..., Awaitable[Message | None]],
    *,
    anonymous: bool = False,
) -> Route:
    """The route of *operation*.

    *handler* is called with the caller, the address's parameters in the order of the document, and, where the
    operation has them, `body` and `query`. What it returns decides the status; nothing is 204.
    """
    exchange = Exchange(node, operation, handler, anonymous=anonymous)

    async def serve(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await exchange.answer(request)

    return HTTPRouteHandler(
        route_path(operation.path),
        http_method=operation.method,
        name=f"{operation.service}.{operation.name}",
        operation_id=operation.name,
        operation_class=operation_class(operation, anonymous=anonymous),
        summary=operation.summary,
        request_max_body_size=None,
        status_code=operation.replies[0].status if operation.replies else 200,
        opt={"operation": operation},
    )(serve)
