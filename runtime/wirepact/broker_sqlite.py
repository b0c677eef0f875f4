"""The broker of a single process whose history survives a restart, in a SQLite file.

Publications go straight to the node, as with `MemoryBroker`; what is kept is written first. One thread writes, and takes all
that waits for it into one transaction, so that many publications share its price. What is not kept needs no disk: it is delivered
whatever the disk does, in its place behind what was published to its topic before.

A disk that is full or can't be written makes publishing what is to be kept raise `Unavailable`, and nothing of it is delivered.
"""

import asyncio
import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

from wirepact.broker import Broker, Health, History, Position, Publication, new_epoch
from wirepact.errors import Unavailable
from wirepact.history_sqlite import Store, this_boot
from wirepact.nodes import NodeMessage
from wirepact.presence_memory import MemoryPresence
from wirepact.tallies_memory import MemoryTallies

logger = logging.getLogger("wirepact.broker")

GROUP = 500
"""How many jobs share one transaction at most."""


Work: TypeAlias = Callable[[Store], Any]
Then: TypeAlias = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do with the file; then something to do in the event loop, in the order of the jobs.

    Without `work` it has only to wait its turn. `finally_` is done whether the work went well or not, before `then`.
    """

    work: Work | None
    then: Then
    future: asyncio.Future[Any]
    is_reading: bool = False
    finally_: Callable[[], object] | None = None


Outcome: TypeAlias = tuple[_Job, Any, Unavailable | None]


class SqliteBroker(Broker):
    """Carries publications within one process, and keeps what is to be kept in the file at *path*."""

    is_shared = False

    def __init__(
        self,
        path: Path,
        *,
        idempotency: float = 300.0,
        forget: float = 30 * 86_400.0,
        clock: Callable[[], float] = time.time,
        boot: str | None = None,
    ) -> None:
        super().__init__(MemoryPresence(), MemoryTallies())
        boot = this_boot() if boot is None else boot
        self._store = Store(path, forget=forget, idempotency=idempotency, clock=clock, boot=boot)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_stopped = False
        self._is_well = True
        self._topics: Counter[str] = Counter()
        self._tops: dict[str, Position] = {}
        """Of the topics that are subscribed: what was delivered last."""
        self._busy: Counter[str] = Counter()
        """How many publications to a topic are being written."""

    async def subscribe(self, topic: str) -> Position:
        """See `Broker`. Goes without the disk too: nothing that was before can be recovered then."""
        epoch = new_epoch()
        future = self._future()
        job = _Job(
            lambda store: store.top(topic, epoch), lambda top: self._listen(future, topic, top), future
        )
        try:
            top: Position = await self._done(job)
        except Unavailable:
            top = self._tops.get(topic) or Position(epoch, 0)
            self._listen(future, topic, top)
        return top

    async def unsubscribe(self, topic: str) -> None:
        """See `Broker`."""
        if self._topics[topic] > 1:
            self._topics[topic] -= 1
        else:
            del self._topics[topic]
            self._tops.pop(topic, None)

    async def publish(self, publication: Publication) -> Position | None:
        """See `Broker`."""
        topic = publication.topic
        if publication.keep is None and publication.idempotency_key is None:
            if topic in self._busy:
                await self._done(_Job(None, lambda _: self._hand(publication, None), self._future()))
            else:
                self._hand(publication, None)
            return None
        epoch = new_epoch()
        job = _Job(
            lambda store: store.publish(publication, epoch),
            lambda result: self._published(publication, *result),
            self._future(),
            finally_=lambda: self._written(topic),
        )
        self._busy[topic] += 1
        position: Position | None
        position, _ = await self._done(job)
        return position

    async def recover(self, topic: str, since: Position, limit: int = 300) -> History:
        """See `Broker`."""
        job = _Job(
            lambda store: store.recover(topic, since, limit), lambda _: None, self._future(), is_reading=True
        )
        history: History = await self._done(job)
        return history

    async def tell(self, message: NodeMessage) -> None:
        """See `Broker`."""
        self._told(message)

    def health(self) -> Health:
        """See `Broker`: connected is whose disk took what was written last."""
        return Health(self._is_well, is_deaf=False, silence=0, lag=None)

    async def _started(self) -> None:
        self._is_stopped = False

    async def _stopped(self) -> None:
        self._is_stopped = True
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(thread.join)
        self._topics.clear()
        self._tops.clear()

    # In the event loop.

    def _future(self) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().create_future()

    def _done(self, job: _Job) -> asyncio.Future[Any]:
        if self._is_stopped:
            if job.finally_ is not None:
                job.finally_()
            raise Unavailable("the history", "the broker was stopped")
        if self._thread is None:
            loop = asyncio.get_running_loop()
            self._thread = threading.Thread(
                target=self._write, args=(loop,), name="wirepact-history", daemon=True
            )
            self._thread.start()
        self._jobs.put(job)
        return job.future

    def _finish(self, outcomes: Sequence[Outcome]) -> None:
        for job, result, error in outcomes:
            if job.finally_ is not None:
                job.finally_()
            if error is None:
                job.then(result)
            if job.work is not None and not job.is_reading:
                self._is_well = error is None
            if job.future.done():
                continue
            if error is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(error)

    def _listen(self, future: asyncio.Future[Any], topic: str, top: Position) -> None:
        if not future.cancelled():
            self._topics[topic] += 1
            self._tops[topic] = top

    def _written(self, topic: str) -> None:
        self._busy[topic] -= 1
        if not self._busy[topic]:
            del self._busy[topic]

    def _published(self, publication: Publication, position: Position | None, is_new: bool) -> None:
        if is_new:
            self._hand(publication, position)

    def _hand(self, publication: Publication, position: Position | None) -> None:
        topic = publication.topic
        if topic not in self._topics:
            return
        if position is not None:
            if position.epoch != self._tops[topic].epoch:
                self.counts["lost"] += 1
                self._lost(topic, Position(position.epoch, position.offset - 1))
            self._tops[topic] = position
        self._deliver(publication, position)

    # In the thread.

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        is_open = True
        while is_open:
            group = [self._jobs.get()]
            while group[-1] is not None and len(group) < GROUP:
                try:
                    group.append(self._jobs.get_nowait())
                except Empty:
                    break
            is_open = group[-1] is not None
            jobs = [job for job in group if job is not None]
            for is_reading, run in groupby(jobs, lambda job: job.is_reading):
                some = list(run)
                outcomes = [self._read(job) for job in some] if is_reading else self._together(some)
                loop.call_soon_threadsafe(self._finish, outcomes)
        try:
            self._store.close()
        except sqlite3.Error:
            logger.exception("the history could not be closed")

    def _read(self, job: _Job) -> Outcome:
        try:
            return job, job.work(self._store) if job.work else None, None
        except Exception as error:  # noqa: BLE001 whatever it is, the thread goes on
            return job, None, Unavailable("the history", str(error))

    def _together(self, jobs: Sequence[_Job]) -> list[Outcome]:
        """Do them in one transaction, or each in its own if that fails: only those that can't be done fail then."""
        try:
            return self._in_one_transaction(jobs)
        except Exception as error:  # noqa: BLE001 whatever it is, the thread goes on
            if len(jobs) > 1:
                return [outcome for job in jobs for outcome in self._together([job])]
            logger.warning("the history can't be written", extra={"fields": {"error": str(error)}})
            return [(jobs[0], None, Unavailable("the history", str(error)))]

    def _in_one_transaction(self, jobs: Sequence[_Job]) -> list[Outcome]:
        if all(job.work is None for job in jobs):
            return [(job, None, None) for job in jobs]
        connection = self._store.open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes: list[Outcome] = [
                (job, job.work(self._store) if job.work else None, None) for job in jobs
            ]
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return outcomes
