"""The broker that `WIREPACT_BROKER` names, made from settings: `memory://`, `sqlite://…` or `redis://…`.

Brokers that are not shared serve one process. `AloneBroker` sees to that on one machine, however the processes were
started: the second one that begins says why and ends, instead of losing what the first one publishes.
"""

from pathlib import Path

from wirepact.alone import Occupied, ProcessLock
from wirepact.broker import Broker
from wirepact.broker_memory import MemoryBroker
from wirepact.broker_sqlite import SqliteBroker
from wirepact.errors import Misconfigured
from wirepact.settings import PREFIX, Settings

SETTING = f"{PREFIX}BROKER"
ALONE = "serves one process: what one publishes, clients of another never hear"


def broker_of(settings: Settings) -> Broker:
    """The broker that *settings* name. Raises `Misconfigured`."""
    url = settings.broker.get_secret_value()
    kind, _, rest = url.partition("://")
    match kind:
        case "memory":
            return _AloneMemory(settings.state_dir / "broker.lock")
        case "sqlite":
            path = Path(rest.removeprefix("/")) if rest else settings.state_dir / "broker.sqlite"
            return _AloneSqlite(path)
        case _:
            return _redis(url, settings)


class _AloneMemory(MemoryBroker):
    """The broker in memory of the only process that uses this state directory."""

    def __init__(self, lock: Path) -> None:
        super().__init__()
        self._lock = ProcessLock(lock)

    async def _started(self) -> None:
        _hold(self._lock, "in memory")
        await super()._started()

    async def _stopped(self) -> None:
        await super()._stopped()
        self._lock.release()


class _AloneSqlite(SqliteBroker):
    """The broker on SQLite of the only process that uses this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._lock = ProcessLock(path.with_name(f"{path.name}.lock"))

    async def _started(self) -> None:
        _hold(self._lock, "on SQLite")
        await super()._started()

    async def _stopped(self) -> None:
        await super()._stopped()
        self._lock.release()


def _hold(lock: ProcessLock, where: str) -> None:
    try:
        lock.acquire()
    except Occupied as held:
        raise Misconfigured(SETTING, f"a broker {where} {ALONE}, and {held}; name a Redis") from None
    except OSError as error:
        raise Misconfigured(SETTING, f"{error.filename} can't be made: {error.strerror}") from None


def _redis(url: str, settings: Settings) -> Broker:
    try:
        from wirepact.broker_redis import RedisBroker, RedisOptions  # noqa: PLC0415 an extra that few need
    except ModuleNotFoundError as error:
        if error.name != "redis":
            raise
        raise Misconfigured(SETTING, 'needs "redis": pip install "wirepact[redis]"') from None
    secret = settings.nodes_key().encode()
    try:
        return RedisBroker(url, RedisOptions(prefix=settings.broker_prefix, secret=secret))
    except ValueError as error:
        raise Misconfigured(SETTING, str(error)) from None
