"""Part the keys by which copies and stories are found by days, and make those of the texts that are stored."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.grouped_index import rebuild_keys
from dateline.store.migrations.commented import statements

revision = "0006"
down_revision = "0005"

HERE = Path(__file__).parent.parent / "sql" / "0006"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))
    rebuild_keys(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
