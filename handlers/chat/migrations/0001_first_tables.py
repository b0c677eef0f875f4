"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "chat_channel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_url", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_channel")),
        sa.UniqueConstraint("channel_url", name=op.f("uq_chat_channel_channel_url")),
    )
    op.create_table(
        "chat_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["chat_channel.id"], name=op.f("fk_chat_file_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_file")),
        sa.UniqueConstraint("key", name=op.f("uq_chat_file_key")),
    )
    with op.batch_alter_table("chat_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_file_channel_id"), ["channel_id"], unique=False)

    op.create_table(
        "chat_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["chat_channel.id"], name=op.f("fk_chat_member_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_member")),
        sa.UniqueConstraint("channel_id", "user_id", name=op.f("uq_chat_member_channel_id_user_id")),
    )
    op.create_table(
        "chat_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["chat_channel.id"], name=op.f("fk_chat_message_channel_id")),
        sa.ForeignKeyConstraint(["file_id"], ["chat_file.id"], name=op.f("fk_chat_message_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
    )
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_message_channel_id_id"), ["channel_id", "id"], unique=False)


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_message_channel_id_id"))

    op.drop_table("chat_message")
    op.drop_table("chat_member")
    with op.batch_alter_table("chat_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_file_channel_id"))

    op.drop_table("chat_file")
    op.drop_table("chat_channel")
