"""One HTTP operation: read, validate and limit what comes, call the handler, answer in the document's words.

A body must be declared as JSON, or as a form where the document has a file: a page of another site can send anything else without
asking this one first, and a form too, which is why cookies are believed of pages of this site only.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any, ClassVar, TypeAlias

from litestar.connection import Request
from litestar.response import Response

from wirepact.descriptors import HttpOperation
from wirepact.errors import (
    BadRequest,
    Internal,
    OutOfReach,
    PermissionDenied,
    Refusal,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from wirepact.messages import FileMessage, Message
from wirepact.server.addresses import client_host
from wirepact.server.connection import OUR_FAULT, OUT_OF_REACH
from wirepact.server.node import Node
from wirepact.server.parameters import read_parameters
from wirepact.server.peer import Caller
from wirepact.server.query import query_reader
from wirepact.server.uploads import FORM, file_response, read_file
from wirepact.wire import ErrorWriter, encode_json, validate

HttpRequest: TypeAlias = Request[Any, Any, Any]

logger = logging.getLogger("wirepact.server")


class UnsupportedMediaType(BadRequest):
    """The body is not declared as what it must be."""

    status: ClassVar[int] = 415


class BodyTimeout(BadRequest):
    """The body did not come in time."""

    status: ClassVar[int] = 408


class Exchange:
    """What is needed to answer the requests of one operation, put together once."""

    def __init__(
        self,
        node: Node,
        operation: HttpOperation,
        handler: Callable[..., Awaitable[Message | None]],
        *,
        anonymous: bool,
    ) -> None:
        self._node = node
        self._operation = operation
        self._handler = handler
        self._anonymous = anonymous
        self._errors = None if operation.error is None else ErrorWriter(operation.error)
        self._query = query_reader(operation.query, operation.credentials)
        self._statuses = {reply.model: reply.status for reply in operation.replies}
        self._deadline = operation.limits.deadline or node.settings.handler_deadline

    async def answer(self, request: HttpRequest) -> Response[bytes]:
        """The response to *request*, whatever happens."""
        begun = time.perf_counter()
        response = await self._response(request)
        status = response.status_code or 200
        self._node.metrics.answered(self._operation, status, time.perf_counter() - begun)
        return response

    async def _response(self, request: HttpRequest) -> Response[bytes]:
        try:
            reply = await self._reply(request)
            if reply is None:
                return self._nothing()
            return _answer(reply, self._statuses[type(reply)])
        except Refusal as refusal:
            return self._refusal(refusal)
        except Unavailable as error:
            logger.warning(
                "out of reach", extra={"fields": {"operation": self._operation.name, "error": str(error)}}
            )
            return self._refusal(OutOfReach(OUT_OF_REACH))
        except Exception:
            logger.exception("handler failed", extra={"fields": {"operation": self._operation.name}})
            return self._refusal(Internal(OUR_FAULT))

    def _nothing(self) -> Response[bytes]:
        """The response of an operation that the document has no reply for. Any other must give one."""
        if self._operation.replies:
            raise TypeError(f"{self._operation.name} gave no reply")
        return Response(b"", status_code=204)

    async def _reply(self, request: HttpRequest) -> Message | None:
        operation = self._operation
        caller = await self._caller(request)
        inputs: dict[str, Message] = {}
        if self._query is not None:
            inputs["query"] = self._query.read(request.scope["query_string"])
        if operation.body is not None:
            inputs["body"] = await self._body(request, operation.body)
        async with asyncio.timeout(self._deadline):
            return await self._handler(caller, *caller.parameters.values(), **inputs)

    async def _caller(self, request: HttpRequest) -> Caller:
        operation = self._operation
        doorkeeper = self._node.doorkeeper
        shown = await doorkeeper.identify(request.scope, operation.credentials, anonymous=self._anonymous)
        identity = await doorkeeper.current(shown)
        if operation.roles:
            if identity is None:
                raise Unauthorized("a token is needed")
            if not identity.has_one_of(operation.roles):
                raise PermissionDenied(f"needs one of the roles {', '.join(operation.roles)}")
        parameters = read_parameters(operation.parameters, request.scope)
        return Caller(identity, parameters, client_host(request.scope, self._node.settings.trusted_proxies))

    async def _body(self, request: HttpRequest, model: type[Message]) -> Message:
        """The body as a *model*: JSON, or a file in a form."""
        content_type = request.headers.get("content-type", "")
        if issubclass(model, FileMessage):
            if _bare(content_type) != FORM:
                raise UnsupportedMediaType(f"send the body as {FORM}")
            return read_file(model, self._operation.part, content_type, await self._bytes(request))
        if not _is_json(_bare(content_type)):
            raise UnsupportedMediaType("send the body as application/json")
        return validate(model, await self._bytes(request), self._operation.limits)

    async def _bytes(self, request: HttpRequest) -> bytes:
        """The body, read no further than the document allows."""
        limit = self._operation.limits.message_bytes
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise TooLarge(f"a body has at most {limit} bytes")
        body = bytearray()
        try:
            async with asyncio.timeout(self._deadline):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > limit:
                        raise TooLarge(f"a body has at most {limit} bytes")
        except TimeoutError:
            raise BodyTimeout("the body did not come in time") from None
        return bytes(body)

    def _refusal(self, refusal: Refusal) -> Response[bytes]:
        headers = {"www-authenticate": "Bearer"} if refusal.status == Unauthorized.status else {}
        if refusal.delay is not None:
            headers["retry-after"] = str(max(1, ceil(refusal.delay)))
        content = "{}" if self._errors is None else self._errors.write(refusal)
        return _response(content, refusal.status, headers)


def _response(content: str, status: int, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(
        content.encode(), status_code=status, media_type="application/json", headers=headers or {}
    )


def _answer(reply: Message, status: int) -> Response[bytes]:
    if isinstance(reply, FileMessage):
        return file_response(reply, status)
    return _response(encode_json(reply), status)


def _bare(content_type: str) -> str:
    """A media type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
