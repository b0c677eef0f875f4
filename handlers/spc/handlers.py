"""SPC's handlers: from messages to the store and back, and after the commit to those who are told."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from pydantic import MISSING
from typing_extensions import override

from generated.spc import messages
from generated.spc.server import NotificationsPeer, ProductPeer, SpcHandlers
from handlers.spc import translation
from handlers.spc.clock import Clock
from handlers.spc.domain import (
    Access,
    Hearing,
    InvalidPeriod,
    InvalidSpecification,
    InvalidUser,
    NotAnalyzable,
    NotVisible,
    SpcError,
    SubgroupFull,
    Taken,
    UnknownProduct,
)
from handlers.spc.hearing import filter_for
from handlers.spc.relay import Relay
from handlers.spc.rules import Rules
from handlers.spc.statistics import Statistics
from handlers.spc.storage import AlertFilter, Store
from wirepact.auth import Identity
from wirepact.errors import (
    Conflict,
    InvalidPayload,
    NotFound,
    OutOfReach,
    PermissionDenied,
    Refusal,
    Unauthorized,
    Unavailable,
)
from wirepact.server import Caller, Visitor

Recheck: TypeAlias = Callable[[str], Awaitable[None]]
"""Lets everyone find out again what a user may see and hear."""

_REFUSALS: Final[dict[type[SpcError], type[Refusal]]] = {
    UnknownProduct: NotFound,
    InvalidPeriod: InvalidPayload,
    InvalidSpecification: InvalidPayload,
    InvalidUser: InvalidPayload,
    NotVisible: PermissionDenied,
    Taken: Conflict,
    SubgroupFull: Conflict,
    NotAnalyzable: Conflict,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept, and asked for here."""

    store: Store
    rules: Rules
    statistics: Statistics


class Spc(SpcHandlers):
    """Translates; decides nothing."""

    def __init__(self, kept: Kept, relay: Relay, clock: Clock, recheck: Recheck) -> None:
        self._store = kept.store
        self._rules = kept.rules
        self._statistics = kept.statistics
        self._relay = relay
        self._clock = clock
        self._recheck = recheck

    @override
    async def admit_notifications(self, visitor: Visitor) -> None:
        """Everyone who got this far."""

    @override
    async def admit_product(self, visitor: Visitor, id_: int) -> None:
        """Everyone who may see the product, if there is one."""
        with _refusing():
            await self._rules.check_visible(_name(visitor.identity), id_)

    @override
    async def greet(self, peer: NotificationsPeer) -> messages.Connection:
        """Say that the connection is up."""
        return self._greeting()

    @override
    async def greet_product(self, peer: ProductPeer) -> messages.Connection:
        """Say that the connection is up."""
        return self._greeting()

    @override
    async def subscribe_product(self, peer: NotificationsPeer, message: messages.SubscribeProduct) -> None:
        """Let the peer join the product's group."""
        with _refusing():
            await self._rules.check_visible(_name(peer.identity), message.product_id)
        await peer.join_product(message.product_id)

    @override
    async def unsubscribe_product(
        self, peer: NotificationsPeer, message: messages.UnsubscribeProduct
    ) -> None:
        """Let the peer leave the product's group."""
        await peer.leave_product(message.product_id)

    @override
    async def get_alerts(
        self,
        peer: NotificationsPeer,
        message: messages.GetAlerts,
    ) -> messages.Alerts:
        """The most recent alerts of all products that the peer's user may see."""
        return await self._alerts(AlertFilter(user=_name(peer.identity)), message)

    @override
    async def get_product_alerts(self, peer: ProductPeer, message: messages.GetAlerts) -> messages.Alerts:
        """The most recent alerts of the product."""
        wanted = AlertFilter(user=_name(peer.identity), product_id=peer.id_)
        return await self._alerts(wanted, message)

    @override
    async def filter_alerts(
        self, peer: NotificationsPeer, message: messages.FilterAlerts
    ) -> messages.AlertFilter:
        """Let the more urgent ones through."""
        return await self._filter(peer, message)

    @override
    async def filter_product_alerts(
        self, peer: ProductPeer, message: messages.FilterAlerts
    ) -> messages.AlertFilter:
        """Let the more urgent ones through."""
        return await self._filter(peer, message)

    @override
    async def create_product(self, caller: Caller, body: messages.NewProduct) -> messages.Created:
        """Put a product under control."""
        with _refusing():
            product = await self._store.add_product(translation.new_product(body))
        return messages.Created(id=product.id)

    @override
    async def list_products(self, caller: Caller, query: messages.ListProductsQuery) -> messages.ProductPage:
        """Products by id."""
        after = 0 if query.after is MISSING else query.after
        page = await self._store.products(_name(caller.identity), after, query.limit)
        return messages.ProductPage(
            products=[translation.product(each) for each in page.records],
            next=MISSING if page.next is None else page.next,
        )

    @override
    async def create_measurement(self, caller: Caller, body: messages.NewMeasurement) -> messages.Created:
        """Store a value and tell what it sets off."""
        with _refusing():
            measurement = await self._store.add_measurement(
                body.product, translation.reading(body), self._clock.now()
            )
        await self._relay.push()
        return messages.Created(id=measurement.id)

    @override
    async def create_alert(self, caller: Caller, body: messages.NewAlert) -> messages.Created:
        """Store an alert and tell of it."""
        with _refusing():
            alert = await self._store.add_alert(translation.new_alert(body), self._clock.now())
        await self._relay.push()
        return messages.Created(id=alert.id)

    @override
    async def list_alerts(self, caller: Caller, query: messages.ListAlertsQuery) -> messages.AlertPage:
        """Alerts, newest first."""
        wanted = translation.alert_filter(query, _name(caller.identity), self._clock)
        page = await self._store.alerts(wanted, query.limit)
        return messages.AlertPage(
            alerts=[translation.quality_alert(each, self._clock) for each in page.records],
            next=MISSING if page.next is None else page.next,
        )

    @override
    async def analyze_capability(self, caller: Caller, body: messages.NewCapability) -> messages.Created:
        """Analyze a product, store the result and tell of it."""
        with _refusing():
            analysis = await self._store.add_capability(body.product, self._clock.now())
        await self._relay.push()
        return messages.Created(id=analysis.id)

    @override
    async def get_statistics(self, caller: Caller, query: messages.GetStatisticsQuery) -> messages.Statistics:
        """What happened to the products that the caller may see."""
        user = _name(caller.identity)
        product = None if query.product is MISSING else query.product
        with _refusing():
            if product is not None:
                await self._rules.check_visible(user, product)
            period = translation.period(query, self._clock)
            figures = await self._statistics.figures(user, period, product)
        return translation.statistics(figures, self._clock)

    @override
    async def get_preferences(self, caller: Caller) -> messages.Preferences:
        """Everything, for who never said."""
        with _refusing():
            return translation.preferences(await self._rules.preferences(_known(caller)))

    @override
    async def set_preferences(self, caller: Caller, body: messages.NewPreferences) -> messages.Preferences:
        """Keep them, and let all connections of the user go by them."""
        user, wanted = _known(caller), translation.new_preferences(body)
        with _refusing():
            await self._rules.set_preferences(user, wanted)
        await self._look_again(user)
        return translation.preferences(wanted)

    @override
    async def get_access(self, caller: Caller, user: str) -> messages.ProductAccess:
        """What a user may see."""
        with _refusing():
            return translation.product_access(await self._rules.access(user))

    @override
    async def set_access(
        self, caller: Caller, user: str, body: messages.VisibleProducts
    ) -> messages.ProductAccess:
        """Keep the rule, and let all connections of the user go by it."""
        with _refusing():
            return await self._set_access(Access(user, body.products))

    @override
    async def remove_access(self, caller: Caller, user: str) -> messages.ProductAccess:
        """Forget the rule."""
        with _refusing():
            return await self._set_access(Access(user))

    async def _set_access(self, access: Access) -> messages.ProductAccess:
        await self._rules.set_access(access)
        await self._look_again(access.user)
        return translation.product_access(access)

    async def _look_again(self, user: str) -> None:
        try:
            await self._recheck(user)
        except Unavailable as error:
            raise OutOfReach(
                "it is stored, and not in force on every connection yet; say it again"
            ) from error

    async def _filter(
        self, peer: NotificationsPeer | ProductPeer, message: messages.FilterAlerts
    ) -> messages.AlertFilter:
        await peer.hear_only(filter_for(Hearing(min_priority=message.min_priority)))
        return messages.AlertFilter(
            min_priority=message.min_priority, timestamp=self._clock.on_the_wall(self._clock.now())
        )

    def _greeting(self) -> messages.Connection:
        return messages.Connection(timestamp=self._clock.on_the_wall(self._clock.now()))

    async def _alerts(self, wanted: AlertFilter, asked: messages.GetAlerts) -> messages.Alerts:
        least = None if asked.min_priority is MISSING else asked.min_priority
        page = await self._store.alerts(replace(wanted, min_priority=least), asked.limit)
        return messages.Alerts(
            alerts=[translation.quality_alert(each, self._clock) for each in page.records],
            timestamp=self._clock.on_the_wall(self._clock.now()),
        )


def _name(identity: Identity | None) -> str | None:
    """Whose rules count; those of nobody for who is unknown."""
    return None if identity is None else identity.sub


def _known(caller: Caller) -> str:
    """Who it is. Raises `Unauthorized`."""
    if caller.identity is None:
        raise Unauthorized("a token is needed")
    return caller.identity.sub


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the domain refuses in the runtime's words."""
    try:
        yield
    except SpcError as error:
        raise _REFUSALS[type(error)](str(error)) from error
