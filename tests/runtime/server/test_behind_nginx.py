"""The sample configuration for nginx, with a real nginx in front of a real server."""

import asyncio
import re
import shutil
import socket
import subprocess
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from sites import closed, hear, received, running
from wirepact.client import Client, Disconnected, Missed, Reconnect
from wirepact.testing import token
from works import HALL, Alarm, Notice

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
SAMPLE = Path(__file__).parents[3] / "docs" / "nginx.conf"
MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/wirepact.conf;
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


def adapted(folder, port, upstream, changes):
    """The sample for another port, its logs in *folder*, and what a test wants to be quicker or less."""
    text = SAMPLE.read_text()
    for was, now in {
        "127.0.0.1:8000": upstream,
        "listen 80;": f"listen unix:{folder}/nginx.sock; listen 127.0.0.1:{port};",
        "/var/log/nginx": str(folder),
        **changes,
    }.items():
        assert was in text, was
        text = text.replace(was, now)
    return text


@contextmanager
def nginx(folder, port, upstream, changes):
    (folder / "wirepact.conf").write_text(adapted(folder, port, upstream, changes))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


class Front:
    """What a client of the proxy does."""

    def __init__(self, site, folder, port):
        self.site = site
        self.url = f"ws://127.0.0.1:{port}"
        self.socket = str(folder / "nginx.sock")

    def hall(self):
        return connect(
            f"ws://works.example/ws/hall/1/?token={token()}", unix=True, path=self.socket, compression=None
        )

    def http(self):
        transport = httpx.AsyncHTTPTransport(uds=self.socket)
        return httpx.AsyncClient(base_url="http://works.example", transport=transport)


@asynccontextmanager
async def front(folder, changes=None, **settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with running(**settings) as site:
        with nginx(folder, port, site.url.removeprefix("ws://"), changes or {}):
            here = Front(site, folder, port)
            async with asyncio.timeout(10):
                while not Path(here.socket).exists():  # noqa: ASYNC110, ASYNC240 - nginx tells nobody
                    await asyncio.sleep(0.01)
            yield here


@pytest.fixture
def folder(tmp_path):
    """A short one: a socket's path may not be long."""
    with suppress(FileNotFoundError):
        tmp_path.chmod(0o755)
    return tmp_path


async def test_websockets_and_requests_go_through_and_no_token_reaches_its_logs(folder):
    async with front(folder) as here:
        async with here.hall() as client:
            assert (await hear(client))["type"] == "welcome"
            await here.site.publisher.alarm(Alarm(text="through"), hall=1)
            assert (await hear(client))["text"] == "through"
        async with here.http() as http:
            answer = await http.get("/api/notes/", headers={"authorization": f"Bearer {token()}"})
            unknown = await http.get(f"/nowhere?token={token()}")

    logs = "".join(each.read_text() for each in folder.glob("*.log"))
    assert (answer.status_code, unknown.status_code) == (200, 404)
    assert '"GET /ws/hall/1/" 101' in logs
    assert "eyJ" not in logs


async def test_a_client_is_known_by_its_own_address_and_not_by_what_it_says(folder):
    async with front(folder, trusted_proxies="127.0.0.1") as here:
        url = f"{here.url}/ws/hall/1/?token={token()}"
        pretended = {"X-Forwarded-For": "203.0.113.9"}
        async with connect(url, local_addr=("127.0.0.2", 0), additional_headers=pretended) as client:
            await hear(client)
            [connection] = here.site.node.connections

            assert connection.visitor.host == "127.0.0.2"


async def test_what_watches_over_processes_is_not_for_the_public(folder):
    async with front(folder) as here, here.http() as http:
        asked = [await http.get(path) for path in ("/metrics", "/health/ready", "/health/live")]

    assert [each.status_code for each in asked] == [404, 404, 404]


@pytest.mark.faults(row=33)
async def test_half_an_upgrade_never_reaches_the_server_and_is_cut_while_others_come_in(folder):
    changes = {
        "client_header_timeout 10s": "client_header_timeout 1s",
        "_connections 100": "_connections 1000",
    }
    async with front(folder, changes) as here:
        halves = [await asyncio.open_unix_connection(here.socket) for _ in range(200)]
        for _, writer in halves:
            writer.write(b"GET /ws/hall/1/ HTTP/1.1\r\nHost: works.example\r\nUpgrade: webso")

        async with here.hall() as client:
            assert (await hear(client))["type"] == "welcome"
            seen = len(here.site.node)
        ends = await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in halves)), 20)
        for _, writer in halves:
            writer.close()

    assert seen == 1
    assert {each.partition(b"\r\n")[0] for each in ends} <= {b"", b"HTTP/1.1 408 Request Time-out"}
    access = (folder / "wirepact.log").read_text()
    assert len(re.findall(r'/ws/hall/1/" 101', access)) == 1


@pytest.mark.faults(row=41)
async def test_pings_keep_a_quiet_connection_open_behind_a_proxy_that_cuts_silence(folder):
    changes = {"proxy_read_timeout 60s": "proxy_read_timeout 1s"}
    async with front(folder, changes, ping_interval=0.3) as here, here.hall() as client:
        await hear(client)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.recv(), 2.5)

        await here.site.publisher.alarm(Alarm(text="still here"), hall=1)

        assert (await hear(client))["text"] == "still here"


@pytest.mark.faults(row=41)
async def test_a_proxy_that_cuts_before_the_ping_is_seen_as_a_connection_that_was_lost(folder):
    changes = {"proxy_read_timeout 60s": "proxy_read_timeout 1s"}
    async with front(folder, changes, ping_interval=30) as here, here.hall() as client:
        await hear(client)

        assert (await closed(client))[0] == 1006


@pytest.mark.faults(row=41)
async def test_a_client_behind_such_a_proxy_comes_back_and_has_missed_nothing(folder):
    changes = {"proxy_read_timeout 60s": "proxy_read_timeout 1s"}
    soon = Reconnect(first=0.01, longest=0.05)
    async with front(folder, changes, ping_interval=30) as here:
        client = Client(here.url, token=token("ada"), reconnect=soon)
        async with client.open(HALL, hall=1) as hall:
            seen = []
            async with asyncio.timeout(20):
                async for event in hall.events():
                    seen.append(event)
                    if isinstance(event, Disconnected):
                        await here.site.publisher.notice(Notice(text="meanwhile"), hall=1)
                    if isinstance(event, Notice):
                        break

    kinds = [type(each) for each in seen]
    assert kinds.index(Disconnected) < kinds.index(Notice)
    assert Missed not in kinds


async def test_one_address_has_so_many_connections_and_is_told_429(folder):
    changes = {"wirepact_connections 100": "wirepact_connections 2"}
    async with front(folder, changes) as here, here.hall() as one, here.hall() as two:
        await hear(one)
        await hear(two)

        with pytest.raises(InvalidStatus) as refused:
            await here.hall()

    assert refused.value.response.status_code == 429


async def test_a_close_code_and_what_came_before_it_pass_through(folder):
    async with front(folder) as here, here.hall() as client:
        await hear(client)
        await here.site.publisher.alarm(Alarm(text="last"), hall=1)
        await here.site.node.drain()

        assert [each async for each in received(client)] == ['{"type":"alarm","text":"last"}']
        assert await closed(client) == (1001, "The works closes")
