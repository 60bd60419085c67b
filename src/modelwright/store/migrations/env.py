"""What Alembic runs: the steps, in the transaction that the caller has opened."""

from __future__ import annotations


def run() -> None:
    """Run the migrations on the connection handed over by `modelwright.store.migrate`."""
    from alembic import context

    context.configure(connection=context.config.attributes["connection"])
    with context.begin_transaction():
        context.run_migrations()


run()
