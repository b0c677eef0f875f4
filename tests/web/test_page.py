import re

import httpx
import pytest
from playwright.async_api import expect

from web.plant import BOLT, NUT
from web.windows import fits
from wirepact.auth import mint_token
from wirepact.testing import KEY

RED_IN_CHART = """() => {
  const canvas = document.querySelector("#plot canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width / 6, canvas.height);
  let red = 0;
  for (let at = 0; at < data.length; at += 4) red += data[at] > 150 && data[at + 1] < 80 && data[at + 2] < 80;
  return red;
}"""
"""How many pixels at the left end of the chart have the colour of a value outside specification."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def opened(page, factory, path="/"):
    """The page, once it is connected."""
    await page.goto(factory.url + path)
    await expect(page.get_by_role("status")).to_have_text("Connected")
    await factory.is_heard()
    return page


def product(page, code):
    return page.get_by_role("button", name=code)


def live_values(page):
    return page.get_by_role("switch", name="Live values")


def alerts(page):
    return page.locator("#alerts > li")


def values(page):
    return page.locator("#values > tr")


async def test_an_empty_factory_is_said_to_be_empty(page, factory):
    await opened(page, factory)

    await expect(page.locator("#products-empty")).to_contain_text("No product is under control yet")
    await expect(page.locator("#alerts-empty")).to_be_visible()
    await expect(live_values(page)).to_be_disabled()


async def test_alerts_that_were_stored_before_are_there_newest_first(page, factory):
    bolt = await factory.post("products", BOLT)
    for title in ["첫째", "둘째"]:
        await factory.alert(bolt, title)

    await opened(page, factory)

    await expect(alerts(page).locator(".title")).to_have_text(["둘째", "첫째"])
    await expect(page.locator("#announcer")).to_be_empty()


async def test_an_alert_appears_as_it_is_stored_and_is_announced(page, factory):
    bolt = await factory.post("products", BOLT)
    await opened(page, factory)

    await factory.alert(bolt, priority=5)

    row = alerts(page)
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("측정값이 상한 규격을 초과했습니다")
    await expect(row).to_contain_text("BOLT-M10 · M10 볼트")
    await expect(row.locator(".badge")).to_have_text("P5")
    await expect(page.locator("#announcer")).to_have_text("New alert: 규격 이탈, BOLT-M10, priority 5")


async def test_what_a_server_says_is_never_markup(page, factory):
    bolt = await factory.post("products", {**BOLT, "name": "<b>bolt</b>"})
    await opened(page, factory)

    await factory.alert(bolt, "<img src=x onerror=alert(1)>", message="<script>alert(1)</script>")

    await expect(alerts(page).locator(".title")).to_have_text("<img src=x onerror=alert(1)>")
    await expect(alerts(page).locator("img, script, b")).to_have_count(0)


async def test_the_list_of_alerts_does_not_grow_without_end(page, factory):
    bolt = await factory.post("products", BOLT)
    await opened(page, factory)

    for number in range(110):
        await factory.alert(bolt, f"#{number}")

    await expect(alerts(page).locator(".title").first).to_have_text("#109")
    await expect(alerts(page)).to_have_count(100)


async def test_live_values_of_a_product_come_once_they_are_switched_on(page, factory):
    bolt, nut = [await factory.post("products", each) for each in (BOLT, NUT)]
    await opened(page, factory)
    await factory.measure(bolt, 10.65, 1)
    await live_values(page).click()
    await expect(product(page, "BOLT-M10").get_by_text("Live")).to_be_visible()
    await factory.is_heard(products=1)

    await factory.measure(nut, 17, 1, size=4)
    await factory.measure(bolt, 10.7, 2)

    await expect(values(page)).to_have_count(1)
    await expect(values(page).locator("td").nth(0)).to_have_text("2")
    await expect(values(page).locator("td").nth(1)).to_have_text("10.7")
    await expect(values(page).locator("td").nth(2)).to_have_text("specification")
    await expect(page.get_by_role("img")).to_have_accessible_name(
        "Control chart of BOLT-M10: USL 10.5, LSL 9.5, Target 10. Values outside specification: 1, "
        "outside control limits only: 0. The table below has them."
    )


async def test_live_values_end_when_they_are_switched_off(page, factory):
    bolt, nut = [await factory.post("products", each) for each in (BOLT, NUT)]
    await opened(page, factory)
    await live_values(page).click()
    await factory.is_heard(products=1)
    await live_values(page).click()
    await factory.is_heard(products=0)
    await product(page, "NUT-M10").click()
    await live_values(page).click()
    await factory.is_heard(products=1)
    await factory.measure(bolt, 10.65, 1)

    await factory.measure(nut, 17, 1, size=4)

    await expect(values(page)).to_have_count(1)
    await product(page, "BOLT-M10").click()
    await expect(values(page)).to_have_count(0)


async def test_limits_rules_and_capability_come_with_the_measurements(page, factory):
    bolt = await factory.post("products", BOLT)
    for sample in range(1, 126):
        await factory.measure(bolt, 10 + (-0.1, 0.05, 0, -0.05, 0.1)[sample * 7 // 5 % 5], sample)
    await opened(page, factory)
    await expect(page.locator("#chart-subject")).to_have_text("BOLT-M10 · M10 볼트 · subgroups of 5")
    await live_values(page).click()
    await factory.is_heard(products=1)

    await factory.measure(bolt, 11.5, 126)
    await factory.post("capability", {"product": bolt})

    await expect(values(page).locator("td").nth(2)).to_have_text("specification, control")
    await expect(page.locator("#rules .title")).to_have_text("One point beyond 3 sigma")
    await expect(page.locator("#rules")).to_contain_text("BOLT-M10 · sample 126")
    await expect(page.locator("#capability dd")).to_have_text([re.compile(r"-?\d\.\d\d")] * 4)
    await expect(page.get_by_role("img")).to_have_accessible_name(re.compile(r"UCL 10\.\d+, LCL 9\.\d+"))


async def test_a_value_is_drawn_where_it_belongs(page, factory):
    bolt = await factory.post("products", BOLT)
    await opened(page, factory)
    await live_values(page).click()
    await factory.is_heard(products=1)
    await factory.measure(bolt, 10.65, 1)
    await expect(values(page)).to_have_count(1)
    over = await page.locator(".u-over").bounding_box()

    await page.mouse.move(over["x"] + over["width"] / 21, over["y"] + over["height"] / 2)

    await expect(page.locator(".tip")).to_contain_text(
        re.compile(r"Sample 1: 10\.65.*outside specification, ")
    )
    assert await page.evaluate(RED_IN_CHART) > 20


async def test_a_restart_of_the_server_loses_nothing(page, factory, complaints):
    bolt = await factory.post("products", BOLT)
    await opened(page, factory)
    await live_values(page).click()
    await factory.is_heard(products=1)
    await factory.stop()
    await expect(page.get_by_role("status")).to_have_text("Reconnecting")
    await expect(page.locator("#connection-detail")).to_contain_text("attempt")

    await factory.start()
    await factory.alert(bolt, "while it was away")

    await expect(page.get_by_role("status")).to_have_text("Connected", timeout=30_000)
    await expect(alerts(page).locator(".title")).to_have_text(["while it was away"])
    await factory.is_heard(products=1)
    await factory.measure(bolt, 10.65, 1)
    await expect(values(page)).to_have_count(1)
    assert all("WebSocket connection" in each for each in complaints)
    complaints.clear()


async def test_everything_can_be_done_with_the_keyboard(page, factory):
    for each in (BOLT, NUT):
        await factory.post("products", each)
    await opened(page, factory)
    await expect(live_values(page)).to_be_enabled()

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    for key in ["Tab", "Tab", "Enter", "Tab", "Space"]:
        await page.keyboard.press(key)

    await expect(product(page, "NUT-M10")).to_have_attribute("aria-pressed", "true")
    await expect(live_values(page)).to_be_checked()
    await expect(live_values(page)).to_be_focused()


async def test_products_come_a_page_at_a_time(page, factory):
    for number in range(60):
        await factory.post("products", {**BOLT, "code": f"BOLT-{number}"})
    await opened(page, factory)
    rows = page.locator("#products > li")
    await expect(rows).to_have_count(50)

    await page.get_by_role("button", name="Show more").click()

    await expect(rows).to_have_count(60)
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()


async def test_nothing_runs_out_of_the_window(page, factory):
    await factory.post("products", {**BOLT, "name": "아주 긴 이름을 가진 볼트 " * 8})

    await opened(page, factory)

    await fits(page)


async def test_in_production_a_visitor_without_a_token_is_told_so(environment, page, factory, complaints):
    await factory.stop()
    environment.setenv("WIREPACT_ENV", "production")
    await factory.start()

    await page.goto(factory.url)

    await expect(page.get_by_role("status")).to_have_text("Not signed in")
    await expect(page.locator("#connection-detail")).to_have_text("4401: Token missing, invalid or expired")
    complaints.clear()


async def test_a_token_in_the_fragment_lets_in_and_is_not_kept_in_sight(environment, page, factory):
    await factory.stop()
    environment.setenv("WIREPACT_ENV", "production")
    await factory.start()
    await factory.post("products", BOLT)

    await opened(page, factory, f"/#token={mint_token(KEY, 'ann')}")

    assert httpx.URL(page.url).fragment == ""
    await expect(product(page, "BOLT-M10")).to_be_visible()
