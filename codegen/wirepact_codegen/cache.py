"""What earlier runs found out, so that nothing is read, proven and laid out twice.

What is kept holds the hash of everything that it was made of: the input, the generator's own files and the versions
of what it stands on. What is kept of a document also holds the hash of every file that was looked at for it, and of
each that was looked for in vain. Anything else in its place, or nothing, and the step is done again. Checking never
looks here.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wirepact_codegen.model import Json

_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)

_LOOKED: ContextVar[dict[str, str] | None] = ContextVar("looked", default=None)
"""The files that the run looked at, and what it found there."""

_STANDS_ON = ("datamodel-code-generator", "jinja2", "jsonschema-rs", "pydantic", "pyyaml", "ruff")

_NOTHING = "nothing"
_UNSETTLED = "unsettled"


@contextmanager
def keeping_in(folder: Path) -> Iterator[None]:
    """Keep results in *folder*. Outside of this, nothing is kept and nothing kept is used."""
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


def kept(name: str, source: str, make: Callable[[str], str]) -> str:
    """What *make* gives for *source*; from the folder, under *name*, if it was made of the same before."""
    folder = _FOLDER.get()
    if folder is None:
        return make(source)
    file = folder / name
    key = sha256(f"{_generator()}\n{source}".encode()).hexdigest()
    found = _read(file)
    if found.startswith(f"{key}\n"):
        return found.partition("\n")[2]
    text = make(source)
    _write(file, f"{key}\n{text}")
    return text


def kept_run(step: str, document: str, options: "Json", make: "Callable[[], Json]") -> "Json":
    """What *make* gives for *document*; from the folder, if no file has changed that it looked at the last time.

    *make* depends on nothing but *options* and the files that it looks at with `looking_at` and `is_there`. What it
    raises is not kept.
    """
    folder = _FOLDER.get()
    if folder is None:
        return make()
    file = folder / _record_name(step, document)
    key = sha256(f"{_generator()}\n{json.dumps([document, options])}".encode()).hexdigest()
    found = _record(file)
    if found.get("key") == key and _stands(found.get("looked")):
        return found.get("result")
    token = _LOOKED.set({})
    try:
        result = make()
        looked = {**(_LOOKED.get() or {})}
    finally:
        _LOOKED.reset(token)
    _write(file, json.dumps({"key": key, "looked": looked, "result": result}))
    return result


def looking_at(file: Path) -> bytes:
    """What stands in *file*, which from now on decides about what is kept. Raises what reading does."""
    content = None
    try:
        content = file.read_bytes()
    finally:
        looked = _LOOKED.get()
        if looked is not None:
            found = _digest(content)
            looked[str(file)] = found if looked.get(str(file), found) == found else _UNSETTLED
    return content


def is_there(file: Path) -> bool:
    """Whether there is such a *file*, which from now on decides about what is kept."""
    with suppress(OSError, ValueError):
        looking_at(file)
    return file.is_file()


def keep_nothing() -> None:
    """Do all of this run again the next time: it depends on what is not looked at here."""
    looked = _LOOKED.get()
    if looked is not None:
        looked[""] = _UNSETTLED


def _stands(looked: "Json") -> bool:
    """Whether every file is as it was."""
    return isinstance(looked, dict) and all(_found(Path(file)) == digest for file, digest in looked.items())


def _found(file: Path) -> str:
    try:
        return _digest(file.read_bytes())
    except (OSError, ValueError):
        return _NOTHING


def _digest(content: bytes | None) -> str:
    return _NOTHING if content is None else sha256(content).hexdigest()


def _record_name(step: str, document: str) -> str:
    """The file that keeps a step: one a document, whatever its name, and none more when options change."""
    return f"{sha256(os.fsencode(document)).hexdigest()[:16]}.{step}" if document else step


@cache
def _generator() -> str:
    """What else decides about a result: this package with its templates, and what it stands on."""
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and checking does without

    folder = Path(__file__).parent
    digest = sha256("\n".join([sys.version, *(version(each) for each in _STANDS_ON)]).encode())
    for each in sorted(folder.rglob("*")):
        if each.suffix in {".py", ".jinja", ".json"}:
            digest.update(f"\n{each.relative_to(folder)}\n".encode() + each.read_bytes())
    return digest.hexdigest()


def _record(file: Path) -> "dict[str, Json]":
    try:
        found = json.loads(_read(file))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(file: Path, text: str) -> None:
    """Write as a whole or not at all. A folder that can't be written to costs time, nothing else."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError, UnicodeEncodeError):
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / ".gitignore").write_text("*\n", "utf-8")
        try:
            unfinished.write_text(text, "utf-8")
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
