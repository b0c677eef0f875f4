"""What every emitted message is, and what a client keeps of a message that it does not know."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Base of every emitted model.

    Strict: `"10"` is no integer and `1` no boolean. Fields that the schema does not name are kept, since a
    newer peer may send them. Fields that are optional and absent are `MISSING`, and stay absent when dumped.
    Validate JSON, not Python objects: strict mode reads dates and UUIDs from JSON only.
    """

    model_config = ConfigDict(
        strict=True,
        serialize_by_alias=True,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
        extra="allow",
        allow_inf_nan=False,
        protected_namespaces=(),
    )


MessageT = TypeVar("MessageT", bound=Message)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A frame that is no message of the document as this code knows it: the peer is newer, or at fault.

    `name` is the constant that tells messages apart, where the frame has one; `raw` the frame as it came.
    `problem` says what keeps the frame from being the message that it is named after; it is `None` where
    the document has no message of that name.
    """

    name: str | None
    raw: str | bytes
    problem: str | None = None
