"""What users may see and hear."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From the revision before to this one."""
    op.create_table(
        "spc_access",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_access")),
        sa.UniqueConstraint("user_id", name=op.f("uq_spc_access_user_id")),
    )
    op.create_table(
        "spc_preferences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("min_priority", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("muted_products", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_preferences")),
        sa.UniqueConstraint("user_id", name=op.f("uq_spc_preferences_user_id")),
    )
    op.create_table(
        "spc_visible_product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("access_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_id"],
            ["spc_access.id"],
            name=op.f("fk_spc_visible_product_access_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["spc_product.id"], name=op.f("fk_spc_visible_product_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spc_visible_product")),
        sa.UniqueConstraint(
            "access_id", "product_id", name=op.f("uq_spc_visible_product_access_id_product_id")
        ),
    )


def downgrade() -> None:
    """Back again."""
    op.drop_table("spc_visible_product")
    op.drop_table("spc_preferences")
    op.drop_table("spc_access")
