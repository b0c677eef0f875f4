"""SPC's handlers: from messages to the store and back, and after the commit to those who are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pydantic import MISSING
from typing_extensions import override

from generated.spc import messages
from generated.spc.server import NotificationsPeer, ProductPeer, SpcHandlers
from handlers.spc import translation
from handlers.spc.clock import Clock
from handlers.spc.domain import (
    InvalidSpecification,
    NotAnalyzable,
    SpcError,
    SubgroupFull,
    Taken,
    UnknownProduct,
)
from handlers.spc.notices import Notices
from handlers.spc.storage import AlertFilter, Store
from wirepact.errors import Conflict, InvalidPayload, NotFound, Refusal
from wirepact.server import Caller, Visitor

_REFUSALS: Final[dict[type[SpcError], type[Refusal]]] = {
    UnknownProduct: NotFound,
    InvalidSpecification: InvalidPayload,
    Taken: Conflict,
    SubgroupFull: Conflict,
    NotAnalyzable: Conflict,
}


class Spc(SpcHandlers):
    """Translates; decides nothing."""

    def __init__(self, store: Store, notices: Notices, clock: Clock) -> None:
        self._store = store
        self._notices = notices
        self._clock = clock

    @override
    async def admit_notifications(self, visitor: Visitor) -> None:
        """Everyone who got this far."""

    @override
    async def admit_product(self, visitor: Visitor, id_: int) -> None:
        """Everyone, to a product that there is."""
        with _refusing():
            await self._store.product(id_)

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
            await self._store.product(message.product_id)
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
        """The most recent alerts of all products."""
        return await self._alerts(AlertFilter(), message.limit)

    @override
    async def get_product_alerts(self, peer: ProductPeer, message: messages.GetAlerts) -> messages.Alerts:
        """The most recent alerts of the product."""
        return await self._alerts(AlertFilter(product_id=peer.id_), message.limit)

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
        page = await self._store.products(after, query.limit)
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
        await self._notices.measurement_stored(measurement)
        return messages.Created(id=measurement.id)

    @override
    async def create_alert(self, caller: Caller, body: messages.NewAlert) -> messages.Created:
        """Store an alert and tell of it."""
        with _refusing():
            alert = await self._store.add_alert(translation.new_alert(body), self._clock.now())
        await self._notices.alert_stored(alert)
        return messages.Created(id=alert.id)

    @override
    async def list_alerts(self, caller: Caller, query: messages.ListAlertsQuery) -> messages.AlertPage:
        """Alerts, newest first."""
        wanted = AlertFilter(
            product_id=None if query.product is MISSING else query.product,
            priority=None if query.priority is MISSING else query.priority,
            before=None if query.before is MISSING else query.before,
        )
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
        await self._notices.capability_stored(analysis)
        return messages.Created(id=analysis.id)

    def _greeting(self) -> messages.Connection:
        return messages.Connection(timestamp=self._clock.on_the_wall(self._clock.now()))

    async def _alerts(self, wanted: AlertFilter, limit: int) -> messages.Alerts:
        page = await self._store.alerts(wanted, limit)
        return messages.Alerts(
            alerts=[translation.quality_alert(each, self._clock) for each in page.records],
            timestamp=self._clock.on_the_wall(self._clock.now()),
        )


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the domain refuses in the runtime's words."""
    try:
        yield
    except SpcError as error:
        raise _REFUSALS[type(error)](str(error)) from error
