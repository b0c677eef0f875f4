"""A handler's work as it should be."""

from pydantic import MISSING

from generated.spc import messages
from generated.spc.publisher import SpcPublisher
from generated.spc.server import NotificationsPeer, ProductPeer


async def answer(peer: NotificationsPeer, greeting: messages.Connection, error: messages.Error) -> None:
    await peer.send(greeting)
    await peer.send(error)
    await peer.join_product(1)
    await peer.leave_product(1)


async def know_the_address(peer: ProductPeer) -> int:
    return peer.id_


async def publish(publisher: SpcPublisher, alert: messages.Alert, measurement: messages.Measurement) -> None:
    await publisher.alert(alert)
    await publisher.product_alert(alert, id_=1)
    await publisher.measurement(measurement, product=1)


def optional_is_not_null(page: messages.AlertPage) -> int:
    return 0 if page.next is MISSING else page.next
