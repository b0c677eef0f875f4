"""Each view, with something of everything in it, as axe judges it: names, roles, contrast, landmarks."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from web.plant import BOLT
from wirepact.auth import mint_token
from wirepact.testing import KEY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"

SHOWN = {
    "spc": "#alerts > li",
    "robodine": "#floor-robots > .robot",
    "clinic": "#orders-rows > tr",
    "classroom": "#steps > li",
    "chat": "#lines > li",
}
"""What each view shows once it shows something."""


async def filled(factory):
    """Something to show in every view, in as many colours as there are."""
    bolt = await factory.post("products", BOLT)
    for priority in range(1, 6):
        await factory.alert(bolt, f"#{priority}", priority=priority)
    for state in ("idle", "moving", "charging", "error"):
        robot = {"name": "서빙", "state": state, "position": {"x": 2, "y": 2}, "battery": 20}
        await factory.say("PUT", f"/api/robodine/robots/{state}/", robot)
    for state in ("free", "occupied", "cleaning"):
        await factory.say("PUT", f"/api/robodine/tables/{state}/", {"state": state, "seats": 4})
    order = {"table_id": "t4", "state": "new", "lines": [{"item": "비빔밥", "quantity": 2}], "timestamp": 1}
    await factory.say("PUT", "/api/robodine/orders/o1/", order)
    for status in ("accepted", "in_progress", "result_ready"):
        order = {
            "order_id": status,
            "patient_id": "P-1",
            "department": "radiology",
            "order_type": "CHEST_XRAY",
        }
        await factory.say("POST", "/api/ocs/orders/", order)
        await factory.say("PATCH", f"/api/ocs/orders/{status}/", {"status": status})
    step = {"title": "1단계: 열기", "target_action": "CLICK", "guide_text": "노란색을 누르세요"}
    await factory.say(
        "POST", "/api/sessions/", {"session_code": "DEMO", "title": "사진 보내기", "subtasks": [step]}
    )
    channel = {"channel_url": "demo_chat", "name": "모임", "user_ids": ["1000", "1"], "data": {}}
    await factory.say("POST", "/api/v1/chat/channels/", channel)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("dark", 360)])
async def test_axe_finds_nothing(page, factory, scheme, width):
    await filled(factory)
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 900})
    token = mint_token(KEY, "1000", roles=["INSTRUCTOR"], claims={"departments": ["*"]})
    await page.goto(f"{factory.url}/#token={token}")
    await page.evaluate(AXE.read_text("utf-8"))

    found = {view: await judged(page, view) for view in SHOWN}

    assert found == {view: [] for view in SHOWN}


async def judged(page, view):
    """What axe has against a view, once it is connected and shows something."""
    await page.evaluate("view => { location.hash = `view=${view}`; }", view)
    await expect(page.locator(SHOWN[view]).first).to_be_visible()
    await expect(page.locator("#connection-text")).to_have_text("Connected")
    violations = (await page.evaluate("() => axe.run()"))["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations]
