"""Empty databases at the newest revision, of each kind that services are tested with."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from handlers.schema import Schema, upgrade
from postgres import Postgres


class Databases(Protocol):
    """Databases of one kind."""

    def empty(self) -> str:
        """The URL of one with nothing in it."""

    def of(self, schema: Schema) -> str:
        """The URL of one with the tables of *schema*, and nothing in them."""


class SqliteFiles:
    """Files in *folder*. Those with tables are copies of one in *templates*."""

    def __init__(self, folder: Path, templates: Path) -> None:
        self._folder = folder
        self._templates = templates

    def empty(self) -> str:
        return _sqlite(self._file())

    def of(self, schema: Schema) -> str:
        template = self._templates / f"{schema.service}.db"
        if not template.exists():
            upgrade(schema, _sqlite(template))
        file = self._file()
        shutil.copy(template, file)
        return _sqlite(file)

    def _file(self) -> Path:
        return self._folder / f"{secrets.token_hex(6)}.db"


class PostgresDatabases:
    """Databases on a server, which are gone in the end. *templates* has the name of the one for each service."""

    def __init__(self, server: Postgres, templates: dict[str, str]) -> None:
        self._server = server
        self._templates = templates
        self._names: list[str] = []

    def empty(self) -> str:
        return self._created("template1")

    def of(self, schema: Schema) -> str:
        if schema.service not in self._templates:
            name = self._server.create()
            upgrade(schema, self._server.url(name))
            self._templates[schema.service] = name
        return self._created(self._templates[schema.service])

    @contextmanager
    def dropped(self) -> Iterator["PostgresDatabases"]:
        try:
            yield self
        finally:
            for name in self._names:
                self._server.drop(name)

    def _created(self, template: str) -> str:
        name = self._server.create(template=template)
        self._names.append(name)
        return self._server.url(name)


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"
