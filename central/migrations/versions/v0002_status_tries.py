"""Failed tries to see a ticket's status: by tracking code, and by where they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table("status_tries",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("tries", WIDE, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("ix_status_tries_until", "status_tries", ["until"], unique=False)
