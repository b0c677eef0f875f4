"""How wide windows are."""

WIDTHS = (360, 800, 1100, 1440)


async def fits(page):
    """Wait until nothing runs out of the window, whatever its width; fails if something goes on to."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        await page.wait_for_function("width => document.documentElement.scrollWidth === width", arg=width)
