"""Rollouts of the program's releases beside those of the catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("rollouts", sa.Column("kind", sa.String(length=16), nullable=False, server_default="catalogue"))
