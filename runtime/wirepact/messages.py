"""What every emitted message is, and what a client keeps of a message that it does not know."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeAlias, TypeVar, get_args, get_origin

from pydantic import (
    MISSING,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    RootModel,
    SerializerFunctionWrapHandler,
    ValidationInfo,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, to_json

from wirepact.constraints import faults

Encoding: TypeAlias = Literal["json", "binary", "text", "file"]
"""How a message goes over the wire: as JSON, or as it is, in a binary or a text frame; or, over HTTP, as a file with a name and a type."""

_NOTHING: Mapping[str, object] = MappingProxyType({})

ValueT = TypeVar("ValueT")


def filled_with(default: object) -> Callable[[], Any]:
    """What gives each message a *default* of its own, as JSON; its field makes of it what it is to be."""
    return _FilledWith(default)


@dataclass(frozen=True, slots=True)
class _FilledWith:
    default: object

    def __call__(self) -> Any:
        return deepcopy(self.default)


class _Json(str):
    """A default on the way to its field, when a message is made in Python: strict, it would take no text for a moment."""

    __slots__ = ()


class _Default(NamedTuple):
    """A field that may be absent on the wire and then has a value of its own here."""

    name: str
    wire: str
    value: object
    is_constant: bool


def _wire_name(name: str, field: FieldInfo) -> str:
    """What a field is called on the wire, where a name may be empty."""
    return name if field.alias is None else field.alias


def _defaults(model: "type[Message]") -> tuple[_Default, ...]:
    """The defaults of the schema. Those of required constants are none: what is required is always written."""
    fields = [(name, _wire_name(name, field), field) for name, field in model.__pydantic_fields__.items()]
    return tuple(
        _Default(name, wire, field.get_default(call_default_factory=True), _is_constant(field.annotation))
        for name, wire, field in fields
        if wire not in model._required  # noqa: SLF001 - a friend of the class
        and not field.is_required()
        and field.default is not MISSING
    )


def _is_constant(annotation: object) -> bool:
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


def _given_only(defaults: tuple[_Default, ...]) -> Callable[[Any, SerializerFunctionWrapHandler], object]:
    """Writes a message without the *defaults* that were merely filled in; a list that was added to is more than that."""

    def write(message: Any, handler: SerializerFunctionWrapHandler) -> object:
        written = handler(message)
        given = message.model_fields_set
        for name, wire, value, _ in defaults:
            if name not in given and (type(value) not in {list, dict} or written.get(wire) == value):
                written.pop(wire, None)
        return written

    return write


def _giving(constants: frozenset[str]) -> Callable[[Any, ValidationInfo], object]:
    """Takes *constants* for given in a message that is made in Python: nobody should have to write them there."""

    def give(parts: Any, info: ValidationInfo) -> object:
        if info.mode == "python":
            _fields, _extra, given = parts
            given |= constants
        return parts

    return give


def _part(cls: "type[Message]", model: dict[str, Any]) -> None:
    """Have JSON take fields by the names of the wire alone, and miss what is required, a constant too."""
    fields: dict[str, Any] = model["schema"]
    if fields["type"] != "model-fields":
        return
    wires = {name: _wire_name(name, field) for name, field in cls.__pydantic_fields__.items()}
    required = {name for name, wire in wires.items() if wire in cls._required}
    came = {name: _undefaulted(each) if name in required else each for name, each in fields["fields"].items()}
    made = {name: _named(_filled(each), name, wires[name]) for name, each in fields["fields"].items()}
    if came == made:
        return
    model["config"] = {**model["config"], "validate_by_name": False}
    model["schema"] = core_schema.json_or_python_schema(
        json_schema={**fields, "fields": came}, python_schema={**fields, "fields": made}
    )


def _named(field: dict[str, Any], name: str, wire: str) -> dict[str, Any]:
    """A field that a message made in Python may have by both of its names."""
    return field if name == wire else {**field, "validation_alias": [[wire], [name]]}


def _filled(field: dict[str, Any]) -> dict[str, Any]:
    """A field of a message made in Python, the default of which is JSON all the same."""
    schema = field["schema"]
    filling = schema.get("default_factory")
    if not isinstance(filling, _FilledWith):
        return field
    text = _Json(to_json(filling.default).decode())
    inner = core_schema.tagged_union_schema(
        {True: core_schema.json_schema(schema["schema"]), False: schema["schema"]},
        discriminator=lambda value: isinstance(value, _Json),
    )
    return {**field, "schema": {**schema, "schema": inner, "default_factory": lambda: text}}


def _undefaulted(field: dict[str, Any]) -> dict[str, Any]:
    schema = field["schema"]
    return {**field, "schema": schema["schema"]} if schema["type"] == "default" else field


class Message(BaseModel):
    """Base of every emitted model.

    Strict: `"10"` is no integer and `1` no boolean. Fields that the schema does not name are kept, since a
    newer peer may send them. Fields that are optional and absent are `MISSING`, or have the default that the schema
    names, and stay absent when dumped. Validate JSON, not Python objects: strict mode reads dates and UUIDs from JSON only.
    In Python fields have their Python names, in JSON those of the wire only.
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

    _encoding: ClassVar[Encoding] = "json"
    _required: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler, /) -> CoreSchema:
        """The schema that pydantic makes, with the fields as JSON has them and as Python has them.

        A field that has a default is written only if it was given a value.
        """
        schema = handler(source)
        model: Any = handler.resolve_ref_schema(schema)
        if model["type"] == "model":
            _part(cls, model)
        if defaults := _defaults(cls):
            model["serialization"] = core_schema.wrap_serializer_function_ser_schema(_given_only(defaults))
            if constants := frozenset(each.name for each in defaults if each.is_constant):
                model["schema"] = core_schema.with_info_after_validator_function(
                    _giving(constants), model["schema"]
                )
        return schema


class ValueMessage(Message, RootModel[ValueT], Generic[ValueT]):
    """Base of the messages that are no objects with fields: a text, a number, an array, one of several objects.

    `root` is what goes over the wire: `Ping("ping")` is written as `"ping"`, or, if its encoding is `text`, as `ping`.
    """

    model_config = ConfigDict(extra=None)

    def __init_subclass__(cls, *, encoding: Encoding = "json", **_: object) -> None:
        super().__init_subclass__()  # type: ignore[no-untyped-call]  # pydantic's has no types
        cls._encoding = encoding


class BinaryMessage(Message):
    """Base of the messages that are binary frames: `data` is what goes over the wire, as it is."""

    model_config = ConfigDict(extra="forbid")

    _encoding = "binary"

    data: bytes


class FileMessage(Message):
    """Base of the messages that are files: sent as the one part of a form, or answered with.

    `data` is what is in it. `name` and `media_type` are what the other side calls it, and proven by nothing.
    """

    model_config = ConfigDict(extra="forbid")

    _encoding = "file"

    name: str
    media_type: str
    data: bytes


class Constrained(Message):
    """Base of the models whose fields don't say all that their schema says.

    `rest` is what they don't say, as JSON Schema. It is held against what came over the wire, or, for a message that is
    made in Python, against what would go there.
    """

    _rest: ClassVar[Mapping[str, object]] = {}

    def __init_subclass__(cls, *, rest: Mapping[str, object] = _NOTHING, **_: object) -> None:
        super().__init_subclass__()
        required = rest.get("required")
        cls._required = tuple(map(str, required)) if isinstance(required, list) else ()
        cls._rest = {key: value for key, value in rest.items() if key != "required"}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler, /) -> CoreSchema:
        """The same, and a look at the rest if there is one that fields don't say."""
        schema = super().__get_pydantic_core_schema__(source, handler)
        wires = {_wire_name(name, field) for name, field in cls.__pydantic_fields__.items()}
        if cls._rest or not wires.issuperset(cls._required):
            whole: Any = handler.resolve_ref_schema(schema)
            inner = {**whole}
            named = {"ref": inner.pop("ref")} if "ref" in inner else {}
            whole.clear()
            whole |= core_schema.with_info_after_validator_function(_fits_the_rest, inner) | named
        return schema

    def _check(self, value: Any) -> None:
        lacking = [each for each in self._required if each not in value]
        found = [f"{each} is missing" for each in lacking] or list(faults(value, self._rest))
        if found:
            raise PydanticCustomError(
                "schema", "Value should fit its schema: {faults}", {"faults": "; ".join(found)}
            )


def _fits_the_rest(message: Constrained, info: ValidationInfo) -> Constrained:
    message._check(message.model_dump(mode="json", exclude_unset=info.mode == "json"))  # noqa: SLF001 - a friend of the class
    return message


class ConstrainedValue(ValueMessage[ValueT], Constrained, Generic[ValueT]):
    """Base of those of them whose type does not say all that their schema says."""

    model_config = ConfigDict(extra=None)

    def __init_subclass__(
        cls, *, rest: Mapping[str, object] = _NOTHING, encoding: Encoding = "json", **_: object
    ) -> None:
        super().__init_subclass__(encoding=encoding)
        cls._rest = rest


def encoding_of(model: type[Message]) -> Encoding:
    """How the messages of *model* go over the wire."""
    return model._encoding  # noqa: SLF001 - a friend of the class


def outline(model: type[Message]) -> dict[str, object]:
    """The objects that a *model* has to have, without what is in them: constants fill themselves in."""
    fields = ((name, field) for name, field in model.__pydantic_fields__.items() if field.is_required())
    return {
        name if field.alias is None else field.alias: outline(field.annotation)
        for name, field in fields
        if isinstance(field.annotation, type) and issubclass(field.annotation, Message)
    }


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
