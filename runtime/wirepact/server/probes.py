"""What those who watch over a process ask it: whether it lives, whether it is ready, and what it has measured."""

from collections.abc import Sequence

from litestar import get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from wirepact.server.metrics import CONTENT_TYPE
from wirepact.server.node import Node


def probes(node: Node) -> Sequence[ControllerRouterHandler]:
    """The routes `/health/live`, `/health/ready` and, unless it is turned off, `/metrics`."""

    @get("/health/live", include_in_schema=False, sync_to_thread=False)
    def live() -> dict[str, str]:
        """Whether the process runs."""
        return {"status": "live"}

    @get("/health/ready", include_in_schema=False, sync_to_thread=False)
    def ready() -> Response[dict[str, str]]:
        """Whether new connections are welcome, and would hear what is published."""
        return Response({"status": node.state}, status_code=200 if node.state == "ready" else 503)

    @get("/metrics", include_in_schema=False, sync_to_thread=False)
    def metrics() -> Response[bytes]:
        """What was counted and measured, for Prometheus."""
        node.sample()
        return Response(node.metrics.text(), headers={"content-type": CONTENT_TYPE})

    return [live, ready, metrics] if node.settings.metrics == "on" else [live, ready]
