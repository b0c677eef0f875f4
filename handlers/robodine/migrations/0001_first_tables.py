"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "robodine_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=100), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robodine_record")),
        sa.UniqueConstraint("topic", "record_id", name=op.f("uq_robodine_record_topic_record_id")),
    )
    with op.batch_alter_table("robodine_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_robodine_record_topic_id"), ["topic", "id"], unique=False)


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("robodine_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_robodine_record_topic_id"))

    op.drop_table("robodine_record")
