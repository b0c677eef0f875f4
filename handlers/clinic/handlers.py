"""Clinic's handlers: from messages to the store and back, and after the commit to those who are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from typing_extensions import override

from generated.clinic import messages
from generated.clinic.server import ClinicHandlers, OcsPeer, PresencePeer
from handlers.clinic import translation
from handlers.clinic.domain import (
    EVERY_DEPARTMENT,
    ClinicError,
    Feed,
    NoDepartment,
    NoWayBack,
    OrderStatus,
    OtherOrder,
    UnknownJob,
    UnknownOrder,
    departments,
    possible_job_id,
    possible_order_id,
)
from handlers.clinic.notices import Notices
from handlers.clinic.presence import Presence
from handlers.clinic.storage import Store
from wirepact.auth import Identity
from wirepact.errors import Conflict, NotFound, PermissionDenied, Refusal
from wirepact.server import Caller, Filter, Visitor

_REFUSALS: Final[dict[type[ClinicError], type[Refusal]]] = {
    UnknownOrder: NotFound,
    UnknownJob: NotFound,
    OtherOrder: Conflict,
    NoWayBack: Conflict,
    NoDepartment: PermissionDenied,
}


class Clinic(ClinicHandlers):
    """Translates; decides nothing."""

    def __init__(
        self, store: Store, notices: Notices, presence: Presence, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._notices = notices
        self._presence = presence
        self._now = now

    @override
    async def admit_permissions(self, visitor: Visitor) -> None:
        """Everyone who is signed in."""

    @override
    async def admit_user_permissions(self, visitor: Visitor) -> None:
        """Everyone who is signed in."""

    @override
    async def admit_presence(self, visitor: Visitor) -> None:
        """Everyone who is signed in."""

    @override
    async def admit_ai_inference(self, visitor: Visitor) -> None:
        """Everyone who is signed in."""

    @override
    async def admit_ocs(self, visitor: Visitor) -> None:
        """Whose token names departments."""
        _departments(visitor.identity)

    @override
    async def tell_presence(self, peer: PresencePeer) -> messages.PresenceSnapshot:
        """As it was before this one."""
        return await self._presence.snapshot()

    @override
    async def tell_orders(self, peer: OcsPeer) -> messages.OcsSnapshot:
        """Those of the departments that the peer may see."""
        orders = await self._store.open_orders(_departments(peer.identity))
        return translation.ocs_snapshot(orders)

    async def orders_of(self, visitor: Visitor) -> Filter | None:
        """Of what is told of orders, what somebody is to hear; `None` is everything."""
        allowed = _departments(visitor.identity)
        if EVERY_DEPARTMENT in allowed:
            return None
        return lambda message: translation.department(message) in allowed

    @override
    async def tell_permissions(self, caller: Caller, body: messages.PermissionEvent) -> messages.Taken:
        """Keep it and tell everybody."""
        return await self._permission_changed(Feed.EVERYBODY, body)

    @override
    async def tell_user_permissions(self, caller: Caller, body: messages.PermissionEvent) -> messages.Taken:
        """Keep it and tell the user."""
        return await self._permission_changed(Feed.USER, body)

    @override
    async def create_order(self, caller: Caller, body: messages.NewOrder) -> messages.StoredOrder:
        """Keep it and tell its department."""
        with _refusing():
            order = await self._store.add_order(translation.new_order(body), self._now())
        await self._notices.order_kept(order)
        return translation.order(order, messages.StoredOrder)

    @override
    async def change_order(
        self, caller: Caller, id_: str, body: messages.OrderChange
    ) -> messages.ChangedOrder:
        """Keep it and tell its department."""
        with _refusing():
            order = await self._store.change_order(
                possible_order_id(id_), OrderStatus(body.status), self._now()
            )
        await self._notices.order_kept(order)
        return translation.order(order, messages.ChangedOrder)

    @override
    async def ai_callback(self, caller: Caller, body: messages.AiJobState) -> messages.Taken:
        """Keep it and tell everybody, unless that was done."""
        kept = await self._store.keep_job_state(translation.job_state(body, self._now()))
        await self._notices.job_kept(kept)
        return messages.Taken(ok=True)

    @override
    async def get_ai_job(self, caller: Caller, job_id: str) -> messages.AiJob:
        """What was said of it last."""
        with _refusing():
            return translation.ai_job(await self._store.job(possible_job_id(job_id)))

    async def _permission_changed(self, feed: Feed, body: messages.PermissionEvent) -> messages.Taken:
        kept = await self._store.keep_change(feed, translation.permission_change(body, self._now()))
        await self._notices.change_kept(feed, kept)
        return messages.Taken(ok=True)


def _departments(identity: Identity | None) -> frozenset[str]:
    with _refusing():
        return departments({} if identity is None else identity.claims)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the domain refuses in the runtime's words."""
    try:
        yield
    except ClinicError as error:
        raise _REFUSALS[type(error)](str(error)) from error
