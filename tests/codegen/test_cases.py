"""Every folder in `cases/` is one feature of the generator: a document, and the files that show the feature.

What is expected holds only the files that the case is about. `make cases` writes them anew; read the diff.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codegen.emission import CASES, emitted, imported, package, round_trip
from wirepact_codegen.errors import Findings
from wirepact_codegen.python_names import model_name
from wirepact_codegen.reading import read_services

FEATURES = sorted(folder.name for folder in CASES.iterdir())
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_looks_as_expected(feature, monkeypatch, rewrite):
    monkeypatch.chdir(CASES / feature)
    expected = CASES / feature / "expected"
    shown = sorted(path for path in expected.rglob("*") if path.is_file())

    files = emitted(CASES / feature / "generated")

    assert shown
    for path in shown:
        text = files[path.relative_to(expected).as_posix()]
        if rewrite:
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8"), path.name


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_is_told_only_what_is_written_down(feature, monkeypatch, rewrite):
    monkeypatch.chdir(CASES / feature)
    says = CASES / feature / "says.txt"
    findings = Findings()

    read_services(["spec.yaml"], findings, "server")

    told = "".join(f"{each}\n" for each in findings)
    if rewrite and told:
        says.write_text(told, "utf-8")
    assert told == (says.read_text("utf-8") if says.exists() else "")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The server's packages of all features, each below a package named after it, laid out as this repository is."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copy(ROOT / "pyproject.toml", folder)
    with pytest.MonkeyPatch.context() as patch:
        for feature in FEATURES:
            patch.chdir(CASES / feature)
            package("spec.yaml", folder / "generated", f"case_{feature}")
    return folder / "generated"


@pytest.mark.parametrize("feature", FEATURES)
def test_every_example_survives_the_models(feature, monkeypatch, packages):
    monkeypatch.chdir(CASES / feature)
    models = imported(packages, f"case_{feature}.spec.messages")
    (service,) = read_services(["spec.yaml"], Findings(), "server")

    examples = [(message, each.payload) for message in service.messages for each in message.examples]

    assert examples
    for message, payload in examples:
        assert round_trip(getattr(models, model_name(message.type_name)), payload) == payload


@pytest.mark.parametrize("feature", [each for each in FEATURES if each != "models_only"])
def test_the_server_side_imports(feature, packages):
    server = imported(packages, f"case_{feature}.spec.server")

    assert server.SpecHandlers.__abstractmethods__


def test_everything_emitted_passes_the_linter_and_the_strict_type_checker(monkeypatch, packages):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MYPYPATH", str(packages))

    ruff = _run("ruff", "check", "--no-cache", str(packages))
    layout = _run("ruff", "format", "--check", "--no-cache", str(packages))
    mypy = _run("mypy", "--config-file", "pyproject.toml", str(packages))

    assert ruff.returncode == 0, ruff.stdout
    assert layout.returncode == 0, layout.stdout
    assert mypy.returncode == 0, mypy.stdout


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
