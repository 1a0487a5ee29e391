"""What a centre must know of its fleet: audit logs it witnessed, keys that change, disks that come back, backups."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("kiosks") as kiosks:
        kiosks.add_column(sa.Column("next_key", sa.String(length=64), nullable=True))
        kiosks.add_column(sa.Column("generation", WIDE, nullable=False, server_default="0"))
        kiosks.add_column(sa.Column("audit_seq", WIDE, nullable=True))
        kiosks.add_column(sa.Column("audit_head", sa.String(length=64), nullable=True))
        kiosks.add_column(sa.Column("left_generation", WIDE, nullable=True))
        kiosks.add_column(sa.Column("left_seq", WIDE, nullable=True))
        kiosks.add_column(sa.Column("alarm", sa.String(length=16), nullable=True))
        kiosks.add_column(sa.Column("wishes", sa.String(length=64), nullable=False, server_default=""))
        kiosks.create_unique_constraint("kiosks_next_key", ["next_key"])
    with op.batch_alter_table("allocations") as allocations:
        allocations.add_column(sa.Column("retired", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("enrolment_secrets") as enrolment_secrets:
        enrolment_secrets.add_column(sa.Column("readmits", sa.String(length=16), nullable=True))
    with op.batch_alter_table("series") as series:
        series.add_column(sa.Column("ceiling", WIDE, nullable=False, server_default="0"))
    marks = op.create_table("marks",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    assert marks is not None
    op.bulk_insert(marks, [{"name": "epoch", "value": secrets.token_hex(8)}, {"name": "restores", "value": "0"}])
    op.execute("update series set ceiling = next")
