"""Part the keys by which copies and stories are found by days, and make those by which copies of the stored texts are found."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.grouped_index import rebuild_bands
from dateline.store.migrations.commented import statements

revision = "0006"
down_revision = "0005"

HERE = Path(__file__).parent.parent / "sql" / "0006"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))
    rebuild_bands(op.get_bind())  # 0009 makes the keys of stories


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
