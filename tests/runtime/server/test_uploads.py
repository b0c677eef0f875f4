"""Files over HTTP: the one part of a form that is read, and the response that carries a file."""

import httpx
import pytest

from wirepact.broker_memory import MemoryBroker
from wirepact.descriptors import ErrorShape, HttpOperation, HttpReply, Limits
from wirepact.messages import FileMessage, Message
from wirepact.server import Node, build_app, http_route
from wirepact.testing import authenticator, serving


class Problem(Message):
    code: str
    message: str


class Picture(FileMessage):
    pass


class Stored(Message):
    name: str
    media_type: str
    size: int


ERROR = ErrorShape(Problem, code=("code",), text=("message",))
PUT = HttpOperation(
    service="pictures",
    name="put",
    method="PUT",
    path="/picture/",
    replies=(HttpReply(200, Stored),),
    body=Picture,
    part="picture",
    error=ERROR,
    limits=Limits(message_bytes=10_000),
)
GET = HttpOperation(
    service="pictures",
    name="get",
    method="GET",
    path="/picture/",
    replies=(HttpReply(200, Picture, media_type="*/*"),),
    error=ERROR,
)


@pytest.fixture
def kept():
    return []


@pytest.fixture
async def http(kept):
    async def put(_caller, body):
        kept.append(body)
        return Stored(name=body.name, media_type=body.media_type, size=len(body.data))

    async def get(_caller):
        return kept[-1]

    node = Node(MemoryBroker(), authenticator())
    app = build_app(node, [http_route(node, PUT, put), http_route(node, GET, get)])
    async with serving(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        yield http


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [
        ("table.png", "image/png", bytes(range(256)) * 8),
        ("메뉴.pdf", "application/pdf", b"\r\n--not-the-boundary\r\n\r\n"),
        ('a "quoted" name', "text/plain", b""),
    ],
)
async def test_a_file_arrives_as_it_was_sent_and_comes_back(http, name, media_type, data):
    answer = await http.put("/picture/", files={"picture": (name, data, media_type)})
    again = await http.get("/picture/")

    assert answer.json() == {"name": name, "media_type": media_type, "size": len(data)}
    assert (again.status_code, again.content) == (200, data)
    assert again.headers["content-type"].partition(";")[0] == media_type


async def test_no_browser_takes_a_file_for_a_page_of_this_site(http):
    await http.put("/picture/", files={"picture": ('x"; filename=y.html\n', b"<script>", "text/html")})

    headers = (await http.get("/picture/")).headers

    assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''x%22%3B")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_a_file_without_a_type_is_some_bytes(http, kept):
    body = b'--b\r\nContent-Disposition: form-data; name="picture"; filename="x"\r\n\r\nabc\r\n--b--\r\n'

    await http.put("/picture/", content=body, headers={"content-type": "multipart/form-data; boundary=b"})

    assert kept == [Picture(name="x", media_type="application/octet-stream", data=b"abc")]


async def test_parts_that_the_document_does_not_name_are_not_looked_at(http):
    files = [("other", ("a", b"1")), ("picture", ("b", b"22"))]

    answer = await http.put("/picture/", files=files, data={"more": "text"})

    assert answer.json()["name"] == "b"


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ([("other", ("a", b"1"))], "picture: is required"),
        ([("picture", ("a", b"1")), ("picture", ("b", b"1"))], "picture: must be given once"),
        ([("picture", (None, b"1"))], "picture: must be a file, with a name"),
    ],
)
async def test_another_form_is_refused_in_the_documents_words(http, files, text):
    answer = await http.put("/picture/", files=files)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_payload")
    assert answer.json()["message"] == text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=b", b"--b\r\n"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"nothing of the kind"),
        ("multipart/form-data", b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: " + b"x" * 5000 + b"\r\n\r\n\r\n--b--\r\n"),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n" * 65,
        ),
    ],
)
async def test_what_is_no_form_is_refused(http, kind, body):
    answer = await http.put("/picture/", content=body, headers={"content-type": kind})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("kind", ["application/json", "image/png", "multipart/mixed; boundary=b", ""])
async def test_a_file_comes_in_a_form_only(http, kind):
    answer = await http.put("/picture/", content=b"{}", headers={"content-type": kind})

    assert answer.status_code == 415


async def test_a_form_has_no_more_bytes_than_the_document_allows(http, kept):
    answer = await http.put("/picture/", files={"picture": ("x", bytes(10_001))})

    assert (answer.status_code, kept) == (413, [])


async def test_the_openapi_document_says_what_a_form_and_a_file_are(http):
    path = (await http.get("/schema/openapi.json")).json()["paths"]["/picture/"]

    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "required": ["picture"], "properties": {"picture": file}}
    assert path["put"]["requestBody"]["content"] == {"multipart/form-data": {"schema": form}}
    assert path["get"]["responses"]["200"]["content"] == {"*/*": {"schema": file}}
