"""Record when groups were merged and which person placed an article, so that merges of stories can be undone."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

HERE = Path(__file__).parent.parent / "sql" / "0007"

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
