import pytest
import pytest_asyncio
from playwright.async_api import expect

from web.windows import fits
from wirepact.auth import mint_token
from wirepact.testing import KEY
from wirepact_clients.clinic.client import ClinicClient

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SELF = "1000"


class Hospital:
    """The platform's other services, and other users."""

    def __init__(self, factory):
        self._factory = factory

    async def order(self, order_id, department="radiology"):
        body = {
            "order_id": order_id,
            "patient_id": "P-100",
            "department": department,
            "order_type": "CHEST_XRAY",
        }
        await self._factory.say("POST", "/api/ocs/orders/", body)

    async def change(self, order_id, status):
        await self._factory.say("PATCH", f"/api/ocs/orders/{order_id}/", {"status": status})

    async def infer(self, job_id, status, **more):
        await self._factory.say("POST", "/api/ai/callback/", {"job_id": job_id, "status": status, **more})

    async def permit(self, feed, user, event, **what):
        body = {"event_id": event, "user_id": user, **what}
        await self._factory.say("POST", f"/api/{feed}/events/", body)

    def user(self, sub, name):
        return ClinicClient(self._factory.url.replace("http", "ws"), token=mint_token(KEY, sub, name=name))


@pytest_asyncio.fixture(loop_scope="module")
async def hospital(factory):
    return Hospital(factory)


async def opened(page, factory, departments=("*",)):
    token = mint_token(KEY, SELF, name="방문자", claims={"departments": list(departments)})
    await page.goto(f"{factory.url}/#view=clinic&token={token}")
    await expect(page.locator("#connection-text")).to_have_text("Connected")
    await expect(page.locator("#people")).to_contain_text("방문자online")


def orders(page):
    return page.locator("#orders-rows > tr")


async def test_open_orders_are_there_and_go_on(page, factory, hospital):
    await hospital.order("ORD-1")
    await opened(page, factory)
    await expect(orders(page)).to_contain_text(["ORD-1P-100CHEST_XRAYradiologyordered"])
    await expect(page.locator("#orders-count")).to_have_text("1 open")

    await hospital.order("ORD-2", "laboratory")
    await hospital.change("ORD-1", "in_progress")
    await expect(orders(page)).to_contain_text(["ORD-1", "ORD-2"])
    await expect(orders(page).first.locator(".state")).to_have_text("in progress")
    await hospital.change("ORD-1", "completed")

    await expect(orders(page)).to_contain_text(["ORD-2", "ORD-1"])
    await expect(page.locator("#orders-count")).to_have_text("1 open")


async def test_orders_of_other_departments_are_not_seen(page, factory, hospital):
    await hospital.order("ORD-1", "laboratory")
    await opened(page, factory, ["radiology"])
    await expect(page.locator("#orders-rows-empty")).to_be_visible()

    await hospital.order("ORD-2", "laboratory")
    await hospital.order("ORD-3", "radiology")

    await expect(orders(page)).to_contain_text(["ORD-3"])


async def test_a_job_is_shown_as_it_is_now_and_a_failure_with_its_reason(page, factory, hospital):
    await opened(page, factory)

    await hospital.infer("job-1", "processing")
    await hospital.infer("job-2", "failed", error="<b>out of memory</b>")
    await hospital.infer("job-1", "completed", result={"label": "normal", "confidence": 0.97})

    await expect(page.locator("#jobs > li")).to_have_text(
        ["job-1label: normal, confidence: 0.97completed", "job-2<b>out of memory</b>failed"]
    )


async def test_who_is_there_and_who_was_is_shown(page, factory, hospital):
    await opened(page, factory)
    people = page.locator("#people > li")

    async with hospital.user("7", "김민준") as client, client.presence():
        await expect(people).to_have_text(["김민준online", "방문자online"])
        await expect(page.locator("#people-count")).to_have_text("2 online")

    await expect(people.last).to_contain_text("김민준last seen")


async def test_permissions_of_all_and_ones_own_are_told_apart(page, factory, hospital):
    await opened(page, factory)
    granted = {"type": "PERMISSION_GRANTED", "permission": "view_images"}

    await hospital.permit("permissions", SELF, "e1", **granted)
    await hospital.permit("permissions", "7", "e2", type="ROLE_CHANGED", role="DOCTOR", previous_role="NURSE")
    await hospital.permit("user-permissions", "7", "e3", **granted)
    await hospital.permit("user-permissions", SELF, "e4", **granted)

    await expect(page.locator("#changes .what")).to_have_text(
        ["7: NURSE \N{RIGHTWARDS ARROW} DOCTOR", "방문자: granted view_images"]
    )
    await expect(page.locator("#own-changes .what")).to_have_text(["You: granted view_images"])


async def test_who_belongs_to_no_department_is_told_so(page, factory):
    await page.goto(f"{factory.url}/#view=clinic&token={mint_token(KEY, SELF)}")

    await expect(page.locator("#connection-text")).to_have_text("Disconnected")
    await expect(page.locator("#connection-detail")).to_contain_text("4403")


async def test_nothing_runs_out_of_the_window(page, factory, hospital):
    await hospital.order("ORD-" + "1" * 60, "r" * 60)
    await opened(page, factory)
    await hospital.infer("j" * 190, "failed", error="x" * 300)
    await hospital.permit("permissions", "u" * 200, "e1", type="PERMISSION_GRANTED", permission="p" * 100)

    await expect(page.locator("#changes .what")).to_have_count(1)
    await fits(page)
