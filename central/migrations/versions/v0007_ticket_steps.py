"""What became of tickets, and for whom they were asked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table("ticket_steps",
        sa.Column("number", WIDE, autoincrement=True, nullable=False),
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_ticket_steps_ticket", "ticket_steps", ["ticket"])
    op.add_column("tickets", sa.Column("subject", sa.JSON(), nullable=True))
