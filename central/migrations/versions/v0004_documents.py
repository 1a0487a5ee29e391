"""Copies of documents, their way to a phone, their revocation, and a record of every act."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("documents", sa.Column("without_value", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("documents", sa.Column("key_id", sa.String(length=48), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("revoked_because", sa.String(length=200), nullable=True))
    op.create_table("document_copies",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("copy", WIDE, nullable=False),
        sa.Column("kiosk", sa.String(length=16), nullable=False),
        sa.Column("composed", TIME, nullable=False),
        sa.Column("ticket", sa.String(length=36), nullable=True),
        sa.Column("pages", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["documents.code"]),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.id"]),
        sa.PrimaryKeyConstraint("code", "copy"),
    )
    op.create_table("hand_offs",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("copy", WIDE, nullable=False),
        sa.Column("pin", sa.String(length=64), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("downloads", WIDE, nullable=False),
        sa.Column("failures", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table("document_records",
        sa.Column("number", WIDE, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("copy", WIDE, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["documents.code"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_document_records_code", "document_records", ["code"], unique=False)
