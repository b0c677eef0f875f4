import pytest
from playwright.async_api import expect

from wirepact.auth import mint_token
from wirepact.testing import KEY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SERVICES = ["Clinic", "SPC", "Classroom", "Chat", "Robodine"]


def view(page, name):
    return page.locator(f"#{name.lower()}")


def link(page, name):
    return page.get_by_role("navigation", name="Services").get_by_role("link", name=name)


async def test_spc_is_shown_first(page, factory):
    await page.goto(factory.url)

    await expect(page.locator(".view:visible")).to_have_count(1)
    await expect(view(page, "SPC")).to_be_visible()
    await expect(link(page, "SPC")).to_have_attribute("aria-current", "page")
    await expect(page).to_have_title("SPC · Wirepact live")


@pytest.mark.parametrize("name", SERVICES)
async def test_each_service_has_a_view_and_an_address(page, factory, name):
    await page.goto(factory.url)
    await link(page, name).click()

    await expect(page.locator(".view:visible")).to_have_count(1)
    await expect(view(page, name)).to_be_visible()
    await expect(page).to_have_title(f"{name} · Wirepact live")
    await page.reload()
    await expect(view(page, name)).to_be_visible()


async def test_an_address_of_no_view_shows_the_first(page, factory):
    await page.goto(f"{factory.url}/#view=constructor")

    await expect(view(page, "SPC")).to_be_visible()


async def test_who_leaves_a_view_hangs_up(page, factory):
    await page.goto(factory.url)
    await factory.hears(1)

    await link(page, "Robodine").click()
    await factory.hears(5)
    await link(page, "SPC").click()

    await factory.hears(1)
    await expect(page.locator("#connection-text")).to_have_text("Connected")


async def test_the_content_is_skipped_to_and_the_view_stays(page, factory):
    await page.goto(f"{factory.url}/#view=robodine")
    await expect(page.locator("#connection-text")).to_have_text("Connected")

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("main")).to_be_focused()
    await expect(view(page, "Robodine")).to_be_visible()
    assert page.url.endswith("#view=robodine")


async def test_who_must_say_who_they_are_is_told_how(page, factory):
    await page.goto(f"{factory.url}/#view=classroom")

    await expect(page.locator("#connection-text")).to_have_text("Not signed in")
    await expect(page.locator("#notice")).to_contain_text("“make demo” prints a link that signs you in")
    await link(page, "Robodine").click()
    await expect(page.locator("#notice")).to_be_hidden()


async def test_a_link_signs_in_a_page_that_is_open_already(page, factory):
    lesson = {"session_code": "DEMO", "title": "사진 보내기", "subtasks": []}
    step = {"title": "열기", "target_action": "CLICK", "guide_text": ""}
    await factory.say("POST", "/api/sessions/", lesson | {"subtasks": [step]})
    await page.goto(f"{factory.url}/#view=classroom")
    await expect(page.locator("#connection-text")).to_have_text("Not signed in")

    token = mint_token(KEY, "1", roles=["INSTRUCTOR"])
    await page.goto(f"{factory.url}/#view=classroom&token={token}")

    await expect(page.locator("#connection-text")).to_have_text("Connected")
    await expect(page.locator("#lesson-title")).to_have_text("사진 보내기")
    await expect(page.locator("#notice")).to_be_hidden()
    assert page.url.endswith("#view=classroom")
