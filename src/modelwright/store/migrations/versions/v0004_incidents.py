"""Incidents: alarms that belong together, what people did about them, and who was told."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of incidents, their history, silences and deliveries."""
    import sqlalchemy as sa
    from alembic import op

    op.add_column("alarm", sa.Column("incident", sa.Text))
    op.create_index("ix_alarm_incident", "alarm", ["incident"])
    op.create_table(
        "incident",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("release", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("owner", sa.Text, nullable=False),
    )
    op.create_table(
        "incident_event",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("incident", sa.Text, sa.ForeignKey("incident.id"), nullable=False, index=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("alarms", sa.JSON, nullable=False),
    )
    op.create_table(
        "silence",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("incident", sa.Text),
        sa.Column("promise", sa.Text),
        sa.Column("column", sa.Text),
    )
    op.create_table(
        "delivery",
        sa.Column("notice", sa.Text, sa.ForeignKey("incident_event.id"), primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger),
        sa.Column("error", sa.Text, nullable=False),
    )
