"""What ruff, mypy and tsc say of everything that was generated: one run each for all packages."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TYPESCRIPT = ROOT / "clients" / "typescript"

Complaints = Mapping[str, Sequence[str]]
"""By the name of a package."""

_RUFF = re.compile(r"^(?P<path>\S.*?):\d+:\d+:")

_OF_DOCUMENTS = "D,INP001,N801,N802,N803,N806,N815,N816,N999,PLC2401,RUF001,RUF002,RUF003"
"""Rules about the words of a document, which may be of any language, and about where the harness puts packages."""

_SAID = re.compile(r"^(?P<path>[^\s(:][^(:]*)[(:].*error.*$", re.MULTILINE)

_ACCEPTED = """\
declare const accepted: <Wanted>() => <Given extends Wanted>(given: Given) => void;
"""


class CompilerFailed(Exception):
    """A compiler did not get as far as judging."""


def ruff(folder: Path, packages: Iterable[str]) -> Complaints:
    """What ruff has against the Python of *packages* and its format, under the settings for generated code here."""
    chosen = sorted(packages)
    if not chosen:
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    checking = ("check", "--output-format", "concise", "--extend-ignore", _OF_DOCUMENTS)
    for arguments in (checking, ("format", "--check", "--output-format", "concise", "--preview")):
        result = subprocess.run(
            [
                *(sys.executable, "-m", "ruff", *arguments, "--quiet", "--no-cache"),
                *(str(folder / each) for each in chosen),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode and not result.stdout:
            raise CompilerFailed(f"ruff: {result.stderr}")
        for line in result.stdout.splitlines():
            said = _RUFF.match(line)
            if said is not None:
                path = (folder / said["path"]).resolve()
                found[path.relative_to(folder.resolve()).parts[0]].append(line)
    return found


def mypy(folder: Path, packages: Iterable[str]) -> Complaints:
    """What the strict type checker says of the Python of *packages*, under the settings of this repository."""
    chosen = sorted(packages)
    if not chosen:
        return {}
    result = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-error-summary"),
            *("--cache-dir", str(folder.parent / "mypy_cache"), "--show-absolute-path"),
            *(str(folder / each) for each in chosen),
        ],
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return _by_package("mypy", result, folder, ROOT)


def tsc(compiler: Path, folder: Path, packages: Iterable[str]) -> Complaints:
    """What *compiler* says of the TypeScript of *packages*, the examples of their messages among it."""
    chosen = sorted(packages)
    if not chosen:
        return {}
    settings = {
        "extends": str(TYPESCRIPT / "tsconfig.base.json"),
        "compilerOptions": {
            "noEmit": True,
            "allowImportingTsExtensions": True,
            "declaration": False,
            "declarationMap": False,
            "isolatedDeclarations": False,
            "rewriteRelativeImportExtensions": False,
            "paths": {
                "@wirepact/client": [str(TYPESCRIPT / "runtime" / "src" / "index.ts")],
                "@wirepact/client/*": [str(TYPESCRIPT / "runtime" / "src" / "*.ts")],
            },
        },
        "include": [f"{each}/typescript" for each in chosen],
    }
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    result = subprocess.run(
        ["node", str(compiler), "--pretty", "false", "--project", str(folder / "tsconfig.json")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return _by_package("tsc", result, folder, folder)


def typescript_compilers() -> Mapping[str, Path]:
    """The versions of tsc that are installed, by what they are called here."""
    modules = ROOT / "node_modules"
    found: dict[str, Path] = {}
    for package in sorted(modules.glob("typescript*/package.json")):
        version = json.loads(package.read_text("utf-8"))["version"]
        found[f"tsc {version.split('.')[0]}"] = package.parent / "bin" / "tsc"
    return found


def node() -> str | None:
    """Where Node is, if it is."""
    return shutil.which("node")


def _by_package(
    tool: str, result: subprocess.CompletedProcess[str], folder: Path, working: Path
) -> Complaints:
    found: dict[str, list[str]] = defaultdict(list)
    for said in _SAID.finditer(result.stdout):
        path = (working / said["path"]).resolve()
        if path.is_relative_to(folder.resolve()):
            found[path.relative_to(folder.resolve()).parts[0]].append(said[0])
    if result.returncode and not found:
        raise CompilerFailed(f"{tool}: {result.stdout}{result.stderr}")
    return found


def write_examples(package: Path, valid: Mapping[str, Sequence[object]]) -> None:
    """Each example that is *valid*, by type, handed to a function that takes only that type."""
    for module in sorted((package / "typescript").glob("*.ts")):
        lines = [
            f"accepted<emitted.{name}>()({json.dumps(example, ensure_ascii=False)});"
            for name, examples in valid.items()
            for example in examples
        ]
        if lines:
            text = (
                f'import type * as emitted from "./{module.name}";\n\n{_ACCEPTED}\n' + "\n".join(lines) + "\n"
            )
            module.with_suffix(".examples.ts").write_text(text, "utf-8")
