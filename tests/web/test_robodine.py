import pytest
import pytest_asyncio
from playwright.async_api import expect

from web.windows import fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PLACED = {
    "name": "서빙1",
    "state": "moving",
    "position": {"x": 2.5, "y": 1.5, "heading": 90},
    "battery": 80.4,
}
ORDER = {"table_id": "t4", "state": "new", "lines": [{"item": "비빔밥", "quantity": 2}], "timestamp": 1}


class Kitchen:
    """What robots and back ends report."""

    def __init__(self, factory):
        self._factory = factory

    async def put(self, topic, record_id, data):
        await self._factory.say("PUT", f"/api/robodine/{topic}/{record_id}/", data)

    async def remove(self, topic, record_id):
        await self._factory.say("DELETE", f"/api/robodine/{topic}/{record_id}/")


@pytest_asyncio.fixture(loop_scope="module")
async def kitchen(factory):
    return Kitchen(factory)


async def opened(page, factory):
    """The restaurant, once all its topics are connected."""
    await page.goto(f"{factory.url}/#view=robodine")
    await factory.hears(5)
    await expect(page.locator("#connection-text")).to_have_text("Connected")
    return page


def column(page, name):
    return page.locator("#kitchen .column").filter(has=page.get_by_role("heading", name=name))


async def test_an_empty_restaurant_says_so(page, factory):
    await opened(page, factory)

    await expect(page.locator("#robots-empty")).to_be_visible()
    await expect(page.locator("#tables-empty")).to_be_visible()
    await expect(page.locator("#events-empty")).to_be_visible()


async def test_what_there_was_before_is_there(page, factory, kitchen):
    await kitchen.put("robots", "r1", PLACED)
    await kitchen.put("tables", "t4", {"state": "occupied", "seats": 4})
    await kitchen.put("status", "system", {"state": "ok", "message": "정상"})

    await opened(page, factory)

    await expect(page.locator("#robots > tr")).to_have_text(["r1 · 서빙1moving80 %"])
    await expect(page.locator("#tables > li")).to_have_text(["t4occupied4 seats"])
    await expect(page.locator("#robodine-status")).to_have_text("ok · 정상")


async def test_a_robot_moves_as_it_reports(page, factory, kitchen):
    await kitchen.put("robots", "r1", PLACED)
    await opened(page, factory)
    robot = page.locator("#floor-robots > .robot")
    await expect(robot).to_have_attribute("style", "transform: translate(2.5px, 1.5px);")

    await kitchen.put("robots", "r1", PLACED | {"state": "charging", "position": {"x": 11, "y": 4}})

    await expect(robot).to_have_attribute("style", "transform: translate(11px, 4px);")
    await expect(page.locator("#robots .state")).to_have_text("charging")
    await expect(page.get_by_role("img", name="Floor with 1 robots; the table has them")).to_be_visible()


async def test_an_order_goes_from_column_to_column_and_away(page, factory, kitchen):
    await opened(page, factory)
    for name, state in [("New", "new"), ("Cooking", "cooking"), ("Ready", "done"), ("Served", "served")]:
        await kitchen.put("orders", "o1", ORDER | {"state": state})

        await expect(column(page, name).locator(".order")).to_have_text(
            ["t42 \N{MULTIPLICATION SIGN} 비빔밥"]
        )
        await expect(page.locator(".order")).to_have_count(1)

    await kitchen.remove("orders", "o1")

    await expect(page.locator(".order")).to_have_count(0)


async def test_events_stand_newest_first_and_are_never_markup(page, factory, kitchen):
    await opened(page, factory)

    for number, message in enumerate(["주문을 전달했습니다", "<img src=x onerror=alert(1)>"]):
        await kitchen.put("events", f"e{number}", {"kind": "said", "message": message, "timestamp": number})

    texts = page.locator("#events .what")
    await expect(texts).to_have_text(["<img src=x onerror=alert(1)>", "주문을 전달했습니다"])


async def test_what_was_removed_while_the_server_was_away_is_gone(page, factory, kitchen, complaints):
    for each in ("r1", "r2"):
        await kitchen.put("robots", each, PLACED)
    await opened(page, factory)
    await expect(page.locator("#robots > tr")).to_have_count(2)

    await factory.stop()
    await expect(page.locator("#connection-text")).to_have_text("Reconnecting")
    await factory.start()
    await kitchen.remove("robots", "r1")

    await expect(page.locator("#robots > tr")).to_have_count(1, timeout=30_000)
    await expect(page.locator("#connection-text")).to_have_text("Connected", timeout=30_000)
    assert all("WebSocket connection" in each for each in complaints)
    complaints.clear()


async def test_nothing_runs_out_of_the_window(page, factory, kitchen):
    await kitchen.put("robots", "r1", PLACED | {"name": "아주 긴 이름을 가진 로봇 " * 6})
    await kitchen.put("orders", "o1", ORDER | {"lines": [{"item": "해물파전" * 12, "quantity": 1}]})
    await kitchen.put("tables", "t" * 90, {"state": "occupied"})

    await opened(page, factory)

    await expect(page.locator("#robots > tr")).to_have_count(1)
    await fits(page)
