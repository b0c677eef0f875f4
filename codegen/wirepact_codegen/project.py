"""What `pyproject.toml` says about a project: its documents, and the folders to generate into."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from wirepact_codegen.errors import Misused, did_you_mean

if TYPE_CHECKING:
    from wirepact_codegen.model import Json

TARGETS = ("server", "python-client", "typescript-client")
"""What can be generated, by the names that settings and options give it."""

SETTINGS = ("documents", "generate", "allow-ambiguous", "served-apart")
"""What `[tool.wirepact]` may say to the generator. The runtime has settings there, too."""

_NEAR = 0.8
"""How much a setting must look like one of ours to be taken for it misspelt."""


@dataclass(frozen=True, slots=True)
class Project:
    """The documents of a project, the folder of each target that it generates, and what it allows.

    `allow_ambiguous` takes messages that can't be told apart in the order of the document, as the option of this name
    does; services that are `served_apart` have a port each.
    """

    documents: tuple[str, ...] = ()
    folders: Mapping[str, Path] = field(default_factory=dict)
    allow_ambiguous: bool = False
    served_apart: bool = False


def read_project(file: Path) -> Project:
    """The settings under `[tool.wirepact]` in *file*; without it, nothing is set. Raises `Misused`."""
    if not file.is_file():
        return Project()
    try:
        settings = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("wirepact", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misused(f"{file}: {error}") from error
    for name in settings:
        if name not in SETTINGS and (near := did_you_mean(name, SETTINGS, cutoff=_NEAR)):
            raise Misused(f'{file}: tool.wirepact has no "{name}"; {near}')
    return Project(
        _documents(file, settings),
        _folders(file, settings),
        allow_ambiguous=_flag(file, settings, "allow-ambiguous"),
        served_apart=_flag(file, settings, "served-apart"),
    )


def _documents(file: Path, settings: "Mapping[str, Json]") -> tuple[str, ...]:
    patterns = settings.get("documents", [])
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        raise Misused(f"{file}: tool.wirepact.documents must be a list of paths")
    return matching([str(each) for each in patterns], where=f"{file}: tool.wirepact.documents")


def matching(patterns: Sequence[str], *, where: str) -> tuple[str, ...]:
    """The files that *patterns* mean, sorted within each. A pattern that means nothing is an error."""
    found: list[str] = []
    for pattern in patterns:
        files = sorted(glob(pattern, recursive=True)) if any(sign in pattern for sign in "*?[") else [pattern]  # noqa: PTH207 - relative to here
        if not files:
            raise Misused(f'{where}: "{pattern}" matches no file')
        found += files
    return tuple(dict.fromkeys(found))


def _folders(file: Path, settings: "Mapping[str, Json]") -> dict[str, Path]:
    chosen = settings.get("generate", {})
    if not isinstance(chosen, dict):
        raise Misused(f"{file}: tool.wirepact.generate must be a table")
    for name, folder in chosen.items():
        if name not in TARGETS:
            hint = did_you_mean(name, TARGETS)
            raise Misused(f'{file}: tool.wirepact.generate has no "{name}"' + (f"; {hint}" if hint else ""))
        if not isinstance(folder, str) or not folder:
            raise Misused(f"{file}: tool.wirepact.generate.{name} must be a folder")
    return {name: Path(str(folder)) for name, folder in chosen.items()}


def _flag(file: Path, settings: "Mapping[str, Json]", name: str) -> bool:
    flag = settings.get(name, False)
    if not isinstance(flag, bool):
        raise Misused(f"{file}: tool.wirepact.{name} must be true or false")
    return flag
