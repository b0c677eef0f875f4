"""A client that knows every message, and says so to the type checker."""

from typing import assert_never

from wirepact.client import Connected, Keeping, Missed, Reconnect, Refused, TokenReason
from wirepact.messages import Unknown
from wirepact_clients.spc import messages
from wirepact_clients.spc.client import SpcClient


async def listen(spc: SpcClient) -> list[str]:
    seen: list[str] = []
    async with spc, spc.notifications() as notifications:
        await notifications.send(messages.SubscribeProduct(product_id=1))
        await notifications.send(messages.GetAlerts())
        async for message in notifications:
            match message:
                case messages.Connection() | messages.Error():
                    seen.append(message.message)
                case messages.Alert(alert=alert):
                    seen.append(alert.title)
                case messages.Measurement(measurement=measurement):
                    seen.append(f"{measurement.measurement_value:.3f}")
                case messages.Capability(capability=capability):
                    seen.append(f"{capability.cpk:.2f}")
                case messages.RunRuleViolation(run_rule_violation=violation):
                    seen.append(violation.rule_name)
                case messages.Alerts(alerts=alerts):
                    seen.extend(alert.title for alert in alerts)
                case messages.AlertFilter(min_priority=priority):
                    seen.append(f"{priority:d}")
                case Unknown(name=name):
                    seen.append(name or "?")
                case _:
                    assert_never(message)
    return seen


async def one_product(spc: SpcClient) -> None:
    async with spc.product(id_=1) as product:
        await product.send(messages.GetAlerts(limit=5))


async def all_that_happens(spc: SpcClient) -> list[str]:
    seen: list[str] = []
    async with spc, spc.product(id_=1) as product:
        async for event in product.events():
            match event:
                case Connected(is_again=is_again):
                    seen.append("again" if is_again else "here")
                case Missed(audience=audience):
                    seen.append(audience)
                case Refused(error=error):
                    seen.append(error.code)
                case messages.Alert(alert=alert):
                    seen.append(alert.title)
                case _:
                    seen.append(type(event).__name__)
    return seen


async def ask(spc: SpcClient) -> tuple[int, bool]:
    async with spc.product(id_=1) as product:
        alerts = await product.request(messages.GetAlerts(limit=5), messages.Alerts, timeout=5)
        anything = await product.request(messages.GetAlerts())
        unsent: tuple[messages.GetAlerts | messages.FilterAlerts, ...] = await product.close()
    return len(alerts.alerts) + len(unsent), anything is None


async def renewed() -> str:
    return "a token"


async def renewed_for(reason: TokenReason) -> str:
    return "a new token" if reason == "refresh" else "a token"


CLIENTS = (
    SpcClient("ws://localhost"),
    SpcClient("ws://localhost", token="t"),
    SpcClient("ws://localhost", token=renewed),
    SpcClient("ws://localhost", token=renewed_for, reconnect=Reconnect(attempts=3), keep=Keeping(age=5)),
)
