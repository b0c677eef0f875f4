"""Scenarios as they stand in their files: what is done to a client and its connection, and what its program sees of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from lifecycle.network import KNOWN

FOLDER = Path(__file__).parent / "scenarios"
CLIENTS = ("python", "node", "chromium")

Client = Literal["python", "node", "chromium"]
Token = Literal["good", "short", "expired", "forged", "fails", "signs out", "hangs"]
Topic = Literal[
    "Coming in",
    "Tokens",
    "Losing the connection",
    "Recovery",
    "Close codes",
    "Messages",
    "Requests",
    "Sending",
    "The end",
    "The legacy wire",
]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Backoff(Part):
    """How the client comes back, in seconds."""

    first: float = 0.05
    longest: float = 0.2
    steady: float = 60.0


class Keep(Part):
    """How much is kept while the connection is away."""

    messages: int = 100
    bytes: int = 1_048_576
    age: float = 60.0


class Program(Part):
    """How the program makes its client. Without `tokens` it has none."""

    tokens: list[Token] = ["good"]
    parameters: dict[str, str | int] = {}
    backoff: Backoff = Backoff()
    keep: Keep | None = None
    connect_timeout: float = 10.0
    host: str | None = None


class Step(Part):
    """Something that is done, or seen."""

    @property
    def told(self) -> str:
        """It, in words."""
        raise NotImplementedError


class Connect(Step):
    connect: Program = Program()

    @property
    def told(self) -> str:
        return "connects"


class Sees(Step):
    """What the program sees next. `…` stands for any number of attempts that fail."""

    sees: Annotated[list[str], Field(min_length=1)]


class Hears(Step):
    """Messages, and what else it sees somewhere among them."""

    hears: str
    meanwhile: list[str]


class Publish(Step):
    """What the server tells an audience: `alert one`, or many, `alert 1..500`."""

    publish: str

    @property
    def told(self) -> str:
        return f"{self.publish} is published"


class Network(Step):
    """What becomes of the network."""

    network: str

    @field_validator("network")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in KNOWN:
            raise ValueError(f"nobody knows a network that {value}")
        return value

    @property
    def told(self) -> str:
        return f"the network {self.network}"


class Say(Step):
    """A frame that the client hears from its server."""

    say: str

    @property
    def told(self) -> str:
        return f"`{self.say}` is said"


class CloseWith(Step):
    """The server closes the connection with this code."""

    close_with: int
    reason: str = ""

    @property
    def told(self) -> str:
        return f"the server closes with {self.close_with}"


class Server(Step):
    """What becomes of the server."""

    server: Literal["starts", "stops", "restarts", "drains", "kicks the user", "has given up on somebody"]

    @property
    def told(self) -> str:
        return f"the server {self.server}"


class Send(Step):
    send: dict[str, Any]

    @property
    def told(self) -> str:
        return f"sends {self.send['type']}"


class Ask(Step):
    ask: dict[str, Any]
    as_: Annotated[str, Field(alias="as")]
    timeout: float = 5.0

    @property
    def told(self) -> str:
        return f"asks {self.as_}: {self.ask['type']}"


class Cancel(Step):
    cancel: str

    @property
    def told(self) -> str:
        return f"cancels {self.cancel}"


class Close(Step):
    close: None

    @property
    def told(self) -> str:
        return "closes"


class Status(Step):
    """What the program is told when it asks where the connection is."""

    status: Literal["idle", "connecting", "open", "reconnecting", "closed"]

    @property
    def told(self) -> str:
        return "asks where it is"


AnyStep = (
    Connect
    | Sees
    | Hears
    | Publish
    | Network
    | Say
    | CloseWith
    | Server
    | Send
    | Ask
    | Cancel
    | Close
    | Status
)


class Difference(Part):
    """Where a client can't see what the others see, and why."""

    clients: list[Client]
    because: str
    steps: list[AnyStep]


class Given(Part):
    """How the server is: the broker that it has, settings by their variables; whether it runs."""

    broker: Literal["memory", "sqlite"] = "memory"
    settings: dict[str, str] = {}
    channel: str = "spc.notifications"
    runs: bool = True


class Scenario(Part):
    """One story, the same for every client but for `differs`."""

    title: str
    topic: Topic
    given: Given = Given()
    steps: list[AnyStep]
    differs: list[Difference] = []

    def steps_of(self, client: Client) -> list[AnyStep]:
        """What *client* goes through."""
        return next((each.steps for each in self.differs if client in each.clients), self.steps)


@dataclass(frozen=True)
class Named:
    """A scenario and the name of its file."""

    name: str
    scenario: Scenario


@cache
def scenarios() -> tuple[Named, ...]:
    """All of them, by name."""
    read = TypeAdapter(Scenario).validate_python
    return tuple(
        Named(each.stem, read(yaml.safe_load(each.read_text()))) for each in sorted(FOLDER.glob("*.yaml"))
    )


def each_of(said: str) -> list[str]:
    """`one` is itself, `1..3` is 1, 2 and 3."""
    first, dots, last = said.partition("..")
    return [str(each) for each in range(int(first), int(last) + 1)] if dots else [said]
