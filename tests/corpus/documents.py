"""The documents of a corpus: every file of a folder that says which AsyncAPI it is written in.

What documents only refer to, and what is no AsyncAPI at all, is left to those that refer to it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_ENDINGS = frozenset({".yaml", ".yml", ".json"})
_SAYS_SO = re.compile(rb"""^\s*\{?\s*["']?asyncapi["']?\s*:""", re.MULTILINE)


class NoCorpus(Exception):
    """There are no documents where they were looked for."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: where it is below the folder, and a name for its package that no other document has."""

    folder: Path
    path: Path

    @property
    def package(self) -> str:
        return (
            "d_"
            + re.sub(r"[^A-Za-z0-9]+", "_", str(self.path.with_suffix("")))
            + self.path.suffix.replace(".", "_")
        )

    def __str__(self) -> str:
        return self.path.as_posix()


def documents(folder: Path, containing: str = "") -> list[Document]:
    """The documents below *folder*, sorted; of those, the ones with *containing* in their path."""
    if not folder.is_dir():
        raise NoCorpus(f"there is no folder {folder}; name one with CORPUS=…")
    folder = folder.resolve()
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS and path.is_file())
    found = [
        Document(folder, path.relative_to(folder)) for path in files if _SAYS_SO.search(path.read_bytes())
    ]
    chosen = [each for each in found if containing in str(each)]
    if not chosen:
        about = f' with "{containing}" in the name' if found else ""
        raise NoCorpus(f"{folder} holds no AsyncAPI document{about}")
    return chosen
