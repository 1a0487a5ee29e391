"""How well a ticket's applicant is proven; look-ups counted by kiosk, and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("scheme", sa.String(length=24), nullable=True))
    op.add_column("tickets", sa.Column("assurance", WIDE, nullable=True))
    op.add_column("tickets", sa.Column("revocation", sa.String(length=80), nullable=True))
    op.add_column("tickets", sa.Column("certificate", sa.String(length=64), nullable=True))
    op.create_table("lookup_counts",
        sa.Column("kiosk", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hour", WIDE, nullable=False),
        sa.Column("times", WIDE, nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.id"]),
        sa.PrimaryKeyConstraint("kiosk", "kind", "hour"),
    )
    op.create_table("alerts",
        sa.Column("kiosk", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("times", WIDE, nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.id"]),
        sa.PrimaryKeyConstraint("kiosk", "kind", "day"),
    )
