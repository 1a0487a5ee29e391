"""Kiosks that ask to be enrolled, and wait for an administrator to compare six words."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("enrolment_secrets", sa.Column("approval", sa.String(length=8), nullable=True))
    op.add_column("enrolment_secrets", sa.Column("public_key", sa.String(length=64), nullable=True))
    op.add_column("enrolment_secrets", sa.Column("label", sa.String(length=120), nullable=True))
    op.add_column("enrolment_secrets", sa.Column("asked", TIME, nullable=True))
