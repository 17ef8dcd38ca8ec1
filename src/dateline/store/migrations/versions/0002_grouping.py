"""Let grouping work from the store alone: weighed terms, keys by which stories are found, how often terms occur."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

revision = "0002"
down_revision = "0001"

HERE = Path(__file__).parent.parent / "sql" / "0002"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
