"""The TypeScript target on small services, made by hand: what is written, and what tsc and Prettier say of it."""

import json
import subprocess
from pathlib import Path

import pytest

from wirepact_codegen.model import (
    Channel,
    CloseCode,
    Credential,
    Definition,
    Message,
    MessageSet,
    MessageType,
    Parameter,
    Place,
    Server,
    ServerVariable,
    Service,
)
from wirepact_codegen.targets.typescript import typescript

ROOT = Path(__file__).parents[3]
HERE = Place("tiny.yaml", 1, 1)
CODES = (CloseCode(1001, "Server is shutting down", "yes"), CloseCode(4401, "No token", "once"))


def message(name, properties, *, required=(), **more):
    schema = {"type": "object", "properties": properties, "required": ["type", *required]}
    schema["properties"] = {"type": {"const": name}, **properties}
    return Message(name, "".join(map(str.title, name.split("_"))), schema, HERE, **more)


def service(**parts):
    return Service(
        **{"name": "tiny", "id": "urn:tiny", "title": "Tiny", "version": "1", "document": "tiny.yaml"}
        | parts
        | {"place": HERE}
    )


def said(*messages):
    return MessageSet((("type",),), tuple(MessageType(each, (each.name,)) for each in messages))


def emitted(**parts):
    return both(**parts)[0]


def both(**parts):
    """The module of a service, and that of its schemas."""
    module, schemas = typescript(service(**parts))
    name = parts.get("name", "tiny")
    assert [str(module.path), str(schemas.path)] == [f"{name}.ts", f"{name}/schemas.ts"]
    return module.text, schemas.text


def declaration(text, name):
    """The part of a module that declares *name*, with its comment."""
    return next(part for part in text.split("\n\n") if f" {name} " in part or f" {name}:" in part)


NOTE = """\
/**
 * Something to remember.
 *
 * Kept for a year.
 */
export interface Note {
  type: "note";
  /** What is noted. */
  text: string;
  "read-by"?: string | null;
  /**
   * At the most.
   *
   * @defaultValue 10
   */
  limit?: number;
  /** @deprecated */
  old?: boolean;
}"""


def test_a_message_is_an_interface_in_the_words_of_the_document():
    note = message(
        "note",
        {
            "text": {"type": "string", "description": "What is noted."},
            "read-by": {"type": ["string", "null"]},
            "limit": {"type": "integer", "default": 10, "description": "At the most."},
            "old": {"type": "boolean", "deprecated": True},
        },
        required=["text"],
        summary="Something to remember.",
        description="Kept for a year.",
    )

    text = emitted(messages=(note,))

    assert declaration(text, "Note") == NOTE


def test_a_comment_of_the_document_can_not_end_ours():
    text = emitted(
        definitions=(Definition("Path", {"type": "string", "description": "For */5 * * * *"}, HERE),)
    )

    assert declaration(text, "Path") == "/** For *\\/5 * * * * */\nexport type Path = string;"


def test_schemas_may_refer_to_themselves():
    tree = {
        "type": "object",
        "properties": {"parts": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
        "required": ["parts"],
    }

    text = emitted(definitions=(Definition("Tree", tree, HERE),))

    assert declaration(text, "Tree") == "export interface Tree {\n  parts: Tree[];\n}"


def test_what_is_added_gets_out_of_the_way_of_the_document():
    names = ("RoomIncoming", "TinyClient", "RoomParameters")
    room = Channel("room", "/{id}", HERE, parameters=(Parameter("id", HERE),))
    text = emitted(
        definitions=tuple(Definition(name, {"type": "string"}, HERE) for name in names),
        channels=(room,),
    )

    assert "export class TinyClient_ extends" in text
    assert "export interface RoomIncoming_ {}" in text
    assert "room(parameters: RoomParameters_, " in text


def test_a_channel_does_not_take_a_name_that_every_client_has():
    text = emitted(channels=(Channel("connect", "/a", HERE), Channel("delete", "/b", HERE)))

    assert "  connect_(options?: wirepact.ConnectionOptions): ConnectConnection {" in text
    assert "  delete_(options?: wirepact.ConnectionOptions): DeleteConnection {" in text


def test_channels_that_would_share_a_name_in_the_module_do_not():
    own = (CODES[0],)
    names = ("a1 2", "a12", "close codes", "b", "b close codes")
    text = emitted(
        close_codes=CODES, channels=tuple(Channel(each, "/", HERE, close_codes=own) for each in names)
    )

    assert "  a12(" in text
    assert "  a12_(" in text
    assert "export const CLOSE_CODES: wirepact.CloseCodes = {" in text
    assert "export const CLOSE_CODES_: wirepact.Channel<" in text


def test_a_client_can_be_awaited_by_mistake():
    assert "  then_(" in emitted(channels=(Channel("then", "/", HERE),))


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        ({"type": "integer"}, '["number"]'),
        ({"type": ["array", "integer", "number"]}, '["array", "number"]'),
        ({"minimum": 1}, '["array", "boolean", "number", "null", "object", "string"]'),
    ],
)
def test_a_message_alone_that_is_no_object_is_told_by_its_kind(schema, kinds):
    tick = Message("tick", "Tick", schema, HERE)
    text = emitted(
        messages=(tick,), channels=(Channel("c", "/", HERE, sends=MessageSet((), (MessageType(tick),))),)
    )

    assert f"signs: [{{ path: [], kinds: {kinds} }}]" in text


@pytest.mark.parametrize("size", [60, 61, 62, 63, 90])
@pytest.mark.typescript
def test_a_long_name_of_a_service_is_formatted_already(size, tmp_path):
    path = tmp_path / "tiny.ts"
    for channels in ((), (Channel("a", "/", HERE),)):
        for text in both(name="n" * size, channels=channels):
            path.write_text(text)

            assert prettier(path) == path.read_text()


@pytest.mark.parametrize("size", [*range(16, 20), 40])
@pytest.mark.typescript
def test_a_long_name_of_a_channel_is_formatted_already(size, tmp_path):
    path = tmp_path / "tiny.ts"
    hello = message("hello", {"name": {"type": "string"}})
    said = MessageSet((("type",),), (MessageType(hello, ("hello",)),))
    channel = Channel("n" * size, "/", HERE, sends=said, receives=said)
    for text in both(messages=(hello,), channels=(channel,)):
        path.write_text(text)

        assert prettier(path) == path.read_text()


@pytest.mark.parametrize("size", [9, 10, 11, 12, 13, 14, 26, 27, 28, 40])
@pytest.mark.typescript
def test_a_long_name_of_a_message_is_formatted_already(size, tmp_path):
    path = tmp_path / "tiny.ts"
    hello = message("n" * size, {"__proto__": {"type": "string"}})
    for text in both(messages=(hello,), channels=(Channel("c", "/", HERE, sends=said(hello)),)):
        path.write_text(text)

        assert prettier(path) == path.read_text()


def test_schemas_have_what_constrains_and_nothing_else():
    note = message("note", {"text": {"type": "string", "title": "A", "x-more": 1, "default": "b"}})
    blob = Message("blob", "Blob", {"type": "string"}, HERE, encoding="binary")
    channel = Channel("c", "/", HERE, sends=said(note, blob))

    _, schemas = both(messages=(note, blob), channels=(channel,))

    assert declaration(schemas, "DEFINITIONS").splitlines()[2:] == [
        "  Note: {",
        '    type: "object",',
        '    properties: { type: { const: "note" }, text: { type: "string" } },',
        '    required: ["type"],',
        "  },",
        "};",
    ]
    assert declaration(schemas, "C").splitlines()[2:] == [
        "  incoming: {",
        "    note: Note,",
        "  },",
        "  outgoing: {},",
        "};",
    ]


def test_channels_share_the_close_codes_that_they_have_in_common():
    own = (*CODES, CloseCode(4404, 'No such "thing"', "no"))
    text = emitted(
        close_codes=CODES,
        channels=(Channel("a", "/a", HERE, close_codes=CODES), Channel("b", "/b", HERE, close_codes=own)),
    )

    assert text.count("wirepact.CloseCodes = {") == 2
    assert "  closeCodes: CLOSE_CODES,\n" in text
    assert "  closeCodes: B_CLOSE_CODES,\n" in text
    assert '  4404: { reason: \'No such "thing"\', reconnect: "no" },\n' in text


def test_two_runs_write_the_same():
    assert _everything() == _everything()


def _everything(make=emitted):
    """A module with all that can be emitted, in lengths around the end of a line."""
    long = "a_name_that_goes_on_for_rather_longer_than_anyone_would_like"
    kinds = {"enum": [f"kind_{number}" for number in range(20)]}
    shapes = {
        "text": {"type": "string", "description": 'With */ and "quotes",\n\n  indented, and a blank line.\n'},
        "constant": {"const": "측정값이 상한 규격을 초과했습니다 " * 2},
        "quotes": {"enum": ["it's", 'say "hi"', "back\\slash", "\u2028"]},
        "kind": kinds,
        "kinds": {"type": "array", "items": kinds},
        "kinds_of_kinds": {"type": "array", "items": {"type": "array", "items": kinds}},
        "by_name": {"type": "object", "additionalProperties": kinds},
        "lists_by_name": {"type": "object", "additionalProperties": {"type": "array", "items": kinds}},
        "either": {"anyOf": [{"type": "array", "items": kinds}, {"type": "null"}, {"$ref": "#/$defs/Tree"}]},
        "nothing": {"type": "object", "additionalProperties": False},
        "anything": {},
        "이름": {"type": "string"},
        "a-b": {"type": "integer", "default": {"x": [1, 2], "y": "z"}},
        "7": {"type": "null"},
        "__proto__x": {"type": "boolean"},
        "constructor": {"type": "number", "default": -1.5},
        **{f"union_{size}": {"enum": ["x" * size, "y" * 10]} for size in range(60, 76)},
        **{
            f"list_{size}": {"type": "array", "items": {"enum": ["x" * size, "y" * 10]}}
            for size in range(56, 72)
        },
        **{
            f"map_{size}": {"type": "object", "additionalProperties": {"enum": ["x" * size, 1]}}
            for size in range(50, 76)
        },
    }
    everything = message("everything", shapes, required=["text", "kind", "7"])
    open_ended = Message(
        "open", "Open", {"type": "object", "properties": {}, "additionalProperties": True}, HERE
    )
    mapped = Message("mapped", "Mapped", {"type": "object", "additionalProperties": {"type": "number"}}, HERE)
    part = {"type": "object", "properties": {"limit": {"type": "integer"}}}
    asked = Message("asked", "Asked", part | {"required": ["limit"]}, HERE)
    hoped = Message("hoped", "Hoped", part, HERE)
    nested = MessageSet(
        (("topic",), ("data", "kind")),
        (
            MessageType(open_ended, ("a", True)),
            MessageType(mapped, ("b", None)),
            MessageType(mapped, ("b", 7)),
        ),
    )
    parameters = (
        Parameter("room", HERE, description="Which one."),
        Parameter("user-id", HERE, type="integer"),
        Parameter("kind", HERE, enum=("audio", "video"), default="audio"),
    )
    credentials = (Credential("a", "bearer"), Credential("b", "query", "access-token"))
    channels = [
        Channel("quiet", "/quiet", HERE),
        Channel(
            "room",
            "/rooms/{room}/{user-id}/{kind}/*/",
            HERE,
            description="A room.",
            parameters=parameters,
            receives=nested,
            sends=said(everything),
            close_codes=CODES,
            credentials=credentials,
        ),
        *(
            Channel(
                "c" * size, f"/{size}", HERE, sends=said(everything), parameters=parameters[size % 2 * 2 :]
            )
            for size in (20, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 60)
        ),
        Channel(long, f"/{long}/" * 3, HERE, receives=said(everything)),
        *(
            Channel("q" * size, f"/q/{size}", HERE, parameters=parameters[:size], query=each, headers=mapped)
            for size, each in ((1, asked), (40, hoped), (45, asked), (46, asked), (47, hoped), (48, hoped))
        ),
        *(
            Channel("d" * size, "/d", HERE, close_codes=(CloseCode(size, "x", "no"),))
            for size in range(58, 62)
        ),
        Channel("e" * 90, "/e", HERE, sends=said(everything), receives=said(everything)),
    ]
    tree = {"type": "object", "properties": {"parts": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}
    definitions = [
        Definition("Tree", tree, HERE),
        Definition("Kind", kinds, HERE),
        Definition("Kinds", {"type": "array", "items": kinds}, HERE),
        Definition("ByKind", {"type": "object", "additionalProperties": kinds}, HERE),
        *(Definition(f"Alias{size}", {"enum": ["x" * size, 1]}, HERE) for size in range(66, 78)),
    ]
    return make(
        description="Everything at once.\n\nIn two paragraphs.",
        servers=tuple(_servers()),
        messages=(everything, open_ended, mapped, asked, hoped),
        definitions=tuple(definitions),
        channels=tuple(channels),
        close_codes=CODES,
    )


def _servers():
    """Servers with variables of all sorts, and with names of all lengths."""
    port = ServerVariable("port", HERE, default="8443", description="Where it listens.", examples=("443",))
    region = ServerVariable("the region", HERE, enum=("eu", "us"))
    for size in (1, 30, 38, 39, 40, 41, 60):
        host = "{port}" + "h" * size
        variables = (port,) if size % 2 else (port, region)
        yield Server("s" * size, HERE, "wss", host, variables=variables, description="*/ A server.")
    yield Server("-", HERE, "ws", "localhost")
    yield Server("_", HERE, "ws", "localhost", "/v1")


@pytest.fixture(params=[_everything, lambda make: make()], ids=["everything", "nothing"])
def modules(request, tmp_path):
    """The modules of a service, which stand by themselves."""
    paths = tmp_path / "tiny.ts", tmp_path / "tiny" / "schemas.ts"
    paths[1].parent.mkdir()
    for path, text in zip(paths, request.param(both), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.typescript
def test_what_is_emitted_is_formatted_already(modules):
    for each in modules:
        assert prettier(each) == each.read_text(encoding="utf-8")


def prettier(path):
    """A file as Prettier writes it."""
    tool = [
        *(ROOT / "node_modules/.bin/prettier", "--config", ROOT / ".prettierrc.json"),
        *("--ignore-path", "/dev/null"),
    ]
    return subprocess.run([*tool, path], capture_output=True, text=True, check=True, cwd=ROOT).stdout


@pytest.mark.typescript
@pytest.mark.parametrize("compiler", ["typescript", "typescript7"])
def test_what_is_emitted_is_strictly_typed(modules, compiler):
    config = {
        "extends": str(ROOT / "clients/typescript/tsconfig.base.json"),
        "compilerOptions": {
            "noEmit": True,
            "rootDir": "/",
            "paths": {
                "@wirepact/client": [str(ROOT / "clients/typescript/runtime/src/index.ts")],
                "@wirepact/client/validate": [str(ROOT / "clients/typescript/runtime/src/validate.ts")],
            },
        },
        "files": [*map(str, modules)],
    }
    folder = modules[0].parent
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(config))

    done = subprocess.run(
        ["node", ROOT / "node_modules" / compiler / "bin/tsc", "--project", folder],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ""
    assert done.returncode == 0
