"""To-dos, requests, and what is put off; labels are found by time."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables of the working day."""
    import sqlalchemy as sa
    from alembic import op

    op.create_index("ix_label_at", "label", ["at"])
    op.create_table(
        "todo",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("due", sa.Text),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("due", sa.Text),
        sa.Column("accepted", sa.BigInteger),
        sa.Column("diff", sa.Text, nullable=False),
        sa.Column("answered", sa.BigInteger),
        sa.Column("answer", sa.JSON, nullable=False),
    )
    op.create_table(
        "snooze",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
