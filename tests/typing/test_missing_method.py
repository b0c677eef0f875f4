"""A method that is missing is named twice: by the type checker, and when the application starts."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
HANDLERS = ROOT / "handlers" / "spc" / "handlers.py"
CACHE = str(ROOT / ".mypy_cache" / "copies")
METHOD = re.compile(r"    async def unsubscribe_product\(.*?(?=\n    async def )", re.DOTALL)


@pytest.fixture
def house(tmp_path):
    """A copy of the application in which `unsubscribe_product` is not handled."""
    for part in ("handlers", "generated"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    mutilated, removed = METHOD.subn("", HANDLERS.read_text("utf-8"))
    assert removed == 1
    (tmp_path / "handlers" / "spc" / "handlers.py").write_text(mutilated, "utf-8")
    return tmp_path


def test_the_type_checker_names_it(house, monkeypatch):
    monkeypatch.chdir(house)
    monkeypatch.setenv("MYPYPATH", f".:{ROOT / 'runtime'}")

    said, _, status = api.run(
        ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", CACHE, "handlers"]
    )

    assert status == 1
    assert 'Cannot instantiate abstract class "Spc" with abstract attribute "unsubscribe_product"' in said


def test_the_start_names_it(house):
    start = "from handlers.app import create_app; create_app()"

    started = subprocess.run(
        [sys.executable, "-c", start], cwd=house, capture_output=True, text=True, timeout=60, check=False
    )

    assert started.returncode == 1
    assert "TypeError" in started.stderr
    assert "unsubscribe_product" in started.stderr
