"""How Sendbird's Platform API (v3) is asked: the token, what it answers when it does not, and when to ask again.

Knows no endpoint. An error is `{"error": true, "code": …, "message": …}`; a request that came too soon is answered with 429
and, in a header, after how many seconds it may come again. A request is made again by itself if it was certainly not
taken, or if twice is the same as once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from enum import IntEnum
from typing import Any, Final, Literal

import httpx

from handlers.chat.provider import Rejected, TooManyRequests, Unreachable

logger = logging.getLogger(__name__)


class Code(IntEnum):
    """Why Sendbird refuses, as far as it makes a difference here."""

    NOT_FOUND = 400201
    NOT_UNIQUE = 400202
    BAD_TOKEN = 400401
    NOT_A_MEMBER = 900020


_TOO_MANY: Final = 429
_FAULT: Final = 500

_DELAYS: Final = (0.2, 1.0)
"""Seconds before a request is made the second and the third time, when it is not said."""

Method = Literal["GET", "POST", "PUT"]
Wait = Callable[[float], Awaitable[None]]


class PlatformApi:
    """One application at Sendbird. *patience* is how many seconds a request may wait in all to be let in."""

    def __init__(
        self, client: httpx.AsyncClient, *, patience: float = 10, wait: Wait = asyncio.sleep
    ) -> None:
        self._client = client
        self._patience = patience
        self._wait = wait

    async def ask(
        self,
        method: Method,
        path: str,
        *,
        query: Mapping[str, str | int | bool] | None = None,
        body: Mapping[str, object] | None = None,
        is_repeatable: bool = True,
    ) -> Mapping[str, Any]:
        """What is answered. Raises `Rejected`, with Sendbird's code, or `Unreachable`."""
        waited = 0.0
        faults = iter(_DELAYS)
        while True:
            try:
                return _answered(await self._send(method, path, query, body, is_repeatable=is_repeatable))
            except TooManyRequests as refused:
                if waited + refused.delay > self._patience:
                    raise
                delay = refused.delay
            except _MayRepeat as fault:
                if (later := next(faults, None)) is None:
                    raise Unreachable(str(fault)) from fault
                delay = later
            waited += delay
            await self._wait(delay)

    async def _send(
        self,
        method: Method,
        path: str,
        query: Mapping[str, str | int | bool] | None,
        body: Mapping[str, object] | None,
        *,
        is_repeatable: bool,
    ) -> httpx.Response:
        try:
            response = await self._client.request(method, path, params=query, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _MayRepeat("Sendbird is not reached") from error
        except httpx.TransportError as error:
            raise (_MayRepeat if is_repeatable else Unreachable)("Sendbird did not answer") from error
        if response.status_code >= _FAULT:
            told = f"Sendbird answered with {response.status_code}"
            raise (_MayRepeat if is_repeatable else Unreachable)(told)
        return response


class _MayRepeat(Unreachable):
    """The same may be asked again: nothing was done, or doing it twice does no harm."""


def client(url: str, token: str, timeout: float) -> httpx.AsyncClient:
    """What asks the application at *url*, `https://api-APPLICATION.sendbird.com`."""
    headers = {"Api-Token": token, "Accept": "application/json"}
    return httpx.AsyncClient(base_url=f"{url.rstrip('/')}/v3", headers=headers, timeout=timeout)


def _answered(response: httpx.Response) -> Mapping[str, Any]:
    if response.status_code == _TOO_MANY:
        raise TooManyRequests(_delay(response.headers))
    try:
        answer = response.json() if response.content else {}
    except ValueError as error:
        raise Unreachable(f"Sendbird answered {response.status_code} without JSON") from error
    if not isinstance(answer, dict):
        raise Unreachable("Sendbird answered with something else than an object")
    if response.is_success and not answer.get("error"):
        return answer
    code = answer.get("code", response.status_code)
    if code == Code.BAD_TOKEN:
        logger.error("Sendbird does not take the API token")
    raise Rejected(code, str(answer.get("message", "Sendbird refused")))


def _delay(headers: httpx.Headers) -> float:
    """The seconds that are asked for; one, if they are not said in a way that is a number."""
    told = headers.get("X-RateLimit-RetryAfter") or headers.get("Retry-After") or "1"
    try:
        return max(float(told), 0.0)
    except ValueError:
        return 1.0
