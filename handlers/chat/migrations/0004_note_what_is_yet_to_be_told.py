"""Note what is yet to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "chat_untold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["chat_channel.id"], name=op.f("fk_chat_untold_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_untold")),
    )
    with op.batch_alter_table("chat_untold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_untold_channel_id"), ["channel_id"], unique=False)


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("chat_untold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_untold_channel_id"))

    op.drop_table("chat_untold")
