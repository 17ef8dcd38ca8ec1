"""Keep what a revision needs: the model's parses, correction notes, marks of pages and references, who runs a stage."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

HERE = Path(__file__).parent.parent / "sql" / "0005"

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
