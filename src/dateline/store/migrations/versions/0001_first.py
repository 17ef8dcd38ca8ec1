"""Make the whole schema: the SQL stands in sql/0001, by topic."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from dateline.store.migrations.commented import statements

revision = "0001"
down_revision = None

HERE = Path(__file__).parent.parent / "sql" / "0001"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))
    with connection.cursor().copy("copy dateline.countries from stdin (format csv, header)") as copy:
        copy.write((HERE / "countries.csv").read_bytes())


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the schema")
