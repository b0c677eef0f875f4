"""What a handler might try."""

# What follows from a mistake is none of its own:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from generated.spc import messages
from generated.spc.publisher import SpcPublisher
from generated.spc.server import NotificationsPeer, ProductPeer


async def say_what_only_the_channel_hears(peer: NotificationsPeer, alert: messages.Alert) -> None:
    await peer.send(alert)  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def say_what_only_a_client_says(peer: NotificationsPeer) -> None:
    await peer.send(messages.SubscribeProduct(product_id=1))  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def join_with_a_key_of_another_type(peer: NotificationsPeer) -> None:
    await peer.join_product("1")  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def join_a_group_of_another_channel(peer: ProductPeer) -> None:
    await peer.join_product(1)  # refused: attr-defined  # pyright: ignore[reportAttributeAccessIssue]


async def publish_another_message(publisher: SpcPublisher, measurement: messages.Measurement) -> None:
    await publisher.alert(measurement)  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def publish_to_nobody(publisher: SpcPublisher, measurement: messages.Measurement) -> None:
    await publisher.measurement(measurement)  # refused: call-arg  # pyright: ignore[reportCallIssue]


async def publish_to_a_key_of_another_type(
    publisher: SpcPublisher, measurement: messages.Measurement
) -> None:
    await publisher.measurement(measurement, product="BOLT-M10")  # refused: arg-type  # pyright: ignore[reportArgumentType]


def leave_out_a_field() -> messages.Created:
    return messages.Created()  # refused: call-arg  # pyright: ignore[reportCallIssue]


def make_up_a_field() -> messages.Created:
    return messages.Created(id=1, name="x")  # refused: call-arg  # pyright: ignore[reportCallIssue]


def say_null_for_absent() -> messages.AlertPage:
    return messages.AlertPage(alerts=[], next=None)  # refused: arg-type  # pyright: ignore[reportArgumentType]


def forget_that_it_may_be_absent(page: messages.AlertPage) -> int:
    return page.next + 1  # refused: operator  # pyright: ignore[reportOperatorIssue]
