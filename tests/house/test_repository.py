"""What is true of the repository as a whole."""

import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MACHINES = re.compile(
    "|".join(
        rf"(?<![\w.-]){re.escape(str(folder))}/"
        for folder in (ROOT, Path.home(), Path(tempfile.gettempdir()))
    )
    + r"|https?://\S+\.(?:whl|tgz|tar\.gz|deb)\b"
)
"""What only one machine has: its folders, and the addresses that it downloads packages from."""


@cache
def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def text(path):
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_machine_or_a_registry():
    found = {
        f"{path.relative_to(ROOT)}: {match}" for path in tracked() for match in MACHINES.findall(text(path))
    }

    assert found == set()


def test_npm_locks_hold_no_addresses_to_download_from():
    locks = [path for path in tracked() if path.name == "package-lock.json"]

    assert locks
    assert [path for path in locks if '"resolved": "http' in text(path)] == []


def test_what_is_generated_is_current():
    checked = subprocess.run(
        [Path(sys.executable).parent / "wirepact", "generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_documentation_names_every_make_target():
    targets = re.findall(r"^([a-z-]+):.*## ", text(ROOT / "Makefile"), re.MULTILINE)
    told = "".join(text(path) for path in tracked() if path.suffix == ".md")

    assert targets
    assert [target for target in targets if f"make {target}" not in told] == []


def test_the_documentation_names_every_setting():
    from handlers.app import SERVICES
    from handlers.settings import ServiceSettings
    from wirepact.settings import Settings

    told = text(ROOT / "docs" / "settings.md")
    services = [
        each
        for name in SERVICES
        for each in vars(import_module(f"handlers.{name}.settings")).values()
        if isinstance(each, type)
        and issubclass(each, ServiceSettings)
        and each.model_config.get("env_prefix")
    ]
    names = [
        f"{settings.model_config['env_prefix']}{field}".upper()
        for settings in (Settings, *services)
        for field in settings.model_fields
    ]

    assert len(services) == len(SERVICES)
    assert [name for name in names if f"`{name}`" not in told] == []


def test_links_between_documents_lead_somewhere():
    dead = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in tracked()
        if path.suffix == ".md"
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text(path))
        if not (path.parent / link).exists()
    ]

    assert dead == []


@pytest.mark.parametrize("script", [".ci/run"])
def test_scripts_can_be_run(script):
    assert os.access(ROOT / script, os.X_OK)
