"""Find what happened by its time."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("spc_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spc_alert_created_at"), ["created_at"], unique=False)

    with op.batch_alter_table("spc_measurement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spc_measurement_measured_at"), ["measured_at"], unique=False)

    with op.batch_alter_table("spc_rule_violation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spc_rule_violation_detected_at"), ["detected_at"], unique=False)


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("spc_rule_violation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_rule_violation_detected_at"))

    with op.batch_alter_table("spc_measurement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_measurement_measured_at"))

    with op.batch_alter_table("spc_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_alert_created_at"))
