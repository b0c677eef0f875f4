"""The page at `/`: what `make web` built, as files.

Its assets have their content's hash in their names, so browsers may keep them; `index.html` names them, so
browsers may not. Nothing here is a secret: the page says who it is as any other client does.

Images that take a token are fetched with it and shown from the page's memory (`blob:`): no address of an image carries a token.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from litestar import MediaType, get
from litestar.datastructures import CacheControlHeader
from litestar.response import Response
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

BUILT: Final = Path(__file__).parent.parent / "web" / "dist"

_YEAR: Final = 365 * 24 * 60 * 60

_HEADERS: Final = {
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_NOT_BUILT: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Wirepact</title>
<p>The server runs. Its page is not built yet: run <code>make web</code> and reload.</p>
</html>
"""


def page(folder: Path = BUILT) -> Sequence[ControllerRouterHandler]:
    """What serves the page that was built into *folder*, now or later."""

    @get("/", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=True)
    def index() -> Response[str]:
        """The page, or a word on how to build it."""
        try:
            return Response((folder / "index.html").read_text(encoding="utf-8"), headers=_HEADERS)
        except FileNotFoundError:
            return Response(_NOT_BUILT, status_code=503, headers=_HEADERS)

    assets = create_static_files_router(
        "/assets",
        directories=[folder / "assets"],
        name="assets",
        cache_control=CacheControlHeader(max_age=_YEAR, public=True, immutable=True),
    )
    return [index, assets]
