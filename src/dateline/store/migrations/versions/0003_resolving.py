"""Keep a list of the texts whose events are to be resolved: whatever changes what they say puts them there."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

revision = "0003"
down_revision = "0002"

HERE = Path(__file__).parent.parent / "sql" / "0003"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
