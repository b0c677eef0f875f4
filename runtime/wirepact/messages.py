"""What every emitted message is, and what a client keeps of a message that it does not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from wirepact.constraints import faults

_NOTHING: Mapping[str, object] = MappingProxyType({})

ValueT = TypeVar("ValueT")


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


class ValueMessage(Message, RootModel[ValueT], Generic[ValueT]):
    """Base of the messages that are no objects with fields: a text, a number, an array, one of several objects.

    `root` is what goes over the wire: `Ping("ping")` is written as `"ping"`.
    """

    model_config = ConfigDict(extra=None)


class Constrained(Message):
    """Base of the models whose fields don't say all that their schema says.

    `rest` is what they don't say, as JSON Schema. It is held against what came over the wire, or, for a message that is
    made in Python, against what would go there.
    """

    _rest: ClassVar[Mapping[str, object]] = {}
    _required: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, rest: Mapping[str, object] = _NOTHING, **_: object) -> None:
        super().__init_subclass__()
        required = rest.get("required")
        cls._required = tuple(map(str, required)) if isinstance(required, list) else ()
        cls._rest = {key: value for key, value in rest.items() if key != "required"}

    @model_validator(mode="after")
    def _fits_the_rest(self, info: ValidationInfo) -> Self:
        came = info.mode == "json"
        if came and not self.model_fields_set.issuperset(_required_fields(type(self))):
            given = {_wire_names(type(self)).get(each, each) for each in self.model_fields_set}
            missing = [each for each in self._required if each not in given]
            if missing:
                raise PydanticCustomError(
                    "required", "Field required: {names}", {"names": ", ".join(missing)}
                )
        if self._rest or (not came and _required_extras(type(self))):
            self._check(self.model_dump(mode="json", exclude_unset=came))
        return self

    def _check(self, value: Any) -> None:
        lacking = [each for each in self._required if each not in value]
        found = [f"{each} is missing" for each in lacking] or list(faults(value, self._rest))
        if found:
            raise PydanticCustomError(
                "schema", "Value should fit its schema: {faults}", {"faults": "; ".join(found)}
            )


class ConstrainedValue(ValueMessage[ValueT], Constrained, Generic[ValueT]):
    """Base of those of them whose type does not say all that their schema says."""

    model_config = ConfigDict(extra=None)

    def __init_subclass__(cls, *, rest: Mapping[str, object] = _NOTHING, **_: object) -> None:
        super().__init_subclass__()
        cls._rest = rest


@cache
def _wire_names(model: type[Message]) -> Mapping[str, str]:
    return {name: field.alias or name for name, field in model.model_fields.items()}


@cache
def _required_fields(model: type[Constrained]) -> frozenset[str]:
    """What is required, by the names of the fields; what is no field has the name that it has on the wire."""
    fields = {wire: name for name, wire in _wire_names(model).items()}
    return frozenset(fields.get(each, each) for each in model._required)  # noqa: SLF001 - a friend of the class


@cache
def _required_extras(model: type[Constrained]) -> frozenset[str]:
    """What is required and no field, so that pydantic does not ask for it when a message is made in Python."""
    return _required_fields(model) - model.model_fields.keys()


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
