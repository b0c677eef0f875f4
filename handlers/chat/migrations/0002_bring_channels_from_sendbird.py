"""Bring channels from Sendbird."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "chat_move",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_url", sa.String(length=100), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_move")),
        sa.UniqueConstraint("channel_url", name=op.f("uq_chat_move_channel_url")),
    )
    with op.batch_alter_table("chat_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_move_looks_at"), ["looks_at"], unique=False)

    op.create_table(
        "chat_brought",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("move_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["move_id"], ["chat_move.id"], name=op.f("fk_chat_brought_move_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_brought")),
        sa.UniqueConstraint("move_id", "source_id", name=op.f("uq_chat_brought_move_id_source_id")),
    )


def downgrade() -> None:
    """Back again."""
    op.drop_table("chat_brought")
    with op.batch_alter_table("chat_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_move_looks_at"))

    op.drop_table("chat_move")
