"""What monitoring remembers of each release."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of detector states."""
    import sqlalchemy as sa
    from alembic import op

    op.create_table(
        "watch",
        sa.Column("release", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )
