"""Keep the terms that extraction signs until grouping has read them, and check less for each membership."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

HERE = Path(__file__).parent.parent / "sql" / "0008"

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
