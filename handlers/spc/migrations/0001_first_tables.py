"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "spc_product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lsl", sa.Double(), nullable=False),
        sa.Column("usl", sa.Double(), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("subgroup_size", sa.Integer(), nullable=False),
        sa.Column("center", sa.Double(), nullable=True),
        sa.Column("range_center", sa.Double(), nullable=True),
        sa.Column("baseline_last_sample", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_product")),
        sa.UniqueConstraint("code", name=op.f("uq_spc_product_code")),
    )
    op.create_table(
        "spc_alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alert_type", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["spc_product.id"], name=op.f("fk_spc_alert_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_alert")),
    )
    with op.batch_alter_table("spc_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spc_alert_priority_id"), ["priority", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_spc_alert_product_id_id"), ["product_id", "id"], unique=False)

    op.create_table(
        "spc_capability_analysis",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cp", sa.Double(), nullable=False),
        sa.Column("cpk", sa.Double(), nullable=False),
        sa.Column("pp", sa.Double(), nullable=False),
        sa.Column("ppk", sa.Double(), nullable=False),
        sa.Column("analyzed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["spc_product.id"], name=op.f("fk_spc_capability_analysis_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_capability_analysis")),
    )
    with op.batch_alter_table("spc_capability_analysis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_spc_capability_analysis_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "spc_measurement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measurement_value", sa.Double(), nullable=False),
        sa.Column("sample_number", sa.BigInteger(), nullable=False),
        sa.Column("subgroup_number", sa.BigInteger(), nullable=False),
        sa.Column("is_within_spec", sa.Boolean(), nullable=False),
        sa.Column("is_within_control", sa.Boolean(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["spc_product.id"], name=op.f("fk_spc_measurement_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_measurement")),
        sa.UniqueConstraint(
            "product_id", "sample_number", name=op.f("uq_spc_measurement_product_id_sample_number")
        ),
    )
    with op.batch_alter_table("spc_measurement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_spc_measurement_product_id_subgroup_number_measurement_value"),
            ["product_id", "subgroup_number", "measurement_value"],
            unique=False,
        )

    op.create_table(
        "spc_rule_violation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("sample_numbers", sa.JSON(), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["spc_product.id"], name=op.f("fk_spc_rule_violation_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_rule_violation")),
    )
    with op.batch_alter_table("spc_rule_violation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spc_rule_violation_product_id"), ["product_id"], unique=False)


def downgrade() -> None:
    """Back again."""
    with op.batch_alter_table("spc_rule_violation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_rule_violation_product_id"))

    op.drop_table("spc_rule_violation")
    with op.batch_alter_table("spc_measurement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_measurement_product_id_subgroup_number_measurement_value"))

    op.drop_table("spc_measurement")
    with op.batch_alter_table("spc_capability_analysis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_capability_analysis_product_id"))

    op.drop_table("spc_capability_analysis")
    with op.batch_alter_table("spc_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spc_alert_product_id_id"))
        batch_op.drop_index(batch_op.f("ix_spc_alert_priority_id"))

    op.drop_table("spc_alert")
    op.drop_table("spc_product")
