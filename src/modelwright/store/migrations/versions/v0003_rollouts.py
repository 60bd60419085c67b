"""Challengers on trial, and what they would have answered in the shadow."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of trials and of shadow scores."""
    import sqlalchemy as sa
    from alembic import op

    op.create_table(
        "rollout",
        sa.Column("release", sa.Text, sa.ForeignKey("release.id"), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("champion", sa.Text, sa.ForeignKey("release.id"), nullable=False),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("ended", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )
    op.create_table(
        "shadow_score",
        sa.Column("prediction_id", sa.Text, primary_key=True),
        sa.Column("release", sa.Text, primary_key=True),
        sa.Column("prediction", sa.Text),
        sa.Column("value", sa.Double),
        sa.Column("probabilities", sa.JSON),
        sa.Column("latency_ms", sa.Double, nullable=False),
    )
