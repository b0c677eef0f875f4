"""A client that knows every message, and says so to the type checker."""

from typing import assert_never

from wirepact.client import (
    Closed,
    Connected,
    Connecting,
    Degraded,
    Disconnected,
    Draining,
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
    TokenReason,
    Transport,
)
from wirepact.errors import (
    ConnectionClosed,
    ConnectionRefused,
    RateLimited,
    Refusal,
    RequestTimeout,
    WirepactError,
)
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


async def everything(  # noqa: C901, PLR0912  there is that much
    spc: SpcClient,
) -> list[str | int | float]:
    seen: list[str | int | float] = []
    async with spc.product(id_=1) as product:
        async for event in product.events():
            match event:
                case Connected(protocol=protocol, connection=connection):
                    seen += [protocol, connection]
                case Disconnected(code=code, reason=reason, attempt=attempt, delay=delay):
                    seen += [code, reason, attempt, delay]
                case Recovered(audience=audience) | Missed(audience=audience):
                    seen.append(audience)
                case Dropped(messages=number):
                    seen.append(number)
                case Draining(delay=delay):
                    seen.append(delay)
                case Degraded() | Restored():
                    seen.append(type(event).__name__)
                case Refused(error=RateLimited(delay=wait)):
                    seen.append(wait or 0.0)
                case Refused(error=error, message=message):
                    seen += [error.code, error.text, str(message)]
                case NotSent(messages=unsent):
                    seen.append(len(unsent))
                case messages.Alert(alert=alert):
                    seen.append(alert.title)
                case messages.Connection() | messages.Alerts() | messages.RunRuleViolation():
                    seen.append(event.timestamp.isoformat())
                case (
                    messages.Measurement() | messages.Capability() | messages.AlertFilter() | messages.Error()
                ):
                    seen.append(event.type)
                case Unknown(name=name, raw=raw, problem=problem):
                    seen += [name or "", str(raw), problem or ""]
                case _:
                    assert_never(event)
    return seen


def told(state: State) -> str:
    match state:
        case Idle() | Open():
            return type(state).__name__
        case Connecting(attempt=attempt):
            return f"attempt {attempt:d}"
        case Reconnecting(delay=delay, code=code):
            return f"{code:d}, again in {delay:.1f} s"
        case Closed(code=code, reason=reason, is_final=is_final):
            return f"{code:d} {reason.strip()} {'for good' if is_final else ''}"
        case _:
            assert_never(state)


async def what_goes_wrong(spc: SpcClient) -> str:  # noqa: PLR0911  there is that much
    try:
        async with spc.product(id_=1) as product:
            await product.request(messages.GetAlerts(), messages.Alerts)
    except RateLimited as limited:
        return f"again in {limited.delay or 0:.1f} s"
    except Refusal as refusal:
        return f"{refusal.code.upper()} {refusal.text} {refusal.is_temporary:d}"
    except RequestTimeout:
        return "late"
    except ConnectionRefused as refused:
        return f"{refused.status or 0:d} {refused.delay or 0:.1f}"
    except ConnectionClosed as closed:
        return f"{closed.code:d} {closed.reason}"
    except WirepactError as error:
        return str(error)
    return ""


async def ask(spc: SpcClient) -> tuple[int, bool]:
    async with spc.product(id_=1) as product:
        alerts = await product.request(messages.GetAlerts(limit=5), messages.Alerts, timeout=5)
        anything = await product.request(messages.GetAlerts())
        unsent: tuple[messages.GetAlerts | messages.FilterAlerts, ...] = await product.close()
    return len(alerts.alerts) + len(unsent), anything is None


async def go_on(spc: SpcClient, saved: dict[str, str]) -> dict[str, str]:
    async with spc.product(id_=1).resume(saved) as product:
        await product.send(messages.GetAlerts())
        return dict(product.positions)


async def renewed() -> str:
    return "a token"


async def renewed_for(reason: TokenReason) -> str:
    return "a new token" if reason == "refresh" else "a token"


CLIENTS = (
    SpcClient("ws://localhost"),
    SpcClient("ws://localhost", token="t"),
    SpcClient("ws://localhost", token=renewed),
    SpcClient("ws://localhost", token=renewed_for, reconnect=Reconnect(attempts=3), keep=Keeping(age=5)),
    SpcClient("ws://localhost", transport=Transport(open_timeout=None, discard=True, legacy=True)),
)
