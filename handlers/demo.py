"""Feeds a running server with a believable life, so that its page comes alive: `make demo`.

Speaks HTTP as the factory's back end would, with a token that it mints from the server's key. What it feeds
depends on `--seed` alone; where products exist already, it goes on with sample numbers that are free.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import cycle
from random import Random
from typing import Any
from urllib.parse import urlsplit

import click

from handlers.spc.life import LINES, Alerted, Analyzed, Line, Part, baseline, life
from wirepact.auth import mint_token
from wirepact.errors import Misconfigured
from wirepact.settings import Settings

CONFLICT = 409

_POSITIVE = click.FloatRange(min=0, min_open=True)


class Unfed(click.ClickException):
    """The server can't be fed; the sentence says what to do."""


class Server:
    """The HTTP side of a server, for one back end."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "localhost", parts.port, timeout=10)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._url = url

    def get(self, path: str) -> Any:
        """What stands at *path*."""
        return self._exchange("GET", path)[1]

    def post(self, path: str, body: Mapping[str, object]) -> int | None:
        """The id of what *body* became, or None if it clashes with what is there."""
        status, reply = self._exchange("POST", path, json.dumps(body))
        return None if status == CONFLICT else int(reply["id"])

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _exchange(self, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
        try:
            self._connection.request(method, path, body, self._headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            raise Unfed(f'no server answers at {self._url} ({error}); start one with "make run"') from error
        if response.status in {200, 201, CONFLICT}:
            return response.status, json.loads(content)
        raise Unfed(_refused(method, path, response.status, content))


def _refused(method: str, path: str, status: int, content: bytes) -> str:
    hint = "; is it the server that uses this WIREPACT_JWT_SECRET?" if status in {401, 403} else ""
    return f"{method} {path} was answered with {status}: {content.decode(errors='replace')[:200]}{hint}"


@dataclass(slots=True)
class Feed:
    """One product's life, and the number of the sample that comes next."""

    server: Server
    line: Line
    product_id: int
    parts: Iterator[Part]
    sample_number: int = 1

    def next_part(self) -> str:
        """Feed the next part and what comes of it. Gives that in words."""
        part = next(self.parts)
        self.feed(part)
        words = [f"{self.line.code} sample {self.sample_number - 1}: {part.value:g}"]
        return ", ".join([*words, *(_told(each) for each in part.then)])

    def feed(self, part: Part) -> None:
        """Feed one part and what comes of it."""
        while not self._is_stored(part.value):
            self._skip()
        self.sample_number += 1
        for each in part.then:
            self._feed_consequence(each)

    def _feed_consequence(self, event: Alerted | Analyzed) -> None:
        match event:
            case Alerted():
                self.server.post("/api/spc/alerts/", {"product": self.product_id, **asdict(event)})
            case Analyzed():
                self.server.post("/api/spc/capability/", {"product": self.product_id})

    def _is_stored(self, value: float) -> bool:
        reading = {
            "product": self.product_id,
            "measurement_value": value,
            "sample_number": self.sample_number,
            "subgroup_number": self._subgroup(),
        }
        return self.server.post("/api/spc/measurements/", reading) is not None

    def _skip(self) -> None:
        """Go on with a subgroup twice as far: a few steps lead past whatever was fed before."""
        self.sample_number = (2 * self._subgroup() - 1) * self.line.subgroup_size + 1

    def _subgroup(self) -> int:
        return (self.sample_number - 1) // self.line.subgroup_size + 1


def feeds(server: Server, seed: int) -> list[Feed]:
    """A feed for each line, its product made and measured often enough for its limits to be known."""
    known = {each["code"]: each for each in _products(server)}
    return [_feed(server, line, known.get(line.code), Random(f"{seed} {line.code}")) for line in LINES]  # noqa: S311  # no secret hangs on it


def _products(server: Server) -> Iterator[dict[str, Any]]:
    after: int | None = 0
    while after is not None:
        page = server.get(f"/api/spc/products/?limit=100&after={after}")
        yield from page["products"]
        after = page.get("next")


def _feed(server: Server, line: Line, known: dict[str, Any] | None, random: Random) -> Feed:
    product_id = known["id"] if known else server.post("/api/spc/products/", _product(line))
    if product_id is None:
        raise Unfed(f"somebody else is making {line.code} right now; try again")
    feed = Feed(server, line, product_id, life(line, random))
    if known is None or "control_limits" not in known:
        for part in baseline(line, random):
            feed.feed(part)
    return feed


def _product(line: Line) -> dict[str, object]:
    return {
        "code": line.code,
        "name": line.name,
        "lsl": line.lsl,
        "usl": line.usl,
        "target": line.target,
        "subgroup_size": line.subgroup_size,
    }


def _told(event: Alerted | Analyzed) -> str:
    return event.title if isinstance(event, Alerted) else "analyzed"


def run(feeds: list[Feed], *, goes_on: Callable[[], bool], pause: Callable[[], None]) -> None:
    """Measure a part of each line in turn, with a pause after each, while *goes_on*."""
    for feed in cycle(feeds):
        if not goes_on():
            return
        click.echo(feed.next_part(), err=True)
        pause()


@click.command()
@click.option("--url", default="http://localhost:8000", show_default=True, help="The server to feed.")
@click.option("--minutes", type=_POSITIVE, default=30.0, show_default=True, help="How long.")
@click.option("--speed", type=_POSITIVE, default=2.0, show_default=True, help="Parts a second.")
@click.option("--seed", default=1, show_default=True, help="The same seed feeds the same.")
def main(url: str, minutes: float, speed: float, seed: int) -> None:
    """Feed a running server, so that its page comes alive."""
    try:
        key = Settings.load().jwt_key()
    except Misconfigured as error:
        raise Unfed(str(error)) from error
    server = Server(url, mint_token(key, "demo", roles=["SERVICE"], ttl=timedelta(minutes=minutes + 5)))
    end = time.monotonic() + minutes * 60
    try:
        run(
            feeds(server, seed),
            goes_on=lambda: time.monotonic() < end,
            pause=lambda: time.sleep(1 / speed),
        )
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        server.close()


if __name__ == "__main__":
    main()
