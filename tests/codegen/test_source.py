"""Places of values, and references within and between files."""

import pytest

from wirepact_codegen.errors import Findings
from wirepact_codegen.source import Sources


@pytest.fixture
def findings():
    return Findings()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder, findings, text, **others):
    (folder / "a.yaml").write_text(text, "utf-8")
    for name, content in others.items():
        (folder / name.replace("_", ".")).write_text(content, "utf-8")
    sources = Sources(findings)
    return sources, sources.load("a.yaml").root


def test_every_value_and_every_key_has_a_place(folder, findings):
    _, root = loaded(folder, findings, "channels:\n  room:\n    messages: [one,\n      two]\n")

    second = root.at(("channels", "room", "messages", 1))

    assert str(second.place) == "a.yaml:4:7"
    assert str(root.at(("channels", "room")).key_place) == "a.yaml:2:3"
    assert str(root.at(("channels", "room")).place) == "a.yaml:3:5"


def test_what_an_alias_shows_stands_where_it_was_written(folder, findings):
    _, root = loaded(folder, findings, "a: &x\n  b: 1\nc: *x\n")

    assert str(root.at(("c", "b")).place) == "a.yaml:2:6"


def test_a_reference_leads_through_others_to_the_end(folder, findings):
    sources, root = loaded(folder, findings, "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {d: 1}\n")

    assert sources.follow(root.get("a")).pointer == ("c",)


def test_a_reference_can_pass_through_another(folder, findings):
    sources, root = loaded(folder, findings, "a: {$ref: '#/b/d'}\nb: {$ref: '#/c'}\nc: {d: 1}\n")

    assert sources.follow(root.get("a")).value == 1


@pytest.mark.parametrize("pointer", ["#/x~1y/a%20b/m~0n/0", "#/x~1y/a b/m~0n/0"])
def test_a_pointer_may_be_escaped(folder, findings, pointer):
    sources, root = loaded(folder, findings, f"a: {{$ref: '{pointer}'}}\nx/y: {{a b: {{m~n: [7]}}}}\n")

    assert sources.follow(root.get("a")).value == 7


def test_a_reference_into_another_file_starts_from_there(folder, findings):
    (folder / "shared").mkdir()
    (folder / "shared" / "b.yaml").write_text("x: {$ref: 'c.json#/y'}\n", "utf-8")
    (folder / "shared" / "c.json").write_text('{"y": {"z": 1}}', "utf-8")
    sources, root = loaded(folder, findings, "a: {$ref: './shared/b.yaml#/x'}\n")

    target = sources.follow(root.get("a"))

    assert target.value == {"z": 1}
    assert str(target.place) == "shared/c.json:1:7"


def test_a_whole_file_can_be_meant(folder, findings):
    sources, root = loaded(folder, findings, "a: {$ref: 'b.yaml'}\n", b_yaml="x: 1\n")

    assert sources.follow(root.get("a")).value == {"x": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a: {$ref: '#/channels/rooom'}\nchannels: {room: 1}",
            'a.yaml:1:11 WP104 channel "rooom" does not exist; did you mean "room"?',
        ),
        ("a: {$ref: '#/b/c'}\nb: 1", 'a.yaml:1:11 WP104 reference "#/b/c" leads to nothing'),
        ("a: {$ref: '#/b/2'}\nb: [1]", 'a.yaml:1:11 WP104 reference "#/b/2" leads to nothing'),
        ("a: {$ref: '#/a'}", 'a.yaml:1:11 WP104 reference "#/a" leads back to itself'),
        ("a: {$ref: '#b'}", 'a.yaml:1:11 WP104 reference "#b" is no JSON pointer'),
        ("a: {$ref: b.yaml}", 'a.yaml:1:11 WP104 file "b.yaml" does not exist'),
        ("a: {$ref: 7}", "a.yaml:1:11 WP101 $ref must be a string"),
        (
            "a: {$ref: 'https://example.com/b.yaml'}",
            'a.yaml:1:11 WP105 "https://example.com/b.yaml" is on the network, and only files are read; keep a copy beside the document',
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(folder, findings, text, told):
    sources, root = loaded(folder, findings, text)

    assert sources.follow(root.get("a")) is None
    assert [str(each) for each in findings] == [told]


def test_a_pointer_that_walks_into_a_circle_ends(folder, findings):
    sources, root = loaded(folder, findings, "a: {$ref: '#/b/x'}\nb: {$ref: '#/a'}\n")

    assert sources.follow(root.get("a")) is None
    assert len(findings) == 1


def test_a_file_that_can_not_be_read_is_told(findings):
    assert Sources(findings).load("missing.yaml") is None
    assert [str(each) for each in findings] == [
        "missing.yaml:1:1 WP001 cannot be read: No such file or directory"
    ]
