"""Clinic's life: a day in a hospital. Other services feed orders, results and permissions over HTTP; staff are connected, over WebSocket with the generated Python client.

An order's id is `DEMO-` and a number that is free. Orders that an earlier day left open are brought to an end.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Final

from handlers.demo import visitor
from handlers.demo.back_end import BackEnd
from handlers.demo.losses import losing
from handlers.demo.outside import Outside
from handlers.demo.seats import Seats
from handlers.demo.ward import STAFF, Allowed, Came, Inferred, Left, Ordered, Turn, Went, ward
from wirepact_clients.clinic import messages
from wirepact_clients.clinic.client import ClinicClient

_PREFIX: Final = "DEMO-"

_EVERY_DEPARTMENT: Final = {"departments": ["*"]}


async def clinic(outside: Outside) -> AsyncGenerator[str]:
    """Work, a turn at a time."""
    async with outside.back_end() as back_end, Seats("presence") as seats:
        day = Day(outside, back_end, seats)
        await day.begin()
        for turn in ward(outside.chance("ward")):
            yield await day.play(turn)


class Day:
    """A day in the hospital. `_ids` are those of the orders that were made today, by their numbers of the script."""

    def __init__(self, outside: Outside, back_end: BackEnd, seats: Seats) -> None:
        self._outside = outside
        self._back_end = back_end
        self._seats = seats
        self._ids: dict[int, str] = {}
        self._taken = 0

    async def begin(self) -> None:
        """Everyone is there, and nothing is left of yesterday."""
        for each in await _open_orders(self._outside):
            if each.order_id.startswith(_PREFIX):
                await self._went(each.order_id, _end_of(each))
        for user in STAFF:
            await self._come(user)

    async def play(self, turn: Turn) -> str:
        """Have it happen. Gives in words what is worth them."""
        match turn:
            case Ordered(number):
                self._ids[number] = await self._ordered(turn)
                return f"{self._ids[number]}: {turn.order_type} for {turn.patient}"
            case Went(number, status):
                await self._went(self._ids[number], status)
                return f"{self._ids[number]}: {status}"
            case Inferred(number):
                await self._inferred(self._ids[number], turn)
                return f"job of {self._ids[number]}: {turn.status}"
            case Allowed():
                await self._allowed(turn)
            case Came(user):
                await self._come(user)
            case Left(user):
                await self._seats.leave(user)
        return ""

    async def _ordered(self, order: Ordered) -> str:
        """Make it, with the first id that is found free: a few steps lead past all of earlier days."""
        while True:
            body = {
                "order_id": f"{_PREFIX}{self._taken + order.number}",
                "patient_id": order.patient,
                "department": order.department,
                "order_type": order.order_type,
            }
            made = await self._back_end.post("/api/ocs/orders/", body)
            if made is not None and made["status"] == "ordered":
                return body["order_id"]
            self._taken = 2 * (self._taken + order.number)

    async def _went(self, order_id: str, status: str) -> None:
        await self._back_end.patch(f"/api/ocs/orders/{order_id}/", {"status": status})

    async def _inferred(self, order_id: str, job: Inferred) -> None:
        body = {"job_id": f"job-{order_id}", "status": job.status, "result": job.result, "error": job.error}
        await self._back_end.post("/api/ai/callback/", body)

    async def _allowed(self, change: Allowed) -> None:
        """Everybody hears of it, and the one concerned; whoever looks at the page hears of one of their own."""
        event = f"demo-{self._taken + change.number}"
        body = {**change.what, "event_id": event, "user_id": change.user}
        await self._back_end.post("/api/permissions/events/", body)
        for each in (change.user, visitor.ID):
            own: Mapping[str, object] = {**body, "event_id": f"{event}-{each}", "user_id": each}
            await self._back_end.post("/api/user-permissions/events/", own)

    async def _come(self, user: str) -> None:
        token = self._outside.token(user, name=STAFF[user])
        client = ClinicClient(self._outside.socket_url, token=token)
        await self._seats.take(user, client, client.presence())


async def _open_orders(outside: Outside) -> Sequence[messages.Order]:
    """What the snapshot has for who may see all."""
    token = outside.token("demo", claims=_EVERY_DEPARTMENT)
    with losing("orders"):
        async with ClinicClient(outside.socket_url, token=token) as client, client.ocs() as here:
            while not isinstance(first := await here.receive(), messages.OcsSnapshot):
                pass
    return first.orders


def _end_of(order: messages.Order) -> str:
    """How an order can be brought to an end: once there is a result, it is not cancelled any more."""
    return "completed" if order.status == "result_ready" else "cancelled"
