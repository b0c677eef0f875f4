"""Results of slow, pure steps, kept from one run to the next.

What is kept holds the hash of everything that it was made of: the input, the generator's own source and the
library's version. Anything else in its place, or nothing, and the step is done again. Checking never looks here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)


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


@cache
def _generator() -> str:
    """What else decides about a result: this package, and the library that makes models."""
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and linting does without

    folder = Path(__file__).parent
    parts = [version("datamodel-code-generator"), version("pydantic")]
    parts += [each.read_text("utf-8") for each in sorted(folder.rglob("*.py"))]
    return sha256("\n".join(parts).encode()).hexdigest()


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(file: Path, text: str) -> None:
    """Write as a whole or not at all. A folder that can't be written to costs time, nothing else."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / ".gitignore").write_text("*\n", "utf-8")
        unfinished = file.with_suffix(".new")
        unfinished.write_text(text, "utf-8")
        unfinished.replace(file)
    except OSError:
        return
