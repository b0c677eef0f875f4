"""Answers to what no route of a document covers: another method, another path, a WebSocket that leads nowhere."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from litestar.connection import Request
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.response import Response
from litestar.types import ExceptionHandlersMap, Message, Scope, Send

from wirepact.descriptors import HttpOperation
from wirepact.errors import BadRequest, Internal, NotFound, PermissionDenied, TooLarge, Unauthorized
from wirepact.server.signposts import route_path
from wirepact.wire import ErrorWriter

_CODES = {each.status: each.code for each in (Unauthorized, PermissionDenied, NotFound, TooLarge)}
_METHODS: tuple[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], ...] = (
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
)

logger = logging.getLogger("wirepact.server")


def other_methods(operations: Sequence[HttpOperation]) -> Sequence[HTTPRouteHandler]:
    """For each path OPTIONS, and the methods that its document does not have, answered in the document's words.

    To be registered first: at a path that has no OPTIONS yet Litestar adds its own.
    """
    paths: dict[str, list[HttpOperation]] = {}
    for operation in operations:
        paths.setdefault(operation.path, []).append(operation)
    return [handler(path, there) for path, there in paths.items() for handler in (_options, _not_allowed)]


def head_routes(routes: Sequence[BaseRouteHandler]) -> Sequence[HTTPRouteHandler]:
    """HEAD beside every GET; the server leaves the body out."""
    return [
        HTTPRouteHandler(
            list(route.paths), http_method="HEAD", include_in_schema=False, request_max_body_size=None
        )(route.fn)
        for route in routes
        if isinstance(route, HTTPRouteHandler) and route.http_methods == {"GET"}
    ]


def exception_handlers() -> ExceptionHandlersMap:
    """How the application answers what reaches no route, without a word about its inside."""
    return {MethodNotAllowedException: _method_not_allowed, HTTPException: _http_error, Exception: _internal}


def refuse_upgrade(scope: Scope, send: Send) -> Send:
    """*send*, but for a WebSocket that is closed before it was accepted: there is no such channel, so 404."""
    if scope["type"] != ScopeType.WEBSOCKET or "websocket.http.response" not in (
        scope.get("extensions") or {}
    ):
        return send
    is_accepted = False

    async def send_or_refuse(event: Message) -> None:
        nonlocal is_accepted
        is_accepted = is_accepted or event["type"] == "websocket.accept"
        if is_accepted or event["type"] != "websocket.close":
            await send(event)
            return
        start: Any = {"type": "websocket.http.response.start", "status": 404, "headers": []}
        body: Any = {"type": "websocket.http.response.body", "body": b""}
        await send(start)
        await send(body)

    return send_or_refuse


def _options(path: str, operations: Sequence[HttpOperation]) -> HTTPRouteHandler:
    """What may be asked for. Litestar's own answer knows only the first of several routes at a path."""
    headers = {"allow": ", ".join([*_allowed(operations), "OPTIONS"])}

    async def answer() -> Response[None]:
        return Response(None, status_code=204, headers=headers)

    return HTTPRouteHandler(
        route_path(path), http_method="OPTIONS", include_in_schema=False, status_code=204
    )(answer)


def _allowed(operations: Sequence[HttpOperation]) -> list[str]:
    methods: list[str] = [operation.method for operation in operations]
    return [*methods, "HEAD"] if "GET" in methods else methods


def _not_allowed(path: str, operations: Sequence[HttpOperation]) -> HTTPRouteHandler:
    allowed = _allowed(operations)
    shape = operations[0].error
    refusal = BadRequest(f"only {', '.join(allowed)} here")
    content = "{}" if shape is None else ErrorWriter(shape).write(refusal)
    headers = {"allow": ", ".join([*allowed, "OPTIONS"])}

    async def refuse() -> Response[bytes]:
        return Response(content.encode(), status_code=405, media_type="application/json", headers=headers)

    return HTTPRouteHandler(
        route_path(path),
        http_method=[method for method in _METHODS if method not in allowed],
        include_in_schema=False,
        status_code=405,
    )(refuse)


def _method_not_allowed(_: Request[Any, Any, Any], error: MethodNotAllowedException) -> Response[Any]:
    headers: Mapping[str, str] = error.headers or {}
    if headers.get("allow") == "websocket":
        return _answer(426, {"upgrade": "websocket", "connection": "upgrade"})
    return _answer(405, headers)


def _http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    return _answer(error.status_code, error.headers or {})


def _internal(_: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    logger.error("request failed", exc_info=error)
    return _answer(500, {})


def _answer(status: int, headers: Mapping[str, str]) -> Response[Any]:
    """The problem that every HTTP operation knows, with nothing but the status's own words."""
    code = _CODES.get(status, BadRequest.code if status < Internal.status else Internal.code)
    content = {"code": code, "message": HTTPStatus(status).phrase.lower()}
    return Response(content, status_code=status, headers=dict(headers), media_type="application/json")
