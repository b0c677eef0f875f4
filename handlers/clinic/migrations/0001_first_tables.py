"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "clinic_job_state",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_job_state")),
        sa.UniqueConstraint("job_id", "status", name=op.f("uq_clinic_job_state_job_id_status")),
    )
    op.create_table(
        "clinic_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("patient_id", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("order_type", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_order")),
        sa.UniqueConstraint("order_id", name=op.f("uq_clinic_order_order_id")),
    )
    with op.batch_alter_table("clinic_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_order_status_department"), ["status", "department"], unique=False
        )

    op.create_table(
        "clinic_permission_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("previous", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_permission_change")),
        sa.UniqueConstraint("feed", "event_id", name=op.f("uq_clinic_permission_change_feed_event_id")),
    )
    op.create_table(
        "clinic_person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_person")),
        sa.UniqueConstraint("user_id", name=op.f("uq_clinic_person_user_id")),
    )
    with op.batch_alter_table("clinic_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_person_is_online_last_seen"), ["is_online", "last_seen"], unique=False
        )


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("clinic_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_person_is_online_last_seen"))

    op.drop_table("clinic_person")
    op.drop_table("clinic_permission_change")
    with op.batch_alter_table("clinic_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_order_status_department"))

    op.drop_table("clinic_order")
    op.drop_table("clinic_job_state")
