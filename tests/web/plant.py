"""The factory that the page looks at: the application, and the back end that feeds it."""

from contextlib import AsyncExitStack

import httpx

from handlers.app import create_app
from sites import until
from wirepact.auth import mint_token
from wirepact.testing import KEY, serving

BOLT = {"code": "BOLT-M10", "name": "M10 볼트", "lsl": 9.5, "usl": 10.5, "target": 10.0, "subgroup_size": 5}
NUT = {"code": "NUT-M10", "name": "M10 너트", "lsl": 15.8, "usl": 16.2, "target": 16.0, "subgroup_size": 4}


class Backend:
    """What feeds a server over HTTP."""

    def __init__(self, url):
        self.url = url

    async def post(self, path, body):
        """What the back end says; gives the id of what it became."""
        return (await self.say("POST", f"/api/spc/{path}/", body))["id"]

    async def say(self, method, path, body=None):
        """The same of any service; gives the answer."""
        headers = {"authorization": f"Bearer {mint_token(KEY, 'backend', roles=['SERVICE'])}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False) as http:
            response = await http.request(method, path, json=body)
        assert response.is_success, response.text
        return response.json()

    async def alert(
        self, product, title="규격 이탈", *, priority=4, message="측정값이 상한 규격을 초과했습니다"
    ):
        kind = {"alert_type": "OUT_OF_SPEC", "priority": priority, "title": title, "message": message}
        return await self.post("alerts", {"product": product, **kind})

    async def measure(self, product, value, sample, *, size=5):
        place = {"sample_number": sample, "subgroup_number": (sample - 1) // size + 1}
        return await self.post("measurements", {"product": product, "measurement_value": value, **place})


class Factory(Backend):
    """The application on a port of its own, which can be shut down and started again, and its back end."""

    def __init__(self):
        super().__init__("")
        self._running = AsyncExitStack()
        self.app = None

    async def start(self):
        self.app = create_app()
        port = httpx.URL(self.url).port or 0
        self.url = await self._running.enter_async_context(serving(self.app, port=port))

    async def stop(self):
        await self._running.aclose()

    async def is_heard(self, *, products=0):
        """Wait until the page hears everything that is said to all, and about so many products."""
        await until(lambda: len(self.app.node.fanout) == 1 + products)

    async def hears(self, listeners):
        """Wait until there are so many audiences that somebody listens for."""
        await until(lambda: len(self.app.node.fanout) == listeners)
