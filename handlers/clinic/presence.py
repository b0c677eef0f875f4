"""Who is online, over tabs, browsers and processes, and since when others are not.

Connections are counted by the node, with those of all other nodes. Here what follows is kept and told, and made good where a
process ended between the two: a look, every half a minute and at the start, compares what is kept with who is there.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from generated.clinic import channels, messages
from handlers.clinic import translation
from handlers.clinic.domain import Person, newcomer
from handlers.clinic.notices import Notices
from handlers.clinic.storage import Store
from wirepact.descriptors import Key
from wirepact.errors import Unavailable
from wirepact.presence import PAGE, Member
from wirepact.server import Attendances

logger = logging.getLogger(__name__)

INTERVAL: Final = 30.0
"""Seconds between two looks."""

RETRY: Final = 1.0
"""The same where the broker was out of reach."""

LEFT: Final = 100
"""How many of those who are gone a snapshot has."""


class Presence:
    """Keeps and tells who is online. *grace* is for how long somebody who has closed everything still is."""

    def __init__(
        self,
        store: Store,
        notices: Notices,
        there: Attendances,
        grace: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._notices = notices
        self._there = there
        self._grace = grace
        self._now = now
        self._untold: dict[str, Person] = {}
        """Those of whom nobody could be told yet."""

    async def came(self, _: Mapping[str, Key], user: Member) -> None:
        """Somebody was not there before."""
        await self._settle(user)

    async def gone(self, _: Mapping[str, Key], user: Member) -> None:
        """Somebody is there no longer."""
        await self._settle(user, self._now() - self._grace)

    async def snapshot(self) -> messages.PresenceSnapshot:
        """Who is online, and who was here last."""
        online, offline = await self._store.people(LEFT)
        return translation.presence_snapshot(online, offline)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """It is looked at while the block lasts."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def look(self) -> None:
        """Compare what is kept with who is there, and tell where it differs. Raises `Unavailable`."""
        for person in list(self._untold.values()):
            await self._tell(person)
        here = {each.user: each async for each in self._members()}
        await self._store.seen(here, self._now())
        online, _ = await self._store.people(0)
        kept = {each.user_id: Member(each.user_id, each.name) for each in online}
        for user in sorted(here.keys() ^ kept.keys()):
            await self._settle(here.get(user) or kept[user])

    async def _settle(self, user: Member, last_seen: datetime | None = None) -> None:
        """Keep and tell whether *user* is there now, if that is news.

        What is kept is read before it is asked who is there, and replaced only if it is the same by then: whoever keeps
        something last has asked last.
        """
        while True:
            before = await self._store.person(user.user)
            person = await self._now_seen(before, user, last_seen)
            if person is None:
                return
            if await self._store.replace_person(before, person):
                await self._tell(person)
                return

    async def _now_seen(
        self, before: Person | None, user: Member, last_seen: datetime | None
    ) -> Person | None:
        is_there = await self._there.has(channels.PRESENCE, user.user)
        if before is None:
            return newcomer(user.user, user.info, self._now()) if is_there else None
        if is_there:
            return before.arrived(user.info, self._now())
        return before.departed(self._now(), last_seen)

    async def _tell(self, person: Person) -> None:
        self._untold[person.user_id] = person
        await self._notices.person_settled(person)
        if self._untold.get(person.user_id) is person:
            del self._untold[person.user_id]

    async def _members(self) -> AsyncIterator[Member]:
        after = ""
        while page := await self._there.members(channels.PRESENCE, after=after):
            for each in page:
                yield each
            if len(page) < PAGE:
                return
            after = page[-1].user

    async def _keep(self) -> None:
        while True:
            try:
                await self.look()
                await asyncio.sleep(INTERVAL)
            except Unavailable as error:
                logger.info("who is online can't be looked at", extra={"fields": {"error": str(error)}})
                await asyncio.sleep(RETRY)
            except Exception:
                logger.exception("who is online could not be kept")
                await asyncio.sleep(INTERVAL)
