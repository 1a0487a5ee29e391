"""Payments that the bank and the Pix provider report."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table("payments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=44), nullable=False),
        sa.Column("amount_cents", WIDE, nullable=False),
        sa.Column("paid", sa.String(length=10), nullable=False),
        sa.Column("imported", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
