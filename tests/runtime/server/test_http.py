"""HTTP operations: bodies, queries, refusals and what is answered to everything else."""

import asyncio
import logging
from dataclasses import replace

import httpx
import pytest

import works
from sites import running
from wirepact.descriptors import Limits
from wirepact.errors import OutOfReach, Unavailable
from wirepact.testing import token

SERVICE = {"Authorization": f"Bearer {token(roles=['SERVICE'])}"}
USER = {"Authorization": f"Bearer {token()}"}
NOTE = {"hall": 1, "text": "값"}


@pytest.fixture
async def site():
    async with running() as site:
        yield site


@pytest.fixture
async def http(site):
    async with httpx.AsyncClient(base_url=site.url.replace("ws", "http", 1), headers=SERVICE) as client:
        yield client


def problem(code, message):
    return {"type": "error", "code": code, "message": message}


async def test_a_body_is_answered_with_the_documents_reply_and_status(http, site):
    response = await http.post("/api/notes/", json=NOTE)

    assert (response.status_code, response.text) == (201, '{"id":1}')
    assert response.headers["content-type"] == "application/json"
    assert site.handlers.notes == ["값"]


async def test_what_the_document_has_no_reply_for_is_answered_without_content(http, site):
    site.handlers.notes.append("x")

    response = await http.delete("/api/all-notes/")

    assert (response.status_code, response.content) == (204, b"")
    assert site.handlers.notes == []


async def test_a_path_works_without_its_last_slash(http):
    assert (await http.post("/api/notes", json=NOTE)).status_code == 201


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("{", "bad_request", "is not valid JSON"),
        ("", "bad_request", "is not valid JSON"),
        ("[]", "bad_request", "must be a JSON object"),
        ("[" * 900, "bad_request", "is nested too deeply"),
        (b"\xff", "bad_request", "is not valid JSON"),
        ("{}", "invalid_payload", "hall: is required; text: is required"),
        ('{"hall":"1","text":"x"}', "invalid_payload", "hall: must be an integer"),
        (
            '{"hall":0,"text":""}',
            "invalid_payload",
            "hall: must be at least 1; text: must have a length of at least 1",
        ),
    ],
)
async def test_a_bad_body_is_refused_in_the_documents_words(http, body, code, message):
    response = await http.post("/api/notes/", content=body, headers={"Content-Type": "application/json"})

    assert (response.status_code, response.json()) == (400, problem(code, message))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("Application/JSON", 201),
        ("application/vnd.note+json", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("text/json", 415),
        ("", 415),
    ],
)
async def test_a_body_must_be_declared_as_json(http, kind, status):
    response = await http.post("/api/notes/", content='{"hall":1,"text":"x"}', headers={"Content-Type": kind})

    assert response.status_code == status
    if status == 415:
        assert response.json() == problem("bad_request", "send the body as application/json")


async def test_a_large_body_is_refused_before_it_is_sent(site):
    host, port = site.url.removeprefix("ws://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    headers = (
        f"Authorization: {SERVICE['Authorization']}\r\nContent-Type: application/json\r\nContent-Length: 1001"
    )

    writer.write(f"POST /api/notes/ HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n".encode())

    assert await asyncio.wait_for(reader.readline(), 5) == b"HTTP/1.1 413 Request Entity Too Large\r\n"
    writer.close()
    await writer.wait_closed()


async def test_a_large_body_is_not_read_to_its_end(http):
    async def slowly():
        for _ in range(50):
            yield b" " * 100

    announced = await http.post("/api/notes/", json=NOTE | {"text": "x" * 1000})
    streamed = await http.post("/api/notes/", content=slowly(), headers={"Content-Type": "application/json"})

    assert announced.status_code == streamed.status_code == 413
    assert announced.json() == streamed.json() == problem("too_large", "a body has at most 1000 bytes")


async def test_who_may_call_is_checked_first(http):
    nobody = await http.post("/api/notes/", content="{", headers={"Authorization": ""})
    forged = await http.post("/api/notes/", content="{", headers={"Authorization": "Bearer x.y.z"})
    user = await http.post("/api/notes/", content="{", headers=USER)

    assert nobody.status_code == forged.status_code == 401
    assert nobody.headers["www-authenticate"] == "Bearer"
    assert nobody.json() == problem("unauthorized", "a token is needed")
    assert (user.status_code, user.json()["code"]) == (403, "permission_denied")


async def test_roles_are_needed_where_unknown_callers_are_let_in_too():
    async with running(anonymous=True) as site, httpx.AsyncClient() as http:
        url = site.url.replace("ws", "http", 1)

        assert (await http.get(f"{url}/api/notes/")).status_code == 200
        assert (await http.post(f"{url}/api/notes/", json=NOTE)).status_code == 401


async def test_a_cookie_counts_only_for_pages_of_this_site(http):
    session = {"Authorization": "", "Cookie": f"session={token(roles=['SERVICE'])}"}

    here = await http.post("/api/notes/", json=NOTE, headers=session)
    there = await http.post("/api/notes/", json=NOTE, headers=session | {"Origin": "https://evil.example"})

    assert (here.status_code, there.status_code) == (201, 403)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "limit: must be at least 1"),
        ("limit=", "limit: must be an integer"),
        ("limit=x", "limit: must be an integer"),
        ("limit=1_0", "limit: must be an integer"),
        ("limit=%2B1", "limit: must be an integer"),
        ("limit=+1", "limit: must be an integer"),
        ("limit=1.0", "limit: must be an integer"),
        ("limit=01", "limit: must be an integer"),
        ("limit=%EF%BC%91", "limit: must be an integer"),
        ("limit=true", "limit: must be an integer"),
        ("limit=1&limit=2", "limit: must be given once"),
        ("hall=null", "hall: must be an integer"),
    ],
)
async def test_a_query_is_as_strict_as_a_body(http, query, message):
    response = await http.get(f"/api/notes/?{query}")

    assert (response.status_code, response.json()) == (400, problem("invalid_payload", message))


async def test_a_query_is_read_by_its_model(http, site):
    site.handlers.notes += ["a", "10", "값"]

    async def notes(query):
        return (await http.get(f"/api/notes/?{query}")).json()["notes"]

    assert await notes("") == ["a", "10", "값"]
    assert await notes("limit=2&unknown=1") == ["a", "10"]
    assert await notes("text=10") == ["10"]
    assert await notes("text=%EA%B0%92&hall=-1") == ["값"]


@pytest.mark.parametrize("query", ["text=%ff", "%ff=1"])
async def test_a_query_that_is_not_utf8_is_refused(http, query):
    response = await http.get(f"/api/notes/?{query}")

    assert response.json() == problem("bad_request", "the query is not percent-encoded UTF-8")


async def test_a_parameter_of_the_path_is_read_as_its_type(http, site):
    site.handlers.notes.append("a")

    assert (await http.get("/api/notes/1/")).json() == {"notes": ["a"]}
    assert (await http.get("/api/notes/2/")).json() == problem("not_found", "there is no note 2")
    assert (await http.get("/api/notes/x/")).json() == problem("not_found", "id: must be an integer")


async def test_a_handlers_refusal_has_its_status(http):
    await http.post("/api/notes/", json=NOTE)

    again = await http.post("/api/notes/", json=NOTE)

    assert (again.status_code, again.json()) == (409, problem("conflict", "this note is there already"))


async def test_a_broken_handler_is_our_fault_and_says_nothing_about_it(http, faults):
    response = await http.post("/api/notes/", json=NOTE | {"text": "boom"})

    assert response.status_code == 500
    assert response.json() == problem("internal", "something went wrong; it has been logged")
    assert faults() == ["handler failed"]


async def test_what_a_handler_can_not_reach_may_be_had_later(http, site, monkeypatch):
    async def away(*_, **__):
        raise Unavailable("redis", "not connected")

    monkeypatch.setattr(site.publisher, "alarm", away)

    response = await http.post("/api/notes/", json=NOTE | {"text": "tell all"})

    assert response.status_code == 503
    assert response.json()["message"] == "this can't be done right now; try again later"


async def test_a_refusal_that_knows_when_to_come_back_says_so(http, site, monkeypatch):
    async def busy(*_, **__):
        raise OutOfReach("somebody else is busy", delay=1.2)

    monkeypatch.setattr(site.publisher, "alarm", busy)

    response = await http.post("/api/notes/", json=NOTE | {"text": "tell all"})

    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


async def test_a_method_that_the_document_does_not_have_is_refused_in_its_words(http):
    response = await http.delete("/api/notes/")

    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}
    assert response.json() == problem("bad_request", "only POST, GET, HEAD here")


async def test_head_and_options_are_answered(http):
    head = await http.head("/api/notes/")
    options = await http.options("/api/notes/")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len('{"notes":[]}'))
    assert options.status_code == 204
    assert set(options.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere/", 404, "not_found"),
        ("POST", "/health/live", 405, "bad_request"),
        ("GET", "/ws/hall/1/", 426, "bad_request"),
    ],
)
async def test_what_no_document_covers_is_answered_without_a_word_about_the_inside(
    http, method, path, status, code
):
    response = await http.request(method, path)

    assert response.status_code == status
    assert response.json()["code"] == code
    assert response.json().keys() == {"code", "message"}


async def test_health_is_live_and_ready_until_the_drain(http, site):
    assert (await http.get("/health/live")).json() == {"status": "live"}
    assert (await http.get("/health/ready")).json() == {"status": "ready"}

    await site.node.drain()

    assert (await http.get("/health/live")).status_code == 200
    ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})


@pytest.mark.parametrize(("settings", "of_the_document"), [(0.1, None), (30, 0.1)])
async def test_a_body_that_never_comes_is_not_waited_for_longer_than_the_deadline(
    settings, of_the_document, monkeypatch
):
    hasty = replace(works.CREATE_NOTE, limits=Limits(deadline=of_the_document))
    monkeypatch.setattr(works, "CREATE_NOTE", hasty)

    async with running(handler_deadline=settings) as site:
        host, port = site.url.removeprefix("ws://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        headers = f"Authorization: {SERVICE['Authorization']}\r\nContent-Type: application/json\r\nContent-Length: 9"
        writer.write(f"POST /api/notes/ HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n{{".encode())

        status = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        await writer.wait_closed()

    assert status == b"HTTP/1.1 408 Request Timeout\r\n"


async def test_no_token_and_no_query_reach_the_log(http, caplog):
    caplog.set_level(logging.DEBUG)

    await http.get(f"/api/notes/?token={token()}", headers={"Authorization": ""})

    lines = [each.getMessage() for each in caplog.records if not each.name.startswith(("httpx", "httpcore"))]
    assert any("GET /api/notes/ HTTP" in line for line in lines)
    assert not [line for line in lines if "eyJ" in line or "token=" in line]
