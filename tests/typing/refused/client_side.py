"""What the user of a client might try."""

from typing import assert_never

from wirepact.messages import Unknown
from wirepact_clients.spc import messages
from wirepact_clients.spc.client import SpcClient


async def say_what_only_the_server_says(spc: SpcClient, alert: messages.Alert) -> None:
    async with spc.notifications() as notifications:
        await notifications.send(alert)  # refused: arg-type


async def say_what_only_another_channel_hears(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        await product.send(messages.SubscribeProduct(product_id=1))  # refused: arg-type


async def name_a_product_by_its_code(spc: SpcClient) -> None:
    async with spc.product(id_="BOLT-M10"):  # refused: arg-type
        pass


async def name_no_product(spc: SpcClient) -> None:
    async with spc.product():  # refused: call-arg
        pass


async def forget_a_message(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        async for message in product:
            match message:
                case (
                    messages.Connection() | messages.Alert() | messages.Measurement() | messages.Capability()
                ):
                    pass
                case messages.Alerts() | messages.Error() | Unknown():
                    pass
                case _:
                    assert_never(message)  # refused: arg-type


async def forget_the_unknown(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        seen = [message.timestamp async for message in product]  # refused: union-attr
        seen.clear()


async def ask_what_only_the_server_says(spc: SpcClient, alert: messages.Alert) -> None:
    async with spc.product(id_=1) as product:
        await product.request(alert)  # refused: call-overload


async def take_one_answer_for_another(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        answer = await product.request(messages.GetAlerts(), messages.Alerts)
        answer.alert.clear()  # refused: attr-defined


async def forget_that_there_may_be_no_answer(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        answer = await product.request(messages.GetAlerts())
        answer.timestamp.strip()  # refused: union-attr


def misspell_a_field(alert: messages.Alert) -> object:
    return alert.alert.titel  # refused: attr-defined
