"""A type of the TypeScript packages that says something else is noticed by the type tests.

What a client is told (states, events, errors, options, schemas) is mutated member by member: the type becomes `any`, what may
be left out must be there, and the other way round. Beside that stand mutations that were thought of.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.typescript

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "clients" / "typescript"
SOURCES = PACKAGES / "runtime" / "src"
OF_SERVICES = PACKAGES / "services" / "test"
OF_THE_RUNTIME = PACKAGES / "runtime" / "test" / "types"

ABOUT = {
    "react.ts": [OF_SERVICES / "react.ts"],
    "testing/channel.ts": [OF_SERVICES / "types" / "faking.ts"],
    "unlisted.ts": [OF_THE_RUNTIME / "unlisted.ts"],
    "validate/standard.ts": [OF_SERVICES / "types" / "looking.ts"],
    "validate/validating.ts": [OF_SERVICES / "types" / "looking.ts"],
}
"""The type tests that are about a source, where not all of the others are."""

OTHERS = [
    OF_SERVICES / "types.ts",
    *(OF_SERVICES / "types" / f"{each}.ts" for each in ("told", "errors", "options")),
]

MEMBER = re.compile(r"^  readonly (?P<name>[$\w]+)(?P<optional>\??): (?P<type>[^=;]+);$", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:interface|class) .*?^}", re.MULTILINE | re.DOTALL)
TOLD = ("state.ts", "events.ts", "options.ts", "errors.ts", "validate/validating.ts")
THOUGHT_OF = [
    ("events.ts", "Incoming & LifecycleEvents", "LifecycleEvents"),
    ("events.ts", "Incoming[keyof Incoming] | Unknown;", "Incoming[keyof Incoming];"),
    ("events.ts", "      ? Replies[Name]", "      ? MessageOf<Incoming>"),
    ("events.ts", ": MessageOf<Incoming> | undefined", ": MessageOf<Incoming>"),
    ("events.ts", "readonly event: LifecycleEvents[Name];", "readonly event: any;"),
    ("state.ts", " | Closed;", ";"),
    ("connection.ts", "keyof Events<Incoming> & string>(", "string & keyof any>("),
    ("connection.ts", "listener: (event: Events<Incoming>[Name]) => void", "listener: (event: any) => void"),
    ("connection.ts", "  send(message: Outgoing[keyof Outgoing],", "  send(message: object,"),
    (
        "connection.ts",
        "request<Message extends Outgoing[keyof Outgoing]>(",
        "request<Message extends object>(",
    ),
    ("connection.ts", "close(): readonly Outgoing[keyof Outgoing][] {", "close(): readonly any[] {"),
    ("connection.ts", "  get state(): ConnectionState {", "  get state(): any {"),
    ("unlisted.ts", "`\\u0000${string}`", "string"),
    ("unlisted.ts", "  : 0 | 5e-324) &", "  : number) &"),
    ("unlisted.ts", "  : 0 | 5e-324) &", "  : 5e-324) &"),
    ("unlisted.ts", " &\n  Brand;", ";"),
    ("unlisted.ts", "Value extends Brand\n  ? never", "Value extends Brand\n  ? Value"),
    ("decoder.ts", "message is Unknown", "boolean"),
    ("decoder.ts", 'readonly type: "$unknown"', "readonly type: string"),
    ("session.ts", ' | "expiring"', ""),
    ("lifecycle.ts", '"online" | ', ""),
    ("react-native.ts", "netInfo?: NetInfo", "netInfo: NetInfo"),
    ("validate/standard.ts", "readonly output: Output", "readonly output: unknown"),
    ("validate/validating.ts", "StandardSchema<Known<Message>>", "StandardSchema<Message>"),
    ("validate/validating.ts", "?: StandardSchema<Messages[Name]>", "?: StandardSchema<unknown>"),
    ("validate/validating.ts", "[Channel in keyof Service]?", "[channel: string]"),
    ("react.ts", "): ChannelConnection<C, Name> | undefined {", "): ChannelConnection<C, Name> {"),
    ("testing/channel.ts", "Name extends keyof Replies ? Replies[Name] : ", ""),
    ("testing/channel.ts", "push(...messages: Incoming[keyof Incoming][])", "push(...messages: object[])"),
]


def members():
    """Each member of what a client is told or tells, with another type, and with another mind about being left out.

    What is mutated is all that is exported under one name, since another may have a member that is called the same.
    """
    for file in TOLD:
        for whole in EXPORTED.findall((SOURCES / file).read_text("utf-8")):
            for found in MEMBER.finditer(whole):
                name, optional, type_ = found["name"], found["optional"], found["type"]
                for member in (f"{name}{optional}: any", f"{name}{'' if optional else '?'}: {type_}"):
                    mutated = f"{whole[: found.start()]}  readonly {member};{whole[found.end() :]}"
                    yield pytest.param(file, whole, mutated, id=f"{file}-{_name(whole)}-{member}")


def _name(exported: str) -> str:
    return exported.split()[2].partition("<")[0]


@pytest.fixture
def project(tmp_path):
    """A copy of the runtime's sources, beside which the type tests are put that are about one of them."""
    shutil.copytree(SOURCES, tmp_path / "runtime" / "src")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    settings = json.loads((PACKAGES / "tsconfig.test.json").read_text("utf-8"))
    sources = tmp_path / "runtime" / "src"
    paths = {
        "@wirepact/client": [str(sources / "index.ts")],
        "@wirepact/client/*": [str(sources / "*.ts")],
        "@wirepact/services/*": [str(PACKAGES / "services" / "src" / "gen" / "*.ts")],
    }
    config = {
        "extends": str(PACKAGES / "tsconfig.base.json"),
        "compilerOptions": settings["compilerOptions"] | {"paths": paths},
        "include": ["*/test"],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps(config), "utf-8")
    return tmp_path


def complaints(project: Path, file: str) -> list[str]:
    """What the compiler says of the type tests about a source; what it says of sources does not count."""
    for each in (*ABOUT.get(file, OTHERS), OF_THE_RUNTIME / "expect.ts"):
        copy = project / each.relative_to(PACKAGES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(each, copy)
    compiler = ROOT / "node_modules" / "typescript7" / "bin" / "tsc"
    command = ["node", compiler, "--pretty", "false", "--project", project]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project)
    return [line for line in done.stdout.splitlines() if re.match("(runtime|services)/test/", line)]


@pytest.mark.parametrize("file", [*ABOUT, "index.ts"])
def test_types_as_they_are_give_no_cause_for_complaint(project, file):
    assert complaints(project, file) == []


@pytest.mark.parametrize(("file", "before", "after"), [*THOUGHT_OF, *members()])
def test_a_mutation_is_noticed(project, file, before, after):
    source = project / "runtime" / "src" / file
    text = source.read_text("utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {file}"

    source.write_text(text.replace(before, after), "utf-8")

    assert complaints(project, file)
