"""The real application, on a port of its own, with an empty database of its own."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.conversation import identities
from handlers.app import SERVICES, create_app, databases
from handlers.schema import upgrade
from wirepact.auth import mint_token
from wirepact.server import App
from wirepact.testing import serving

KEY = "the key that the contract tests sign with"
OTHER_KEY = "a key that the application has never seen"


@dataclass(frozen=True)
class Application:
    """Where it is, how to stop it, and the tokens of those who may be named in a conversation of a service."""

    url: str
    stop: Callable[[], None]

    @staticmethod
    def tokens(service: str) -> Mapping[str, str]:
        long_ago = datetime.now(UTC) - timedelta(hours=1, minutes=1)
        return {
            **{who: mint_token(KEY, **claims) for who, claims in identities(service).items()},
            "forged": mint_token(OTHER_KEY, "user-1"),
            "expired": mint_token(KEY, "user-1", now=long_ago),
        }


def created(state: Path) -> App:
    """What `create_app` makes of an environment as in production, with everything that it keeps below *state*."""
    with environment(state):
        return create_app()


@contextmanager
def environment(state: Path, database: str | None = None) -> Iterator[None]:
    """What is set for the application while the block lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(state)
        for name, value in variables(state, database).items():
            patch.setenv(name, value)
        yield


def variables(state: Path, database: str | None = None) -> dict[str, str]:
    """As in production, with everything that it keeps below *state*, or its records in *database*."""
    records = {} if database is None else {each.schema.setting: database for each in SERVICES.values()}
    return records | {
        "WIREPACT_ENV": "production",
        "WIREPACT_JWT_SECRET": KEY,
        "WIREPACT_STATE_DIR": str(state),
        "ROBODINE_POLL_INTERVAL": "3600",
        "ROBODINE_PING_INTERVAL": "36000",
        "CLINIC_PRESENCE_GRACE": "0",
    }


@contextmanager
def served(state: Path, database: str | None = None) -> Iterator[Application]:
    """Serves it from a thread, since the tests wait in loops of their own, while the block lasts."""
    url: Future[str] = Future()
    stop = threading.Event()
    with environment(state, database), ThreadPoolExecutor() as elsewhere:  # an upgrade runs a loop of its own
        app = create_app()
        for schema, place in databases():
            elsewhere.submit(upgrade, schema, place).result()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(app, url, stop)))
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    try:
        yield Application(url.result(timeout=30), end)
    finally:
        end()


async def _serve(app: App, url: Future[str], stop: threading.Event) -> None:
    try:
        async with serving(app) as address:
            url.set_result(address)
            await asyncio.to_thread(stop.wait)
    except RuntimeError as error:
        url.set_exception(error)
