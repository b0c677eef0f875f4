"""The broker that `WIREPACT_BROKER` names, made from settings: `memory://`, `sqlite://…` or `redis://…`.

Brokers that are not shared serve one process. `AloneBroker` sees to that on one machine, however the processes were
started: the second one that begins says why and ends, instead of losing what the first one publishes.
"""

from pathlib import Path

from wirepact.alone import Occupied, ProcessLock
from wirepact.broker import Broker
from wirepact.broker_memory import MemoryBroker
from wirepact.broker_sqlite import SqliteBroker
from wirepact.control import Control, DistantBroker
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
            return _AloneMemory(_here(settings, kind, rest))
        case "sqlite":
            return _AloneSqlite(_here(settings, kind, rest))
        case _:
            return _redis(url, settings)


def reach(settings: Settings) -> Broker:
    """The same broker for a process that serves no connections: to publish, to tell nodes, to ask for the roster.

    One that is not shared is reached through its process, on this machine. Raises `Misconfigured`.
    """
    url = settings.broker.get_secret_value()
    kind, _, rest = url.partition("://")
    if kind in {"memory", "sqlite"}:
        return DistantBroker(_control_of(_here(settings, kind, rest)))
    return _redis(url, settings)


class _AloneMemory(MemoryBroker):
    """The broker in memory of the only process that uses this state directory."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._alone = _Alone(path, self, "in memory")

    async def _started(self) -> None:
        await self._alone.begin()
        await super()._started()

    async def _stopped(self) -> None:
        await super()._stopped()
        await self._alone.end()


class _AloneSqlite(SqliteBroker):
    """The broker on SQLite of the only process that uses this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._alone = _Alone(path, self, "on SQLite")

    async def _started(self) -> None:
        await self._alone.begin()
        await super()._started()

    async def _stopped(self) -> None:
        await super()._stopped()
        await self._alone.end()


class _Alone:
    """What the only process that may use *broker* holds and offers while it does: a lock, and the way in for commands."""

    def __init__(self, path: Path, broker: Broker, where: str) -> None:
        self._where = where
        self._lock = ProcessLock(path.with_name(f"{path.name}.lock"))
        self._control = Control(_control_of(path), broker)

    async def begin(self) -> None:
        """Hold the lock and listen. Raises `Misconfigured` if another process holds it."""
        try:
            self._lock.acquire()
        except Occupied as held:
            problem = f"a broker {self._where} {ALONE}, and {held}; name a Redis"
            raise Misconfigured(SETTING, problem) from None
        except OSError as error:
            raise Misconfigured(SETTING, f"{error.filename} can't be made: {error.strerror}") from None
        await self._control.start()

    async def end(self) -> None:
        """Listen no longer, and let go."""
        await self._control.stop()
        self._lock.release()


def _here(settings: Settings, kind: str, rest: str) -> Path:
    """The file of a broker that is not shared; one in memory has none, but is called after it."""
    return Path(rest.removeprefix("/")) if rest else settings.state_dir / f"broker.{kind}"


def _control_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sock")


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
