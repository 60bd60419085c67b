"""The tables of the spine."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make looks, releases, observations, labels, alarms, decisions and events."""
    _make_ledgers()
    _make_observations()
    _make_alarms()


def _make_ledgers() -> None:
    import sqlalchemy as sa
    from alembic import op

    op.create_table(
        "look",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False, index=True),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("package", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("verdict", sa.JSON, nullable=False),
        sa.Column("replaced", sa.Text, sa.ForeignKey("release.id")),
        sa.Column("kind", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False, index=True),
        sa.Column("body", sa.JSON, nullable=False),
    )


def _make_observations() -> None:
    import sqlalchemy as sa
    from alembic import op

    op.create_table(
        "observation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("release", sa.Text, nullable=False),
        sa.Column("row", sa.JSON, nullable=False),
        sa.Column("prediction", sa.Text),
        sa.Column("value", sa.Double),
        sa.Column("probabilities", sa.JSON),
        sa.Column("latency_ms", sa.Double, nullable=False),
    )
    op.create_index("ix_observation_release_at", "observation", ["release", "at"])
    op.create_table(
        "label",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("prediction_id", sa.Text, sa.ForeignKey("observation.id"), nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("value", sa.Double),
    )


def _make_alarms() -> None:
    import sqlalchemy as sa
    from alembic import op

    op.create_table(
        "alarm",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("release", sa.Text, nullable=False, index=True),
        sa.Column("promise", sa.Text, nullable=False),
        sa.Column("column", sa.Text),
        sa.Column("since", sa.BigInteger),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("run", sa.Text),
        sa.Column("release", sa.Text),
        sa.Column("evidence", sa.JSON, nullable=False),
    )
