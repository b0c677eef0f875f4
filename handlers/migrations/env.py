"""What Alembic runs around the revisions of a service: it is given the schema and a connection, in a transaction of its own."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

schema = context.config.attributes["schema"]


def rendered(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """A type of ours as the one that it stands on, so that a revision stays what it was when ours change."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def included(name: str | None, kind: str, _: object) -> bool:
    """Whether autogeneration looks at this: at tables of the service only."""
    return kind != "table" or name is None or schema.owns(name)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    version_table=schema.revision_table,
    version_table_pk=True,
    include_name=included,
    render_item=rendered,
    render_as_batch=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
