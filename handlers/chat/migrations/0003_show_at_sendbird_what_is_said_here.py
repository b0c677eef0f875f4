"""Show at Sendbird what is said here."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_id", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("chat_move", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("copied_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("chat_move", schema=None) as batch_op:
        batch_op.drop_column("copied_id")
        batch_op.drop_column("taken_until")

    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.drop_column("source_id")
