"""The page under a thousand alerts a second: it hears all, draws once a frame, and answers its user meanwhile."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import pytest
from playwright.async_api import expect

from generated.spc import messages
from generated.spc.publisher import SpcPublisher
from sites import until
from web.plant import BOLT, NUT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

A_SECOND = 1000
PAUSE = 0.01
SECONDS = 4
NOON = datetime(2026, 1, 11, 12)  # noqa: DTZ001  clocks on walls have no zone

COUNT = """
window.counted = { sockets: 0, heard: 0, frames: 0, drawings: 0 };
const frame = () => { counted.frames += 1; requestAnimationFrame(frame); };
requestAnimationFrame(frame);
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    counted.sockets += 1;
    this.addEventListener("message", ({ data }) => { counted.heard += data.match(/"title": ?"#/g)?.length ?? 0; });
  }
};
addEventListener("DOMContentLoaded", () => {
  const drawn = (changes) => {
    counted.drawings += changes.some(({ target }) => target.id === "alerts");
  };
  new MutationObserver(drawn).observe(document.body, { childList: true, subtree: true });
});
"""
"""Counts sockets, alerts in what they hear, frames, and how often the list of alerts is changed: each time is told by itself."""


class Flood:
    """Alerts at a steady pace."""

    def __init__(self, publisher):
        self._publisher = publisher
        self.published = 0

    async def run(self):
        """Publish until it is cancelled, and never stop between two that are due at the same time."""
        clock = asyncio.get_running_loop()
        started = clock.time()
        while True:
            for _ in range(int((clock.time() - started) * A_SECOND) - self.published):
                await self._publish()
            await asyncio.sleep(PAUSE)

    async def _publish(self):
        self.published += 1
        alert = messages.QualityAlert(
            id=self.published,
            product_code="BOLT-M10",
            product_name="M10 볼트",
            alert_type="OUT_OF_SPEC",
            priority=4,
            title=f"#{self.published}",
            message="측정값이 상한 규격을 초과했습니다",
            status="OPEN",
            created_at=NOON,
        )
        await self._publisher.alert(messages.Alert(alert=alert, timestamp=NOON))


@asynccontextmanager
async def flooding(factory):
    flood = Flood(SpcPublisher(factory.app.node.broker))
    running = asyncio.create_task(flood.run())
    try:
        yield flood
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_thousand_alerts_a_second_do_not_freeze_it(page, factory):
    for each in (BOLT, NUT):
        await factory.post("products", each)
    await page.add_init_script(COUNT)
    await page.goto(factory.url)
    await expect(page.get_by_role("status")).to_have_text("Connected")
    nut = page.get_by_role("button", name="NUT-M10")
    await expect(nut).to_have_attribute("aria-pressed", "false")

    async with flooding(factory) as flood:
        await page.wait_for_function("() => counted.drawings > 10")
        await nut.click()
        await expect(nut).to_have_attribute("aria-pressed", "true")
        await until(lambda: flood.published >= SECONDS * A_SECOND)

    newest = page.locator("#alerts .title").first
    await expect(newest).to_have_text(f"#{flood.published}")
    await expect(page.locator("#alerts > li")).to_have_count(100)
    counted = await page.evaluate("counted")
    assert counted["heard"] == flood.published
    assert counted["sockets"] == 1
    assert counted["drawings"] <= counted["frames"]
    assert counted["drawings"] * 5 < flood.published
