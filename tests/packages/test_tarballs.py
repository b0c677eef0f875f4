"""What is in a tarball is what somebody needs who installs it, and arethetypeswrong and publint have no objection."""

import json
import re
import shutil
import tarfile
from pathlib import PurePosixPath

from packages.published import node, packed

EXPECTED = re.compile(
    r"package\.json|README\.md|LICENSE|src/.*\.tsx?|dist/cjs/package\.json|dist/.*\.(js|d\.ts)(\.map)?"
)


def modules(package):
    """The modules that it was made of, without their endings."""
    return {
        PurePosixPath(path).relative_to("src").with_suffix("").as_posix()
        for path in package.files
        if path.startswith("src/")
    }


def test_every_entry_has_code_and_types_in_both_formats(package):
    for entry, targets in package.entries.items():
        assert set(targets) <= package.files.keys()
        assert sorted(_kind(each) for each in targets) == [
            "cjs code",
            "cjs types",
            "esm code",
            "esm types",
        ], entry


def _kind(path):
    way = "cjs" if path.startswith("dist/cjs/") else "esm"
    return f"{way} {'types' if path.endswith('.d.ts') else 'code'}"


def test_each_module_is_there_in_both_formats_and_nothing_of_modules_that_are_gone(package):
    built = {path for path in package.files if path.endswith(".js")}

    assert built == {f"dist/{way}{module}.js" for module in modules(package) for way in ("", "cjs/")}


def test_nothing_else_is_in_it(package):
    assert {path for path in package.files if not EXPECTED.fullmatch(path)} == set()
    assert {"README.md", "dist/cjs/package.json"} <= package.files.keys()


def test_a_debugger_finds_the_sources(package):
    maps = [path for path in package.files if path.endswith(".map")]

    assert len(maps) == 4 * len(modules(package))
    for path in maps:
        for source in json.loads(package.files[path])["sources"]:
            assert _joined(PurePosixPath(path).parent / source) in package.files, path


def _joined(path):
    parts = []
    for part in path.parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_it_brings_nothing_else_along(package):
    name, version = package.manifest["name"], package.manifest["version"]
    needed = {} if name == "@wirepact/client" else {"@wirepact/client": version}
    optional = package.manifest.get("peerDependenciesMeta", {})

    assert package.manifest.get("dependencies", {}) == needed
    assert package.manifest.get("peerDependencies", {}).keys() <= optional.keys()
    assert all(meta == {"optional": True} for meta in optional.values())


def test_a_server_is_told_the_version_that_is_published(packages):
    client = packages[0]
    said = f'"wirepact-typescript/{client.manifest["version"]}"'.encode()

    assert any(said in code for path, code in client.files.items() if path.endswith(".js"))


def test_no_module_does_anything_when_it_is_loaded(package):
    assert package.manifest["sideEffects"] is False
    assert package.manifest["engines"] == {"node": ">=20"}


def test_hooks_are_for_the_client_of_a_server_that_renders_components(packages):
    code = [path for path in packages[0].entries["./react"] if path.endswith(".js")]

    for path in code:
        directives = packages[0].files[path].decode().splitlines()[:2]
        assert '"use client";' in directives


def test_arethetypeswrong_and_publint_have_no_objection(package):
    told = node("judge.mjs", package.tarball, *package.entries)

    assert told["types"] == "included"
    assert set(told["entries"]) == set(package.entries)
    assert told["problems"] == []
    assert told["findings"] == []


def test_they_would_notice_types_of_the_other_format(packages, tmp_path):
    client = packages[0]
    with tarfile.open(client.tarball) as tar:
        tar.extractall(tmp_path, filter="data")
    shutil.copy(tmp_path / "package/package.json", tmp_path / "package/dist/cjs/package.json")

    told = node("judge.mjs", packed(tmp_path / "package", tmp_path, "--ignore-scripts"))

    assert any("dist/cjs/index" in each or each.startswith("CJSResolvesToESM") for each in told["problems"])
    assert any("dist/cjs" in each for each in told["findings"])
