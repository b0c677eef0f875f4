"""Whatever a document calls its things: each gets a name, and in any order of the document the same."""

import json
import random
from urllib.parse import quote

import pytest

from tests.codegen.emission import imported, package
from wirepact_codegen import python_names as python
from wirepact_codegen.errors import Findings
from wirepact_codegen.field_names import field_names
from wirepact_codegen.naming import TypeScriptName, stem
from wirepact_codegen.reading import read_services
from wirepact_codegen.terms import UNPROVEN

AWKWARD = [
    *[
        "a",
        "A",
        "a_b",
        "a-b",
        "aB",
        "AB",
        "a.b",
        "a/b",
        "a~b",
        "ab",
        "Ab",
        "1",
        "1st",
        "_",
        "__",
        "_a",
        "a_",
        "-",
        "-a",
        "!",
        "!?",
        "<",
        "<init",
        ">",
        "@type",
        "$id",
        "#",
        "?",
        "é",
        "É",
        "이름",
        "명세",
        "名",
        "😀",
        "🎉",
        "ﬁ",
        "fi",
        "ß",
        "class",
        "def",
        "None",
        "True",
        "self",
        "cls",
        "async",
        "await",
        "import",
        "print",
        "list",
        "int",
        "str",
        "float",
        "bool",
        "dict",
        "set",
        "type",
        "id",
        "object",
        "property",
        "model_dump",
        "model_config",
        "model_fields",
        "copy",
        "json",
        "schema",
        "root",
        "construct",
        "validate",
        "fields",
        "Message",
        "Literal",
        "Annotated",
        "Any",
        "Field",
        "MISSING",
        "Constrained",
        "Union",
        "Date",
        "DateTime",
        "Time",
        "UUID",
        "Uri",
        "TypeAliasType",
        "BaseModel",
        "Object",
        "Array",
        "Record",
        "Promise",
        "Error",
        "String",
        "constructor",
        "__proto__",
        "prototype",
        "toString",
        "arguments",
        "delete",
        "then",
        "connect",
        "channels",
        "messages",
        "channel",
        "message",
        "key",
        "peer",
        "query",
        "headers",
        "body",
        "node",
        "visitor",
        "caller",
        "handlers",
        "client",
        "server",
        "servers",
        "close",
        "open",
        "publish",
        "send",
        "join",
        "leave",
        "admit",
        "admit_a",
        "abstractmethod",
        "routes",
        "receive",
        "Never",
        "Client",
        "Peer",
        "close_codes",
        "CLOSE_CODES",
        "credentials",
        "wirepact",
        "spec",
        "Spec",
        "SpecClient",
        "annotations",
        "base_url",
    ],
    *("", " ", "a b", "\n", "\t", "\u2028", "'", '"', "\\", "`", "${a}", "*/", "{{ a }}", "x" * 300),
]


def schema(names, others):
    """An object with a property of each name; every other one is an object itself, or a reference."""
    parts = [
        {"type": "string"},
        {"type": "object", "properties": {name: {"type": "integer"} for name in names}},
        {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "null"}}}},
        *({"$ref": f"#/components/schemas/{pointer(each)}"} for each in others[:4]),
    ]
    return {"type": "object", "properties": {name: parts[at % len(parts)] for at, name in enumerate(names)}}


def pointer(name):
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="")


def message(name, names, others):
    """A message that a constant tells from all others."""
    payload = schema(names, others)
    payload["properties"]["kind"] = {"const": name}
    return {"payload": {**payload, "required": ["kind"]}}


def document(chance):
    """A document in which everything has a name that bites, and many names are alike."""

    def some(most):
        return list(dict.fromkeys(chance.choices(AWKWARD, k=most)))

    schemas, messages, channels = some(8), some(6), some(5)
    operations = some(8)
    shared = {name: message(f"shared {name}", some(6), schemas) for name in messages}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Names", "version": "1"},
        "servers": {name or "x": {"host": "localhost", "protocol": "ws"} for name in some(3)},
        "channels": {
            name: {
                "address": f"/{at}",
                "messages": {
                    **{each: message(f"own {each}", some(4), schemas) for each in some(2)},
                    "ref": {"$ref": f"#/components/messages/{pointer(chance.choice(messages))}"},
                },
            }
            for at, name in enumerate(channels)
        },
        "operations": {
            name: {
                "action": "receive" if at < len(channels) else "send",
                "channel": {"$ref": f"#/channels/{pointer(channels[at % len(channels)])}"},
            }
            for at, name in enumerate(operations)
        },
        "components": {
            "schemas": {name: schema(some(8), schemas) for name in schemas},
            "messages": shared,
        },
    }


def shuffled(value, chance):
    """The same, with every mapping in another order."""
    if isinstance(value, list):
        return [shuffled(each, chance) for each in value]
    if not isinstance(value, dict):
        return value
    keys = chance.sample(list(value), len(value))
    return {key: shuffled(value[key], chance) for key in keys}


def names_in(value, folder):
    """Every name that the code has for something of a document, with what can be said of the thing."""
    file = folder / "spec.json"
    file.write_text(json.dumps(value))
    findings = Findings()
    services = read_services([str(file)], findings, "server")
    return {each for service in services for each in _names(service)}, findings


def _names(service):
    classes = [*(each.name for each in service.definitions), *(each.type_name for each in service.messages)]
    models = [(each.name, each.schema) for each in service.definitions]
    models += [(each.type_name, each.schema) for each in service.messages]
    for name, each in models:
        fields = field_names(each.get("properties", {}), map(python.model_name, classes))
        yield name, frozenset(fields.items())
    for each in service.messages:
        yield "message", each.name, each.type_name
    for channel in service.channels:
        yield "channel", channel.name, python.client_method(channel), python.channel_constant(channel)
        yield "channel", channel.name, python.admit_method(channel), TypeScriptName(stem(channel))
        for each in channel.parameters:
            yield channel.name, each.name, python.argument(each), python.peer_member(each)
        for each in channel.receive_operations:
            for message, constant in python.receive_constants(each).items():
                yield each.name, message.type_name, constant, python.handler_method(each, message)
        for each in channel.send_operations:
            yield each.name, python.operation_constant(each), python.publisher_method(each)
    for server in service.servers:
        yield "server", server.name, python.server_function(server)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_a_document_changes_no_name(seed, tmp_path):
    chance = random.Random(seed)
    found = document(chance)

    names, findings = names_in(found, tmp_path)
    again, _ = names_in(shuffled(found, chance), tmp_path)

    assert {each.rule for each in findings if each.severity == "error"} <= UNPROVEN
    assert names
    assert names == again


@pytest.mark.parametrize("seed", range(2))
def test_every_property_is_a_field_with_its_name_on_the_wire(seed, tmp_path):
    chance = random.Random(seed)
    schemas = {f"s{at}": schema(chance.sample(AWKWARD, 40), []) for at in range(4)}
    value = {
        "asyncapi": "3.0.0",
        "info": {"title": "Names", "version": "1"},
        "components": {"messages": {name: {"payload": each} for name, each in schemas.items()}},
    }
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(value))

    package(str(spec), tmp_path, f"chance{seed}")
    models = imported(tmp_path, f"chance{seed}.spec.messages")

    classes = [name for name in vars(models) if isinstance(vars(models)[name], type)]
    for name, each in schemas.items():
        model = getattr(models, name.upper())
        fields = {
            called if field.alias is None else field.alias: called
            for called, field in model.model_fields.items()
        }
        assert fields == field_names(each["properties"], classes)
        payload = {wire: "x" for wire, part in each["properties"].items() if part == {"type": "string"}}
        assert json.loads(model.model_validate_json(json.dumps(payload)).model_dump_json()) == payload


def test_a_property_without_a_name_is_a_field_too(tmp_path):
    payload = {"type": "object", "required": [""], "properties": {"": {"const": "x"}}}
    value = {
        "asyncapi": "3.0.0",
        "info": {"title": "Names", "version": "1"},
        "components": {"messages": {"nameless": {"payload": payload}}},
    }
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(value))

    package(str(spec), tmp_path, "nameless")
    model = imported(tmp_path, "nameless.spec.messages").Nameless

    assert json.loads(model.model_validate_json('{"": "x"}').model_dump_json()) == {"": "x"}
    assert json.loads(model().model_dump_json()) == {"": "x"}
    with pytest.raises(ValueError, match="required"):
        model.model_validate_json("{}")
