"""Poll sources as often as they change, and keep subscriptions at the hubs that feeds offer."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

revision = "0004"
down_revision = "0003"

HERE = Path(__file__).parent.parent / "sql" / "0004"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
