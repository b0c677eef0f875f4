"""The packed ES modules are what a browser reads: they load in Chromium as they are, without a bundler."""

import json
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from packages.lives import LIFE, WITHOUT_EVENTS
from web.conftest import FLAGS

SITE = "http://packages.test/"
PAGE = """
<script src="without-dom-events.cjs"></script>
<script type="importmap">{}</script>
"""
PROGRAM = """async (entries) => {
  const loaded = Object.fromEntries(await Promise.all(entries.map(async (each) => [each, await import(each)])));
  const { life } = await import("/life.mjs");
  return {
    eventClasses: Object.getOwnPropertyNames(globalThis).filter((name) => name.endsWith("Event")),
    holds: Object.fromEntries(Object.entries(loaded).map(([name, held]) => [name, Object.keys(held).length])),
    seen: await life(loaded["@wirepact/services/spc"], loaded["@wirepact/client"]),
  };
}"""
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".cjs": "text/javascript"}


def import_map(packages):
    """Where a browser finds each entry that needs no peer, which it could not load."""
    return {
        each.imported(entry): f"/node_modules/{each.name}/{targets[1]}"
        for each in packages
        for entry, targets in each.entries.items()
        if entry.removeprefix("./") not in each.manifest.get("peerDependencies", {})
    }


async def serve(route, folder, page):
    """Answers what the page asks for out of *folder*."""
    path = Path(route.request.url.removeprefix(SITE))
    if path == Path():
        await route.fulfill(body=page, content_type="text/html")
    elif path.name == WITHOUT_EVENTS.name:
        await route.fulfill(path=WITHOUT_EVENTS, content_type="text/javascript")
    else:
        await route.fulfill(path=folder / path, content_type=TYPES[path.suffix])


@pytest.mark.browser
async def test_a_connection_lives_in_chromium_without_event_classes(program, packages):
    imports = import_map(packages)
    page = PAGE.format(json.dumps({"imports": imports}))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        window = await browser.new_page()
        await window.route(f"{SITE}**", lambda route: serve(route, program, page))
        await window.goto(SITE)

        told = await window.evaluate(PROGRAM, list(imports))

    assert told["eventClasses"] == []
    assert told["seen"] == LIFE
    assert "@wirepact/client" in told["holds"]
    assert all(told["holds"].values())
