"""The messages of fanout.yaml as someone would write them by hand, for the peers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime

MAX_SAFE_INTEGER = 9007199254740991

Count = Annotated[int, Field(ge=1, le=MAX_SAFE_INTEGER)]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class Author(Strict):
    id: Count
    name: Annotated[str, Field(min_length=1, max_length=64)]


class Say(Strict):
    type: Literal["say"]
    sequence: Count
    author: Author
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    sent_at: NaiveDatetime


class Said(Strict):
    type: Literal["said"] = "said"
    sequence: Count
    author: Author
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    sent_at: NaiveDatetime


class Error(Strict):
    type: Literal["error"] = "error"
    code: str
    message: str


INVALID = Error(code="invalid_payload", message="not a valid message").model_dump_json()
"""What a peer that sent something invalid is told."""


def said(text: str) -> str:
    """The answer to everyone for the frame *text*; raises pydantic's `ValidationError`."""
    say = Say.model_validate_json(text)
    return Said(
        sequence=say.sequence, author=say.author, text=say.text, sent_at=say.sent_at
    ).model_dump_json()
