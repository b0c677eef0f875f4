"""INSERT … ON CONFLICT: SQLite and PostgreSQL both have it, and SQLAlchemy has a form of its own for each."""

from typing import TypeAlias

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def upsert(session: AsyncSession, table: type[DeclarativeBase]) -> Insert:
    """An insert into *table* that takes `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
