"""The types of the packed packages compile, declarations included, for whoever installs them: both compilers, each way to find modules."""

import json
import shutil
from pathlib import Path

import pytest

from packages.published import ROOT, run

PROGRAM = Path(__file__).parent / "consumer" / "program.ts"
NODENEXT = {"module": "nodenext", "moduleResolution": "nodenext"}
BROWSER = {"lib": ["ES2022", "DOM"], "types": []}
SETTINGS = {
    "ES modules": ("module", NODENEXT | BROWSER),
    "CommonJS": ("commonjs", NODENEXT | BROWSER),
    "a bundler": ("module", {"module": "esnext", "moduleResolution": "bundler"} | BROWSER),
    "Node, without the DOM": ("module", NODENEXT | {"lib": ["ES2022"], "types": ["node"]}),
}


@pytest.fixture(params=["typescript", "typescript7"])
def compiler(request):
    return ROOT / "node_modules" / request.param / "bin" / "tsc"


@pytest.fixture(params=SETTINGS.values(), ids=SETTINGS)
def project(request, installed, packages, tmp_path_factory):
    """A program that imports every entry, in a folder of its own beside what is installed."""
    kind, options = request.param
    folder = tmp_path_factory.mktemp("project", numbered=True)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    (folder / "package.json").write_text(json.dumps({"type": kind}), "utf-8")
    options = {
        "target": "es2022",
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "outDir": "out",
    } | options
    project = {"compilerOptions": options, "include": ["*.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(project), "utf-8")
    shutil.copy(PROGRAM, folder)
    entries = [each.imported(entry) for each in packages for entry in each.entries]
    imports = [f'export * as entry{number} from "{each}";' for number, each in enumerate(entries)]
    (folder / "entries.ts").write_text("\n".join(imports), "utf-8")
    return folder


def test_what_is_right_compiles_and_what_is_wrong_does_not(compiler, project):
    said = run("node", compiler, "--project", ".", cwd=project)

    assert said == ""
    assert (project / "out" / "program.js").exists()
