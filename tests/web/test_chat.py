import asyncio
import base64

import pytest
import pytest_asyncio
from playwright.async_api import expect

from web.windows import fits
from wirepact.auth import mint_token
from wirepact.testing import KEY
from wirepact_clients.chat import messages
from wirepact_clients.chat.client import ChatClient

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SELF = "1000"

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
"""An image of one red pixel."""

IS_AT_END = """() => {
  const log = document.querySelector("#chat-log");
  return log.scrollTop > 0 && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
}"""

FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
"""Two frames go by: whoever scrolls is heard."""


class Chat:
    """One channel, and those who talk in it."""

    def __init__(self, factory):
        self._factory = factory

    async def begin(self, name="demo_chat"):
        body = {"channel_url": name, "name": "모임", "user_ids": [SELF, "1", "2"], "data": {}}
        await self._factory.say("POST", "/api/v1/chat/channels/", body)

    def client(self, user):
        return ChatClient(self._factory.url.replace("http", "ws"), token=mint_token(KEY, user))

    async def say(self, user, *said):
        """Come, say something, and go."""
        async with self.client(user) as client, client.room(channel_url="demo_chat") as here:
            for each in said:
                await here.request(each)


@pytest_asyncio.fixture(loop_scope="module")
async def chat(factory):
    chat = Chat(factory)
    await chat.begin()
    return chat


async def opened(page, factory, user=SELF, place=""):
    await page.goto(f"{factory.url}/#view=chat{place}&token={mint_token(KEY, user)}")
    await expect(page.locator("#connection-text")).to_have_text("Connected")
    await expect(page.locator("#members-count")).to_have_text("3 members")


def lines(page):
    return page.locator("#lines .bubble")


async def test_what_was_said_before_is_there(page, factory, chat):
    await chat.say("1", messages.SayText(message="하나"), messages.SayText(message="둘"))

    await opened(page, factory)

    await expect(lines(page)).to_have_text(["하나", "둘"])


async def test_what_is_said_is_shown_to_all_as_text(page, factory, chat):
    await opened(page, factory)

    await chat.say("1", messages.SayText(message="<b>안녕하세요!</b>"))

    await expect(lines(page)).to_have_text(["<b>안녕하세요!</b>"])
    await expect(page.locator("#lines > li").first).to_have_text("You joined")
    await expect(page.locator("#lines > li").last).to_have_text("1 left")


async def test_who_is_at_the_end_is_kept_there_and_who_reads_above_is_left(page, factory, chat):
    await chat.say("1", *(messages.SayText(message=f"#{number}\n" * 9) for number in range(12)))
    await opened(page, factory)
    await expect(lines(page)).to_have_count(12)
    await page.wait_for_function(IS_AT_END)
    await chat.say("1", messages.SayText(message="하나\n" * 40))
    await expect(lines(page)).to_have_count(13)
    await page.wait_for_function(IS_AT_END)

    await page.locator("#chat-log").evaluate("log => log.scrollTo(0, 0)")
    await page.wait_for_function(FRAMES)
    await chat.say("1", messages.SayText(message="둘"))

    await expect(lines(page)).to_have_count(14)
    assert await page.locator("#chat-log").evaluate("log => log.scrollTop") == 0


async def test_one_says_something_and_others_hear_it(page, factory, chat):
    await opened(page, factory)
    async with chat.client("2") as client, client.room(channel_url="demo_chat") as here:
        words = page.get_by_label("Say something")

        await words.fill("저는 좋아요")
        await words.press("Enter")

        async with asyncio.timeout(10):
            heard = []
            while not heard or not isinstance(heard[-1], messages.Text):
                heard.append(await here.receive())
        await expect(lines(page)).to_have_text(["저는 좋아요"])
        await expect(page.locator("#lines .own .author")).to_have_text("You")
        await expect(words).to_have_value("")
        assert heard[-1].user_id == int(SELF)
        assert any(isinstance(each, messages.Typing) for each in heard)


async def test_who_writes_and_who_has_read_is_shown(page, factory, chat):
    await opened(page, factory)
    words = page.get_by_label("Say something")
    await words.fill("다들 괜찮으세요?")
    await words.press("Enter")
    receipt = page.locator("#lines .receipt")
    await expect(receipt).to_have_text("")

    async with chat.client("2") as client, client.room(channel_url="demo_chat") as here:
        await here.request(messages.SayRead())
        await here.request(messages.SayTyping(is_typing=True))

        await expect(receipt).to_have_text(" · read by 1")
        await expect(page.locator("#writing")).to_have_text("2 is writing …")


@pytest.mark.usefixtures("chat")
async def test_a_file_is_shown_to_all_and_can_be_saved(page, factory):
    await opened(page, factory)
    menu = {"name": "메뉴.txt", "mimeType": "text/plain", "buffer": "비빔밥".encode()}

    await page.get_by_label("Show a file").set_input_files(menu)

    shown = page.get_by_role("button", name="메뉴.txt · 9 B")
    async with page.expect_download() as saving:
        await shown.click()
    saved = await saving.value
    assert saved.suggested_filename == "메뉴.txt"
    assert (await saved.path()).read_text("utf-8") == "비빔밥"


@pytest.mark.usefixtures("chat")
async def test_an_image_is_shown(page, factory):
    await opened(page, factory)

    await page.get_by_label("Show a file").set_input_files(
        {"name": "점심.png", "mimeType": "image/png", "buffer": PIXEL}
    )

    await expect(page.get_by_role("img", name="점심.png")).to_be_visible()
    await page.wait_for_function("document.querySelector('#lines img').naturalWidth === 1")


@pytest.mark.usefixtures("chat")
async def test_an_image_that_is_gone_is_said(page, factory, complaints):
    await opened(page, factory)
    await page.route("**/files/*/", lambda route: route.fulfill(status=404, json={"message": "Not there"}))

    await page.get_by_label("Show a file").set_input_files(
        {"name": "점심.png", "mimeType": "image/png", "buffer": PIXEL}
    )

    await expect(page.locator(".picture")).to_have_text("The image could not be loaded. Not there")
    assert all("404" in each for each in complaints)
    complaints.clear()


@pytest.mark.usefixtures("chat")
async def test_what_can_not_be_said_stays_in_the_line(page, factory):
    await opened(page, factory)
    words = page.get_by_label("Say something")
    too_many = "아" * 100_000

    await words.fill(too_many)
    await words.press("Enter")

    await expect(page.locator("#notice")).to_contain_text("This may not have been heard.")
    await expect(words).to_have_value(too_many)


@pytest.mark.usefixtures("chat")
async def test_a_file_that_is_refused_is_said(page, factory, complaints):
    await opened(page, factory)

    await page.get_by_label("Show a file").set_input_files(
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<script>"}
    )

    await expect(page.locator("#notice")).to_contain_text("The file could not be shown.")
    assert all("400" in each for each in complaints)
    complaints.clear()


async def test_what_was_said_while_the_server_was_away_is_there_once(page, factory, chat, complaints):
    await opened(page, factory)
    await chat.say("1", messages.SayText(message="하나"))
    await expect(lines(page)).to_have_count(1)
    await factory.stop()
    await expect(page.locator("#connection-text")).to_have_text("Reconnecting")
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()

    await factory.start()
    await chat.say("2", messages.SayText(message="둘"))

    await expect(page.locator("#connection-text")).to_have_text("Connected", timeout=30_000)
    await expect(lines(page)).to_have_text(["하나", "둘"])
    assert all("WebSocket connection" in each for each in complaints)
    complaints.clear()


async def test_another_channel_is_chosen_by_its_name(page, factory, chat):
    await chat.begin("pod_123_chat")
    await opened(page, factory)

    await page.get_by_label("Channel").fill("pod_123_chat")
    await page.get_by_role("button", name="Show", exact=True).click()

    await expect(page.locator("#connection-text")).to_have_text("Connected")
    assert page.url.endswith("#view=chat&channel=pod_123_chat")


@pytest.mark.usefixtures("chat")
async def test_who_is_no_member_is_told_so(page, factory):
    await page.goto(f"{factory.url}/#view=chat&token={mint_token(KEY, '99')}")

    await expect(page.locator("#connection-text")).to_have_text("Disconnected")
    await expect(page.locator("#connection-detail")).to_have_text("4403: Not a member")


async def test_nothing_runs_out_of_the_window(page, factory, chat):
    await chat.say("1", messages.SayText(message="아" * 500), messages.SayText(message="x" * 500))

    await opened(page, factory)

    await expect(lines(page)).to_have_count(2)
    await fits(page)
