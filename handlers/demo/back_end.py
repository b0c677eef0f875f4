"""The HTTP side of a server, as one of the other systems of the house speaks to it."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from handlers.demo.errors import Away, Unwelcome

_TIMEOUT = 10.0


class BackEnd:
    """Stores and reads. Raises `Away` while nobody answers, and `Unwelcome` for what is refused."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=_TIMEOUT, trust_env=False
        )
        self._url = url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def reach(self) -> None:
        """See whether anybody answers."""
        await self._exchange("GET", "/health/live")

    async def get(self, path: str) -> Any:
        """What stands at *path*."""
        return self._accepted(await self._exchange("GET", path)).json()

    async def post(self, path: str, body: Mapping[str, object]) -> Any:
        """What *body* became, or None if it clashes with what is there."""
        return self._made(await self._exchange("POST", path, body))

    async def upload(self, path: str, name: str, text: str) -> Any:
        """What became of a text file."""
        return self._made(await self._sent("POST", path, files={"file": (name, text.encode(), "text/plain")}))

    async def patch(self, path: str, body: Mapping[str, object]) -> Any:
        """What *body* made of what stands at *path*, or None if it does not go with it."""
        return self._made(await self._exchange("PATCH", path, body))

    async def _exchange(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        return await self._sent(method, path, json=body)

    async def _sent(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            return await self._http.request(method, path, **content)
        except httpx.TransportError as error:
            raise Away(
                f'no server answers at {self._url} ({str(error) or type(error).__name__}); start one with "make run"'
            ) from error

    def _made(self, response: httpx.Response) -> Any:
        return None if response.status_code == httpx.codes.CONFLICT else self._accepted(response).json()

    def _accepted(self, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            return response
        sentence = _refused(response)
        is_temporary = response.is_server_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS
        raise Away(sentence) if is_temporary else Unwelcome(sentence)


def _refused(response: httpx.Response) -> str:
    request = response.request
    hints = {
        401: "; is it the server that uses this WIREPACT_JWT_SECRET?",
        403: "; is it the server that uses this WIREPACT_JWT_SECRET?",
        404: "; is this served here? SERVICE names what is",
    }
    hint = hints.get(response.status_code, "")
    return f"{request.method} {request.url.path} was answered with {response.status_code}: {response.text[:200]}{hint}"
