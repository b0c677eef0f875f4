"""What the SQLite broker keeps on disk: positions, windows, and the results of idempotency keys. Plain calls, one thread.

`synchronous=NORMAL` loses the last transactions when the power fails, and only then. So the file remembers under which
boot of the machine it is written, and whether it was closed: one that was open when the machine went down begins anew, with
new epochs, since offsets that count a second time would tell a client that nothing is missing.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from wirepact.broker import History, Kept, Position, Publication

BOOT = Path("/proc/sys/kernel/random/boot_id")

SCHEMA = """
CREATE TABLE IF NOT EXISTS state (boot TEXT NOT NULL, is_closed INTEGER NOT NULL, version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS topics (
    topic TEXT PRIMARY KEY, epoch TEXT NOT NULL, top INTEGER NOT NULL, streamed INTEGER NOT NULL,
    gone INTEGER NOT NULL, until REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS topics_until ON topics (until);
CREATE TABLE IF NOT EXISTS stream (
    topic TEXT, position INTEGER, number INTEGER NOT NULL, until REAL NOT NULL,
    key TEXT, is_binary INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (topic, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest (
    topic TEXT, name TEXT, position INTEGER NOT NULL, version INTEGER, until REAL NOT NULL,
    key TEXT, is_binary INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (topic, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS latest_position ON latest (topic, position);
CREATE TABLE IF NOT EXISTS results (
    topic TEXT, key TEXT, position TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (topic, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS results_until ON results (until);
"""
VERSION = 1
SWEPT_AT_ONCE = 20

Place = tuple[str, int, int, int]
"""Epoch, top, how many were put in the stream, and up to where some are gone."""


class Store:
    """One file. Every method may raise `sqlite3.Error`; none commits but `open` and `close`."""

    def __init__(
        self, path: Path, *, forget: float, idempotency: float, clock: Callable[[], float], boot: str
    ) -> None:
        self._path = path
        self._forget = forget
        self._idempotency = idempotency
        self._clock = clock
        self._boot = boot
        self._now = 0.0
        self.connection: sqlite3.Connection | None = None

    def open(self) -> sqlite3.Connection:
        """The connection, made if there is none. The file is ours alone: a second process finds it locked."""
        if self.connection is not None:
            return self.connection
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=1)
        try:
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.executescript(SCHEMA)
            self._begin(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
        except BaseException:
            connection.close()
            raise
        self.connection = connection
        return connection

    def close(self) -> None:
        """Write everything to the file, so that it may be opened on another day."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("UPDATE state SET is_closed = 1")
        finally:
            connection.close()

    def top(self, topic: str, epoch: str) -> Position:
        """The position of the last publication; *epoch* and 0 where there was none."""
        place = self._place(topic, epoch)
        self._sql("UPDATE topics SET until = ? WHERE topic = ? AND until < ?", *self._lease(topic, 0))
        return Position(place[0], place[1])

    def publish(self, publication: Publication, epoch: str) -> tuple[Position | None, bool]:
        """Keep *publication* as it asks for: its position, and whether it is to be delivered."""
        topic, once = publication.topic, publication.idempotency_key
        now = self._time()
        if once is not None:
            self._sql("DELETE FROM results WHERE until <= ?", now)
            row = self._sql(
                "SELECT position FROM results WHERE topic = ? AND key = ?", topic, once
            ).fetchone()
            if row is not None:
                return (Position.parse(row[0]) if row[0] else None), False
        position, is_new = self._keep(publication, epoch, now)
        if once is not None:
            text = "" if position is None else str(position)
            self._sql("INSERT INTO results VALUES (?, ?, ?, ?)", topic, once, text, now + self._idempotency)
        return position, is_new

    def recover(self, topic: str, since: Position, limit: int) -> History:
        """What was kept since *since*."""
        row = self._known(topic)
        if row is None:
            return History(Position(since.epoch, 0), is_complete=False)
        epoch, offset, _, gone = row
        top = Position(epoch, offset)
        if since.epoch != epoch or not gone <= since.offset <= offset:
            return History(top, is_complete=False)
        rows = self._sql(
            "SELECT position, until, key, is_binary, payload FROM stream WHERE topic = ?1 AND position > ?2"
            " UNION ALL SELECT position, until, key, is_binary, payload FROM latest WHERE topic = ?1 AND position > ?2"
            " ORDER BY position LIMIT ?3",
            topic,
            since.offset,
            limit + 1,
        ).fetchall()
        now = self._time()
        if len(rows) > limit or any(until <= now for _, until, *_ in rows):
            return History(top, is_complete=False)
        kept = (
            Kept(Position(epoch, at), Publication(topic, payload, bool(is_binary), key=key))
            for at, _, key, is_binary, payload in rows
        )
        return History(top, is_complete=True, kept=tuple(kept))

    def _begin(self, connection: sqlite3.Connection) -> None:
        state = connection.execute("SELECT boot, is_closed, version FROM state").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        if state is None or state[2] != VERSION or not (state[1] or (self._boot and state[0] == self._boot)):
            for table in ("topics", "stream", "latest"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 our own names
        connection.execute("DELETE FROM state")
        connection.execute("INSERT INTO state VALUES (?, 0, ?)", (self._boot, VERSION))
        connection.execute("COMMIT")

    def _sql(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self.open().execute(statement, values)

    def _time(self) -> float:
        """The time, which does not go back while this process lives. Ages outlive it, so it is that of the clock on the wall."""
        self._now = max(self._now, self._clock())
        return self._now

    def _lease(self, topic: str, age: float) -> tuple[float, str, float]:
        until = self._time() + max(self._forget, age)
        return until, topic, until

    def _known(self, topic: str) -> Place | None:
        row: Place | None = self._sql(
            "SELECT epoch, top, streamed, gone FROM topics WHERE topic = ?", topic
        ).fetchone()
        return row

    def _place(self, topic: str, epoch: str) -> Place:
        place = self._known(topic)
        if place is None:
            self._sweep()
            place = epoch, 0, 0, 0
            self._sql("INSERT INTO topics VALUES (?, ?, 0, 0, 0, ?)", topic, epoch, self._lease(topic, 0)[0])
        return place

    def _sweep(self) -> None:
        rows = self._sql("SELECT topic FROM topics WHERE until <= ? LIMIT ?", self._time(), SWEPT_AT_ONCE)
        for (topic,) in rows.fetchall():
            for table in ("topics", "stream", "latest"):
                self._sql(f"DELETE FROM {table} WHERE topic = ?", topic)  # noqa: S608 our own names

    def _keep(self, publication: Publication, epoch: str, now: float) -> tuple[Position | None, bool]:
        topic, keep = publication.topic, publication.keep
        if keep is None:
            return None, True
        epoch, top, streamed, gone = self._place(topic, epoch)
        if keep.mode == "latest" and (stands := self._standing(publication, now)) is not None:
            return Position(epoch, stands), False
        top += 1
        values = publication.key, publication.is_binary, publication.payload
        if keep.mode == "latest":
            self._sql(
                "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                topic, _name(publication), top, publication.version, now + keep.age, *values,
            )  # fmt: skip
            gone = max([gone, *self._expired_latest(topic, now)])
        else:
            streamed += 1
            self._sql(
                "INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?)",
                topic,
                top,
                streamed,
                now + keep.age,
                *values,
            )
            gone = max([gone, *self._trimmed_stream(topic, streamed - keep.size, now)])
        self._sql(
            "UPDATE topics SET top = ?, streamed = ?, gone = ?, until = max(until, ?) WHERE topic = ?",
            top, streamed, gone, self._lease(topic, keep.age)[0], topic,
        )  # fmt: skip
        return Position(epoch, top), True

    def _standing(self, publication: Publication, now: float) -> int | None:
        if publication.version is None:
            return None
        row = self._sql(
            "SELECT position FROM latest WHERE topic = ? AND name = ? AND version >= ? AND until > ?",
            publication.topic, _name(publication), publication.version, now,
        ).fetchone()  # fmt: skip
        return None if row is None else int(row[0])

    def _trimmed_stream(self, topic: str, over: int, now: float) -> Iterator[int]:
        """Let go of the oldest: those up to the number *over*, and those that have expired."""
        oldest = "SELECT position, number, until FROM stream WHERE topic = ? ORDER BY position LIMIT 1"
        while (row := self._sql(oldest, topic).fetchone()) and (row[1] <= over or row[2] <= now):
            self._sql("DELETE FROM stream WHERE topic = ? AND position = ?", topic, row[0])
            yield row[0]

    def _expired_latest(self, topic: str, now: float) -> Iterator[int]:
        oldest = "SELECT position, until FROM latest WHERE topic = ? ORDER BY position LIMIT 1"
        while (row := self._sql(oldest, topic).fetchone()) and row[1] <= now:
            self._sql("DELETE FROM latest WHERE topic = ? AND position = ?", topic, row[0])
            yield row[0]


def _name(publication: Publication) -> str:
    """The key, with a sign before it, since no key is a key too."""
    return "" if publication.key is None else "=" + publication.key


def this_boot() -> str:
    """What changes when the machine is started again, empty where nothing says so."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""
