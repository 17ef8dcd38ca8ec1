"""Run migrations on the connection that store/migrate.py hands over; there is no ini file."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="dateline", transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
