"""Sendbird's Platform API on a port of its own: as much of v3 as a chat provider needs, with its errors and its rate limits.

Tests look into it (`channels`), speak in it as an app with Sendbird's SDK would (`say`), and tell it to misbehave.
"""

import asyncio
import re
import time
from collections import Counter, deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx
from litestar import Request, Response, route

from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving

TOKEN = "a token of a Sendbird application"


class Refused(Exception):
    """An answer that is none."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass
class Channel:
    channel_url: str
    name: str
    data: str
    members: list[str]
    messages: list[dict] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)

    @property
    def texts(self):
        return [each["message"] for each in self.messages]

    def told(self):
        return {
            "channel_url": self.channel_url,
            "name": self.name,
            "data": self.data,
            "custom_type": "",
            "is_distinct": False,
            "is_super": False,
            "is_public": False,
            "freeze": False,
            "member_count": len(self.members),
            "joined_member_count": len(self.members),
            "created_at": 1542756099,
            "unread_message_count": 0,
        }


class SendbirdServer:
    """One application. `users` are those whom it knows; `asked` has every request, as method and path.

    `per_second` limits requests of a method; `delay` is what is said where a test wants a limit to be told.
    """

    def __init__(self, users):
        self.users = set(users)
        self.channels = {}
        self.asked = []
        self.per_second = None
        self.delay = 1
        self.clock = time.time
        self.url = ""
        self.over = asyncio.Event()
        self._faults = deque()
        self._windows = Counter()
        self._next_id = 4_701_000_000

    # what tests do to it

    def misbehave(self, *faults):
        """The next requests are answered so: with an HTTP status, or "never"."""
        self._faults.extend(faults)

    def say(self, channel_url, user_id, text, **more):
        """Somebody says something in their app."""
        body = {"message_type": "MESG", "user_id": user_id, "message": text, **more}
        return self._send(self.channels[channel_url], body)

    def announce(self, channel_url, text):
        """An administrator says something, from the dashboard."""
        return self._kept(self.channels[channel_url], {"type": "ADMM", "message": text})

    def now(self):
        return int(self.clock() * 1000)

    # what it answers

    async def answer(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode().split("?")[0].removeprefix("/v3/")
        parts = tuple(unquote(each) for each in path.split("/"))
        self.asked.append((request.method, path))
        fault = self._faults.popleft() if self._faults else None  # None: it behaves
        if fault == "never":
            await self.over.wait()
        if isinstance(fault, int):
            return self._fault(fault)
        try:
            self._admit(request)
            body = await request.json() if request.method in {"POST", "PUT"} else {}
            answer = self._dispatch(request.method, parts, body, request.query_params)
        except Refused as refused:
            return _error(refused.code, str(refused), refused.status)
        except _Limited as limited:
            return _limited(limited.seconds)
        return Response(answer, status_code=200)

    def _fault(self, status):
        if status == 429:
            return _limited(self.delay)
        if status == 502:
            return Response("<html>Bad Gateway</html>", status_code=502, media_type="text/html")
        return _error(500901, "The request failed unexpectedly.", status)

    def _admit(self, request):
        if request.headers.get("api-token") != TOKEN:
            raise Refused(400401, "Invalid API token.")
        if self.per_second is None:
            return
        window = (request.method, int(self.clock()))
        self._windows[window] += 1
        if self._windows[window] > self.per_second:
            raise _Limited(1 - self.clock() % 1)

    def _dispatch(self, method, parts, body, query):  # noqa: PLR0911 - a line each
        match method, *parts:
            case "POST", "group_channels":
                return self._create(body)
            case "GET", "group_channels":
                return self._channels(query)
            case "GET", "group_channels", url:
                channel = self._channel(url)
                return channel.told() | (
                    {"read_receipt": channel.read} if "show_read_receipt" in query else {}
                )
            case "GET", "group_channels", url, "members":
                return self._members(self._channel(url), query)
            case "GET", "group_channels", url, "members", user:
                joined = user in self._channel(url).members
                return {"is_member": joined, "state": "joined" if joined else "none"}
            case "POST", "group_channels", url, "invite":
                return self._invite(self._channel(url), body)
            case "POST", "group_channels", url, "messages":
                return self._send(self._channel(url), body)
            case "GET", "group_channels", url, "messages":
                return self._list(self._channel(url), query)
            case "PUT", "group_channels", url, "messages", "mark_as_read":
                channel = self._channel(url)
                channel.read[self._member(channel, _text(body, "user_id"))] = self.now()
                return {}
        raise Refused(404100, "The requested resource can't be found.", 404)

    def _create(self, body):
        url = _text(body, "channel_url")
        if re.fullmatch(r"[A-Za-z0-9_-]{4,100}", url) is None:
            raise Refused(400111, '"channel_url" is invalid.')
        if url in self.channels:
            raise Refused(400202, '"channel_url" violates unique constraint.')
        users = _texts(body, "user_ids")
        if body.get("strict"):
            self._known(users)
        members = [each for each in dict.fromkeys(users) if each in self.users]
        self.channels[url] = Channel(url, body.get("name", ""), body.get("data", ""), members)
        return self.channels[url].told()

    def _channels(self, query):
        start, limit = int(query.get("token") or 0), _count(query, "limit", 10, 100)
        found = [
            each for each in self.channels.values() if each.messages or query.get("show_empty") == "true"
        ]
        page = found[start : start + limit]
        return {
            "channels": [each.told() for each in page],
            "next": str(start + limit) if start + limit < len(found) else "",
        }

    def _invite(self, channel, body):
        users = _texts(body, "user_ids")
        self._known(users)
        channel.members += [each for each in dict.fromkeys(users) if each not in channel.members]
        return channel.told()

    def _members(self, channel, query):
        start, limit = int(query.get("token") or 0), _count(query, "limit", 10, 100)
        page = channel.members[start : start + limit]
        more = start + limit < len(channel.members)
        return {
            "members": [{"user_id": each, "nickname": "", "state": "joined"} for each in page],
            "next": str(start + limit) if more else "",
        }

    def _send(self, channel, body):
        user = self._member(channel, _text(body, "user_id"))
        if (copy := body.get("dedup_id")) and any(each["dedup_id"] == copy for each in channel.messages):
            raise Refused(400202, '"dedup_id" violates unique constraint.')
        kind = _text(body, "message_type")
        if kind == "MESG":
            content = {"message": _text(body, "message")}
        elif kind == "FILE":
            content = {
                "message": "",
                "file": {
                    "url": _text(body, "url"),
                    "name": body.get("file_name", ""),
                    "size": body.get("file_size", 0),
                    "type": body.get("file_type", ""),
                },
            }
        else:
            raise Refused(400111, '"message_type" is invalid.')
        more = {each: body.get(each, "") for each in ("custom_type", "data", "dedup_id")}
        return self._kept(
            channel, {"type": kind, "user": {"user_id": user, "nickname": ""}, **content, **more}
        )

    def _kept(self, channel, message):
        self._next_id += 100
        message = {
            "message_id": self._next_id,
            "channel_url": channel.channel_url,
            "created_at": self.now(),
            "updated_at": 0,
            "is_removed": False,
            "data": "",
            "custom_type": "",
            "dedup_id": "",
            **message,
        }
        channel.messages.append(message)
        return message

    def _list(self, channel, query):
        before = _count(query, "prev_limit", 15, 200)
        after = _count(query, "next_limit", 15, 200)
        place = _place(channel.messages, query)
        older = [each for each in channel.messages if place(each) < 0]
        newer = [each for each in channel.messages if place(each) > 0]
        exact = [each for each in channel.messages if place(each) == 0]
        exact = exact if query.get("include", "true") == "true" else []
        found = [*(older[-before:] if before else []), *exact, *newer[:after]]
        return {"messages": found[::-1] if query.get("reverse") == "true" else found}

    def _channel(self, url):
        if url not in self.channels:
            raise Refused(400201, '"Channel" not found.')
        return self.channels[url]

    def _known(self, users):
        if not self.users.issuperset(users):
            raise Refused(400201, '"User" not found.')

    def _member(self, channel, user):
        self._known([user])
        if user not in channel.members:
            raise Refused(900020, "User is not a member of the channel.")
        return user


class _Limited(Exception):
    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


class Losing(httpx.AsyncBaseTransport):
    """A network that delivers requests, and loses as many answers as it is told to."""

    def __init__(self, transport):
        self._transport = transport
        self.loses = 0

    async def handle_async_request(self, request):
        response = await self._transport.handle_async_request(request)
        await response.aread()
        if self.loses:
            self.loses -= 1
            raise httpx.ReadError("lost", request=request)
        return response

    async def aclose(self):
        await self._transport.aclose()


@asynccontextmanager
async def sendbird(users=("1", "2", "3")):
    """A Sendbird of its own, while the block lasts."""
    here = SendbirdServer(users)

    @route("/v3/{path:path}", http_method=["GET", "POST", "PUT"], include_in_schema=False)
    async def everything(request: Request) -> Response:
        return await here.answer(request)

    node = Node(MemoryBroker(), authenticator(), Settings())
    async with serving(build_app(node, [], handlers=[everything])) as url:
        here.url = url
        try:
            yield here
        finally:
            here.over.set()


def _error(code, message, status):
    return Response({"error": True, "code": code, "message": message}, status_code=status)


def _limited(seconds):
    response = _error(500910, "Too many requests.", 429)
    response.headers["X-RateLimit-RetryAfter"] = f"{seconds:g}"
    return response


def _text(body, name):
    if name not in body:
        raise Refused(400105, f'"{name}" must be specified.')
    if not isinstance(body[name], str):
        raise Refused(400100, f'"{name}" must be string.')
    return body[name]


def _texts(body, name):
    texts = body.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise Refused(400102, f'"{name}" must be list.')
    if len(texts) > 100:
        raise Refused(400110, f'"{name}" is too long.')
    return texts


def _count(query, name, default, most):
    count = int(query.get(name, default))
    if not 0 <= count <= most:
        raise Refused(400111, f'"{name}" is out of range.')
    return count


def _place(messages, query):
    """Where a message stands: before, at, or after the one or the moment that is asked for."""
    if "message_id" in query:
        ids = [each["message_id"] for each in messages]
        if int(query["message_id"]) not in ids:
            raise Refused(400201, '"Message" not found.')
        at = ids.index(int(query["message_id"]))
        return lambda each: ids.index(each["message_id"]) - at
    if "message_ts" in query:
        return lambda each: each["created_at"] - int(query["message_ts"])
    raise Refused(400105, '"message_ts" must be specified.')
