"""Who is told what of something that was stored, and that it was told.

A feed is answered when those concerned were told. If they can't be, it is told so, and what was stored is told when it says the same
again: to everybody once, since the broker knows by its key what it has taken in already.
"""

from generated.clinic import channels
from generated.clinic.publisher import ClinicPublisher
from handlers.clinic import translation
from handlers.clinic.domain import (
    Feed,
    JobState,
    Order,
    PermissionChange,
    Person,
)
from handlers.clinic.storage import Kept, Store


class Notices:
    """Tells what is news. Raises `Unavailable` where the broker is out of reach."""

    def __init__(self, publisher: ClinicPublisher, store: Store) -> None:
        self._publisher = publisher
        self._store = store

    async def job_kept(self, kept: Kept[JobState]) -> None:
        """To everybody."""
        if kept.is_told:
            return
        state = kept.said
        once = f"{state.job_id} {state.status.value} {state.at.isoformat()}"
        news = translation.job_news(state)
        await self._publisher.publish(channels.AI_INFERENCE_RESULT, news, idempotency_key=once)
        await self._store.job_state_told(kept.id)

    async def change_kept(self, feed: Feed, kept: Kept[PermissionChange]) -> None:
        """To everybody, or to the user concerned."""
        if kept.is_told:
            return
        change = kept.said
        once = f"{change.event_id} {change.at.isoformat()}"
        news = translation.permission_news(change)
        if feed is Feed.EVERYBODY:
            await self._publisher.publish(channels.PERMISSION_CHANGED, news, idempotency_key=once)
        else:
            await self._publisher.publish(
                channels.OWN_PERMISSION_CHANGED, news, user=change.user_id, idempotency_key=once
            )
        await self._store.change_told(kept.id)

    async def order_kept(self, order: Order) -> None:
        """To those who see the orders of its department."""
        if order.is_told:
            return
        once = f"{order.id} {order.revision} {order.updated_at.isoformat()}"
        news = translation.order_news(order)
        await self._publisher.publish(channels.ORDER_CHANGED, news, idempotency_key=once)
        await self._store.order_told(order)

    async def person_settled(self, person: Person) -> None:
        """To all who see who is there; what is older than what they were told is not told any more."""
        news = translation.presence_news(person)
        await self._publisher.publish(channels.PRESENCE_CHANGED, news, version=person.revision)
