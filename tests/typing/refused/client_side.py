"""What the user of a client might try."""

# What follows from a mistake is none of its own:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import assert_never

from wirepact.client import (
    Closed,
    Connected,
    Degraded,
    Disconnected,
    Dropped,
    Idle,
    Keeping,
    Missed,
    NotSent,
    Open,
    Reconnect,
    Reconnecting,
    Recovered,
    Refused,
    Restored,
    State,
)
from wirepact.errors import ConnectionClosed
from wirepact.messages import Message, Unknown
from wirepact.server import App
from wirepact.testing import connected
from wirepact_clients.spc import messages
from wirepact_clients.spc.client import SpcClient


async def say_what_only_the_server_says(spc: SpcClient, alert: messages.Alert) -> None:
    async with spc.notifications() as notifications:
        await notifications.send(alert)  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def say_what_only_another_channel_hears(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        await product.send(messages.SubscribeProduct(product_id=1))  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def name_a_product_by_its_code(spc: SpcClient) -> None:
    async with spc.product(id_="BOLT-M10"):  # refused: arg-type  # pyright: ignore[reportArgumentType]
        pass


async def name_no_product(spc: SpcClient) -> None:
    async with spc.product():  # refused: call-arg  # pyright: ignore[reportCallIssue]
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
                    assert_never(message)  # refused: arg-type  # pyright: ignore[reportArgumentType]


async def forget_the_unknown(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        seen = [message.timestamp async for message in product]  # refused: union-attr  # pyright: ignore[reportAttributeAccessIssue]
        seen.clear()


async def ask_what_only_the_server_says(spc: SpcClient, alert: messages.Alert) -> None:
    async with spc.product(id_=1) as product:
        await product.request(alert)  # refused: call-overload  # pyright: ignore[reportArgumentType]


async def take_one_answer_for_another(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        answer = await product.request(messages.GetAlerts(), messages.Alerts)
        answer.alert.clear()  # refused: attr-defined  # pyright: ignore[reportAttributeAccessIssue]


async def forget_that_there_may_be_no_answer(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        answer = await product.request(messages.GetAlerts())
        answer.timestamp.strip()  # refused: union-attr  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]


def misspell_a_field(alert: messages.Alert) -> object:
    return alert.alert.titel  # refused: attr-defined  # pyright: ignore[reportAttributeAccessIssue]


async def forget_that_a_server_drains(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        async for event in product.events():
            match event:
                case (
                    Connected()
                    | Disconnected()
                    | Recovered()
                    | Missed()
                    | Dropped()
                    | Degraded()
                    | Restored()
                ):
                    pass
                case Refused() | NotSent() | Message() | Unknown():
                    pass
                case _:
                    assert_never(event)  # refused: arg-type  # pyright: ignore[reportArgumentType]


def forget_that_it_connects(state: State) -> None:
    match state:
        case Idle() | Open() | Reconnecting() | Closed():
            pass
        case _:
            assert_never(state)  # refused: arg-type  # pyright: ignore[reportArgumentType]


def read_a_code_that_only_the_lost_have(state: State) -> int:
    return state.code  # refused: union-attr  # pyright: ignore[reportAttributeAccessIssue]


async def take_an_event_for_a_message(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        async for event in product.events():
            event.model_dump()  # refused: union-attr  # pyright: ignore[reportAttributeAccessIssue]


async def answer_with_what_is_no_message(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        await product.request(messages.GetAlerts(), dict)  # refused: type-var  # pyright: ignore[reportArgumentType]


async def forget_to_wait(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        product.send(messages.GetAlerts())  # refused: unused-coroutine  # pyright: ignore[reportUnusedCoroutine]


async def forget_to_open(spc: SpcClient) -> None:
    async for _ in spc.product:  # refused: attr-defined  # pyright: ignore[reportGeneralTypeIssues]
        pass


async def wait_for_a_text(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        await product.request(messages.GetAlerts(), timeout="5")  # refused: call-overload  # pyright: ignore[reportArgumentType]


def change_an_event(event: Connected) -> None:
    event.protocol = "wirepact.v2"  # refused: misc  # pyright: ignore[reportAttributeAccessIssue]


def count_in_words() -> Reconnect:
    return Reconnect(attempts="three")  # refused: arg-type  # pyright: ignore[reportArgumentType]


def keep_everything() -> Keeping:
    return Keeping(messages=None)  # refused: arg-type  # pyright: ignore[reportArgumentType]


def give_a_token_at_once(spc: type[SpcClient]) -> SpcClient:
    def token() -> str:
        return "t"

    return spc("ws://localhost", token=token)  # refused: arg-type  # pyright: ignore[reportArgumentType]


def read_the_code_as_text(closed: ConnectionClosed) -> str:
    return closed.code  # refused: return-value  # pyright: ignore[reportReturnType]


async def connect_what_is_no_client(app: App) -> None:
    async with connected(app, dict):  # refused: type-var  # pyright: ignore[reportArgumentType]
        pass


async def connect_and_take_it_for_another(app: App) -> None:
    async with connected(app) as client, client.notifications():  # refused: attr-defined  # pyright: ignore[reportAttributeAccessIssue]
        pass


def fill_a_message_with_anything() -> messages.SubscribeProduct:
    return messages.SubscribeProduct(product_id="BOLT-M10")  # refused: arg-type  # pyright: ignore[reportArgumentType]


def give_more_than_a_message_has() -> messages.GetAlerts:
    return messages.GetAlerts(first=5)  # refused: call-arg  # pyright: ignore[reportCallIssue]


def go_on_at_a_number(spc: SpcClient) -> object:
    return spc.notifications().resume({"": 41})  # refused: dict-item  # pyright: ignore[reportArgumentType]
