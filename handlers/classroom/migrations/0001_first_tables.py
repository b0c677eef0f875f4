"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "classroom_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructor_id", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("current_order_index", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classroom_session")),
        sa.UniqueConstraint("session_code", name=op.f("uq_classroom_session_session_code")),
    )
    op.create_table(
        "classroom_subtask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_index", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("target_action", sa.String(length=64), nullable=False),
        sa.Column("guide_text", sa.Text(), nullable=False),
        sa.Column("voice_guide_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["classroom_session.id"], name=op.f("fk_classroom_subtask_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classroom_subtask")),
        sa.UniqueConstraint(
            "session_id", "order_index", name=op.f("uq_classroom_subtask_session_id_order_index")
        ),
    )
    op.create_table(
        "classroom_participant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_subtask", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("connection", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["current_subtask"],
            ["classroom_subtask.id"],
            name=op.f("fk_classroom_participant_current_subtask"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["classroom_session.id"], name=op.f("fk_classroom_participant_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classroom_participant")),
        sa.UniqueConstraint(
            "session_id", "user_id", name=op.f("uq_classroom_participant_session_id_user_id")
        ),
    )
    with op.batch_alter_table("classroom_participant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_classroom_participant_status_last_active_at"),
            ["status", "last_active_at"],
            unique=False,
        )

    op.create_table(
        "classroom_step_control",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subtask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("instructor_id", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["classroom_session.id"], name=op.f("fk_classroom_step_control_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["subtask_id"], ["classroom_subtask.id"], name=op.f("fk_classroom_step_control_subtask_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classroom_step_control")),
    )
    with op.batch_alter_table("classroom_step_control", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_classroom_step_control_session_id"), ["session_id"], unique=False
        )


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("classroom_step_control", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_classroom_step_control_session_id"))

    op.drop_table("classroom_step_control")
    with op.batch_alter_table("classroom_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_classroom_participant_status_last_active_at"))

    op.drop_table("classroom_participant")
    op.drop_table("classroom_subtask")
    op.drop_table("classroom_session")
