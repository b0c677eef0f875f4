"""Conversations as they stand in their files. `README.md` is the description of the format; this holds files to it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FOLDER = Path(__file__).parent / "conversations"
PLAYERS = ("plain", "python", "typescript")

Player = Literal["plain", "python", "typescript"]


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class File(Step):
    """A file that is sent as the *part* of a form."""

    part: str
    name: str
    type: str
    text: str


class Http(Step):
    http: Annotated[str, Field(pattern=r"^(GET|POST|PUT|PATCH|DELETE) [/$]\S*$")]
    as_: Annotated[str, Field(alias="as")]
    status: int
    body: Any = None
    file: File | None = None
    reply: Any = None
    reply_text: str | None = None
    keep: dict[str, str] = {}


class Connect(Step):
    connect: str
    channel: str
    as_: Annotated[str, Field(alias="as")]
    parameters: dict[str, str | int] = {}


class Send(Step):
    send: str
    message: dict[str, Any]


class SendText(Step):
    send_text: str
    text: str


class SendBinary(Step):
    send_binary: str
    hex: Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]


class Expect(Step):
    expect: str
    message: dict[str, Any]


class ExpectAll(Step):
    expect_all: str
    messages: Annotated[list[dict[str, Any]], Field(min_length=2)]


class ExpectText(Step):
    expect_text: str
    text: str


class Close(Step):
    close: str


class Closed(Step):
    closed: str
    code: int
    reason: str | None = None


AnyStep = Http | Connect | Send | SendText | SendBinary | Expect | ExpectAll | ExpectText | Close | Closed


class Conversation(Step):
    service: str
    claim: str
    players: Annotated[list[Player], Field(min_length=1)] = list(PLAYERS)
    steps: Annotated[list[AnyStep], Field(min_length=1)]


@dataclass(frozen=True)
class Script:
    """A conversation and the file that it stands in."""

    path: Path

    @property
    def source(self) -> dict[str, Any]:
        """The conversation as data, for players outside Python: `each` is written out."""
        read = _read(self.path)
        return {**read, "steps": [single for step in read["steps"] for single in _singly(step)]}

    @property
    def conversation(self) -> Conversation:
        return Conversation.model_validate(self.source)

    def __str__(self) -> str:
        return f"{self.path.parent.name}-{self.path.stem}"


class Setting(Step):
    """What a service needs before its channels can be tried, and what its schemas can not say.

    `steps` come first; `channels` has parameters to connect with, `unasked` the messages of a channel that tell who comes and
    goes, which is nobody's answer. `unsayable` names HTTP operations that refuse
    bodies which fit their schemas, each with the rule.
    """

    steps: list[Http] = []
    channels: dict[str, dict[str, str | int]] = {}
    unasked: dict[str, list[str]] = {}
    unsayable: dict[str, str] = {}


def scripts() -> list[Script]:
    named = {"identities.yaml", "setting.yaml"}
    return [Script(path) for path in sorted(FOLDER.glob("*/*.yaml")) if path.name not in named]


def setting(service: str) -> Setting:
    path = FOLDER / service / "setting.yaml"
    return Setting.model_validate(_read(path) if path.exists() else {})


def identities(service: str) -> dict[str, dict[str, Any]]:
    """The claims of everyone who may be named in the conversations of *service*, `nobody` and the bad tokens aside."""
    path = FOLDER / service / "identities.yaml"
    known = {"user": {"sub": "user-1", "name": "Kim"}, "service": {"sub": "backend", "roles": ["SERVICE"]}}
    return known | TypeAdapter(dict[str, dict[str, Any]]).validate_python(
        _read(path) if path.exists() else {}
    )


@cache
def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _singly(step: dict[str, Any]) -> list[dict[str, Any]]:
    if "each" not in step:
        return [step]
    rest = {key: value for key, value in step.items() if key != "each"}
    return [{**rest, "body": body} for body in step["each"]]
