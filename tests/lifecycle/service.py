"""The application behind the network: started, stopped and spoken to as scenarios say."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.application import KEY, OTHER_KEY
from generated.spc import messages
from generated.spc.publisher import SpcPublisher
from handlers.app import create_app
from lifecycle.scenario import Given, Token, each_of
from sites import until
from wirepact.auth import mint_token
from wirepact.server import App
from wirepact.testing import serving

USER = "ann"
NOON = datetime(2026, 1, 1, 12)  # noqa: DTZ001  the factory's wall clock has no zone


class Service:
    """One server at a time, with what those before it have kept in *folder*. Pages of *origin* may connect."""

    def __init__(self, given: Given, folder: Path, origin: str) -> None:
        self._given = given
        self._settings = {
            "WIREPACT_ENV": "production",
            "WIREPACT_JWT_SECRET": KEY,
            "WIREPACT_JWT_LEEWAY": "0",
            "WIREPACT_STATE_DIR": str(folder),
            "WIREPACT_ORIGINS": origin,
            "WIREPACT_BROKER": f"{given.broker}://",
            "SERVICE": given.channel.partition(".")[0],
            **given.settings,
        }
        self._running = AsyncExitStack()
        self._app: App | None = None
        self.url = "ws://127.0.0.1:1"

    async def change(self, what: str) -> None:
        """Have become of it *what* the scenario says."""
        match what:
            case "starts":
                await self._start()
            case "stops":
                await self.stop()
            case "restarts":
                await self.stop()
                await self._start()
            case "drains":
                await self._there.node.drain()
            case "kicks the user":
                await self._there.node.kick(USER)
            case "has given up on somebody":
                await until(lambda: self._there.node.metrics.codes["4480"] > 0)

    async def stop(self) -> None:
        self._app = None
        await self._running.aclose()

    async def publish(self, what: str) -> None:
        """`alert one` is an alert with that title, `long alert 1..3` are three that take their time."""
        kind, _, said = what.rpartition(" ")
        publisher = SpcPublisher(self._there.node.broker)
        for title in each_of(said):
            await asyncio.sleep(0)  # each is written by itself, as if it came from a handler of its own
            await publisher.alert(_alert(title, "x" * 60_000 if kind == "long alert" else ""))

    async def _start(self) -> None:
        with self._environment():
            self._app = create_app()
        url = await self._running.enter_async_context(serving(self._app))
        self.url = url.replace("http", "ws")

    @contextmanager
    def _environment(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._settings.items():
                patch.setenv(name, value)
            yield

    @property
    def _there(self) -> App:
        assert self._app is not None, "the server does not run"
        return self._app


def token(name: Token) -> dict[str, str]:
    """What a program's token function does that is called so in scenarios."""
    match name:
        case "good":
            return {"token": mint_token(KEY, USER)}
        case "expired":
            return {"token": mint_token(KEY, USER, now=datetime.now(UTC) - timedelta(hours=2))}
        case "forged":
            return {"token": mint_token(OTHER_KEY, USER)}
        case "short":
            return {"token": mint_token(KEY, USER, ttl=timedelta(seconds=4))}
    return {"does": name}


def _alert(title: str, text: str) -> messages.Alert:
    alert = messages.QualityAlert(
        id=1,
        product_code="BOLT-M10",
        product_name="M10",
        alert_type="OUT_OF_SPEC",
        priority=3,
        title=title,
        message=text,
        status="OPEN",
        created_at=NOON,
    )
    return messages.Alert(alert=alert, timestamp=NOON)
