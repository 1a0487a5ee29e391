"""Rollouts of the catalogue, and the groups of kiosks they go by."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("kiosks", sa.Column("kiosk_group", sa.String(length=48), nullable=True))
    op.create_table("rollouts",
        sa.Column("number", WIDE, autoincrement=True, nullable=False),
        sa.Column("version", WIDE, nullable=False),
        sa.Column("kiosk_group", sa.String(length=48), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("step", WIDE, nullable=False),
        sa.Column("failures", WIDE, nullable=False),
        sa.Column("wait_s", WIDE, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("started", TIME, nullable=False),
        sa.Column("stepped", TIME, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table("rollout_members",
        sa.Column("rollout", WIDE, nullable=False),
        sa.Column("kiosk", sa.String(length=16), nullable=False),
        sa.Column("step", WIDE, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("faults", WIDE, nullable=True),
        sa.Column("heard", TIME, nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.id"]),
        sa.ForeignKeyConstraint(["rollout"], ["rollouts.number"]),
        sa.PrimaryKeyConstraint("rollout", "kiosk"),
    )
    op.create_index("rollout_members_by_kiosk", "rollout_members", ["kiosk"], unique=False)
