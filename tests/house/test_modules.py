"""Each module says what it is, and hands on what it says it hands on."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("runtime/wirepact", "codegen/wirepact_codegen", "handlers")

MODULES = sorted(path for source in SOURCES for path in (ROOT / source).rglob("*.py"))


def name(path):
    return str(path.relative_to(ROOT))


@cache
def parsed(path):
    return ast.parse(path.read_text("utf-8"))


def defined(path):
    """What a module has under its top level: definitions, imports, assignments."""
    for node in ast.walk(parsed(path)):
        match node:
            case ast.FunctionDef(name=known) | ast.AsyncFunctionDef(name=known) | ast.ClassDef(name=known):
                yield known
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name for alias in names)
            case ast.Name(id=known, ctx=ast.Store()):
                yield known


def exported(path):
    for node in parsed(path).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return ast.literal_eval(value)
    return None


def imported(path):
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module):
                yield module


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is(path):
    if path.stat().st_size:
        assert ast.get_docstring(parsed(path))


@pytest.mark.parametrize("path", [path for path in MODULES if exported(path) is not None], ids=name)
def test_what_a_module_hands_on_is_there_once_and_in_order(path):
    names = exported(path)

    assert set(names) <= set(defined(path))
    assert len(names) == len(set(names))
    assert names == sorted(names, key=lambda each: (not each.isupper(), not each[0].isupper(), each))


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=name)
def test_a_package_that_hands_on_names_says_which(path):
    if list(imported(path)):
        assert exported(path)


@pytest.mark.parametrize("path", sorted((ROOT / "runtime/wirepact/core").rglob("*.py")), ids=name)
def test_the_core_knows_no_loop_no_clock_and_no_socket(path):
    forbidden = {"asyncio", "time", "datetime", "socket", "threading", "random", "os"}

    assert {module.partition(".")[0] for module in imported(path)} & forbidden == set()


@pytest.mark.parametrize(
    ("module", "strangers"),
    [
        (
            "wirepact.client",
            {"litestar", "uvicorn", "wirepact.server", "sqlalchemy", "redis", "wirepact_codegen"},
        ),
        ("wirepact.core", {"litestar", "uvicorn", "asyncio", "websockets"}),
        ("wirepact.publisher", {"litestar", "uvicorn"}),
        ("generated.spc.publisher", {"litestar", "uvicorn"}),
        ("wirepact_clients.spc.client", {"litestar", "uvicorn", "generated", "handlers"}),
        ("wirepact_codegen", {"wirepact", "litestar", "generated", "handlers"}),
    ],
)
def test_importing_one_room_does_not_open_others(module, strangers):
    program = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    paths = [str(ROOT), str(ROOT / "clients/python/gen")]

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(paths)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert set(loaded.stdout.split()) & strangers == set()
