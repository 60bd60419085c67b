"""Alembic migrations of the operations database, shipped with the package."""
