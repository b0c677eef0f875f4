import pytest

from wirepact_codegen.model import (
    Channel,
    Definition,
    HttpOperation,
    HttpReply,
    Message,
    MessageSet,
    MessageType,
    Place,
    Service,
    Sign,
)
from wirepact_codegen.targets.typescript_layout import flat_text
from wirepact_codegen.targets.typescript_types import type_of
from wirepact_codegen.targets.typescript_unlisted import open_names, opened

HERE = Place("tiny.yaml", 1, 1)
NOTHING = MessageSet()
UNLISTED = "wirepact.Unlisted"
SOME = {"enum": ["a", "b"]}
DEFINITIONS = {
    "Some": SOME,
    "Dog": {"type": "object", "properties": {"kind": {"const": "dog"}}, "required": ["kind"]},
    "Cat": {"type": "object", "properties": {"kind": {"const": "cat"}}, "required": ["kind"]},
    "Fish": {"type": "object", "properties": {"wet": {"const": True}}, "required": ["wet"]},
    "Pet": {"oneOf": [{"$ref": "#/$defs/Dog"}, {"$ref": "#/$defs/Cat"}]},
    "Somewhere": {"type": "object", "properties": {"some": {"$ref": "#/$defs/Some"}}},
}


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


def fields(**properties):
    return {"type": "object", "properties": properties, "required": [*properties]}


def types_of(service):
    schemas = {each.type_name: each.schema for each in service.messages}
    schemas |= {each.name: each.schema for each in service.definitions}
    return opened(service, {name: type_of(schema) for name, schema in schemas.items()})


def service_of(*messages, heard=NOTHING, said=NOTHING, http=()):
    return Service(
        "tiny",
        "urn:tiny",
        "Tiny",
        "1.0.0",
        "tiny.yaml",
        HERE,
        messages=messages,
        definitions=tuple(Definition(name, schema, HERE) for name, schema in DEFINITIONS.items()),
        channels=(Channel("c", "/c", HERE, sends=heard, receives=said),),
        http_operations=http,
    )


def message(schema, name="note"):
    return Message(name, name.capitalize(), schema, HERE)


def alone(one, **more):
    return MessageSet((), (MessageType(one, **more),))


def in_a_field(schema):
    """The type of a field of this schema in something that is heard."""
    note = message(fields(it=schema))
    text = flat_text(types_of(service_of(note, heard=alone(note)))["Note"])
    return text.removeprefix("{ it: ").removesuffix(" }")


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (SOME, f'"a" | "b" | {UNLISTED}'),
        ({"enum": ["a", "b", None]}, f'"a" | "b" | null | {UNLISTED}'),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, f'"a" | "b" | {UNLISTED}'),
        (ref("Some"), f"Some | {UNLISTED}"),
        ({"anyOf": [ref("Some"), {"type": "null"}]}, f"Some | null | {UNLISTED}"),
        ({"type": "array", "items": ref("Some")}, f"(Some | {UNLISTED})[]"),
        ({"type": "object", "additionalProperties": SOME}, f'{{ [key: string]: "a" | "b" | {UNLISTED} }}'),
        (
            {"type": "array", "prefixItems": [SOME, SOME], "minItems": 1, "items": False},
            f'["a" | "b" | {UNLISTED}, ("a" | "b" | {UNLISTED})?]',
        ),
        ({"enum": [1, 2.5]}, f"1 | 2.5 | {UNLISTED}<number>"),
        ({"enum": [1, 2, "a", "b"]}, f'1 | 2 | "a" | "b" | {UNLISTED} | {UNLISTED}<number>'),
        ({"allOf": [{"type": "string"}, {"enum": ["a", "b", 1]}]}, f'"a" | "b" | {UNLISTED}'),
        (ref("Pet"), f'Pet | {UNLISTED}Variant<"kind">'),
        (
            {"anyOf": [fields(v={"const": 1}), fields(v={"const": 2}), {"type": "null"}]},
            f'{{ v: 1 }} | {{ v: 2 }} | null | {UNLISTED}Variant<"v", number>',
        ),
        (
            {"oneOf": [{"allOf": [ref("Dog"), fields(n={"type": "integer"})]}, ref("Cat")]},
            f'(Dog & {{ n: number }}) | Cat | {UNLISTED}Variant<"kind">',
        ),
        (
            {"allOf": [ref("Dog"), fields(it=SOME)]},
            f'Dog & {{ it: "a" | "b" | {UNLISTED} }}',
        ),
    ],
)
def test_there_is_room_beside_what_is_listed(schema, text):
    assert in_a_field(schema) == text


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"const": "a"}, '"a"'),
        ({"enum": ["a"]}, '"a"'),
        ({"enum": ["a", None]}, '"a" | null'),
        ({"enum": [True, False]}, "true | false"),
        ({"anyOf": [{"type": "string"}, SOME]}, 'string | "a" | "b"'),
        ({}, "unknown"),
        ({"oneOf": [ref("Dog"), ref("Fish")]}, "Dog | Fish"),
        ({"oneOf": [ref("Dog"), ref("Dog")]}, "Dog"),
        (
            {"oneOf": [fields(v={"const": 1}), fields(v={"const": "1"})]},
            '{ v: 1 } | { v: "1" }',
        ),
        (
            {"oneOf": [fields(v={"const": 1}), {"type": "object", "properties": {"v": {"const": 2}}}]},
            "{ v: 1 } | { v?: 2 }",
        ),
    ],
)
def test_there_is_none_where_nothing_is_listed_or_told_apart(schema, text):
    assert in_a_field(schema) == text


def test_an_index_signature_takes_in_what_the_fields_with_names_may_be():
    pet = {"type": "object", "properties": {"it": ref("Pet")}, "additionalProperties": ref("Fish")}
    room = f'{UNLISTED}Variant<"kind">'

    assert in_a_field(pet) == f"{{ it?: Pet | {room}; [key: string]: Fish | Pet | undefined | {room} }}"


def test_what_is_only_said_keeps_to_the_list():
    note = message(fields(it=SOME))

    types = types_of(service_of(note, said=alone(note)))

    assert flat_text(types["Note"]) == '{ it: "a" | "b" }'
    assert open_names(types) == frozenset()


def test_what_an_answer_over_http_holds_is_heard():
    note = message(fields(it=SOME))
    operation = HttpOperation("get", "GET", "/", HERE, replies=(HttpReply(200, note),))

    assert open_names(types_of(service_of(note, http=(operation,)))) == {"Note"}


def test_room_inside_is_known_of_all_that_leads_to_it():
    note, other = message(fields(it=ref("Somewhere"))), message(fields(there=ref("Somewhere")), "other")

    types = types_of(service_of(note, other, heard=alone(note), said=alone(other)))

    assert open_names(types) == {"Note", "Other", "Somewhere"}


def test_what_tells_messages_apart_keeps_to_the_list():
    note = message(fields(type=SOME, it=SOME))
    constants = (MessageType(note, ("a",)), MessageType(note, ("b",)))

    types = types_of(service_of(note, heard=MessageSet((("type",),), constants)))

    assert flat_text(types["Note"]) == f'{{ type: "a" | "b"; it: "a" | "b" | {UNLISTED} }}'


def test_a_field_that_tells_nothing_apart_at_another_channel_has_room():
    note = message(fields(type=SOME))
    told = MessageSet((("type",),), (MessageType(note, ("a",)), MessageType(note, ("b",))))
    signed = alone(note, signs=(Sign(("type",), values=("a", "b")),))
    channels = [Channel(str(index), "/", HERE, sends=each) for index, each in enumerate((told, signed))]
    service = service_of(note)

    both = Service(**{**_parts(service), "channels": tuple(channels)})
    more = Service(**{**_parts(service), "channels": (*channels, Channel("x", "/", HERE, sends=alone(note)))})

    assert open_names(types_of(both)) == frozenset()
    assert open_names(types_of(more)) == {"Note"}


def _parts(service):
    return {name: getattr(service, name) for name in service.__dataclass_fields__}
