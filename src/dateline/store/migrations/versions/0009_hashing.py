"""Know terms by their hashes: count them by it, keep that of each term that waits, and make the keys of stories anew."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from sqlalchemy import Connection, text

from dateline.group.terms import hashes_of
from dateline.store.grouped_index import AT_ONCE, rebuild_story_keys
from dateline.store.migrations.commented import statements

HERE = Path(__file__).parent.parent / "sql" / "0009"

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    bind = op.get_bind()
    connection = bind.connection.driver_connection
    assert connection is not None
    for path in sorted(HERE.glob("*.sql")):
        connection.execute(statements(path))
    _hash_waiting(bind)
    _hash_counts(bind)
    rebuild_story_keys(bind)


def _hash_waiting(bind: Connection) -> None:
    """Give the terms of texts that wait for grouping their hashes."""
    rows = bind.execute(text("select text_id, terms from dateline.text_terms")).all()
    for row in rows:
        hashes = hashes_of(row.terms.split()).astype("<u8").tobytes()
        bind.execute(
            text("update dateline.text_terms set hashes = :hashes where text_id = :id"),
            {"id": row.text_id, "hashes": hashes},
        )


def _hash_counts(bind: Connection) -> None:
    """Count terms by hash. No word is empty: its hash, 0, counts the texts, as it did."""
    after = None
    while rows := bind.execute(
        text(
            "select term, texts from dateline.old_term_counts where cast(:after as text) is null or term > :after"
            " order by term limit :count"
        ),
        {"after": after, "count": AT_ONCE},
    ).all():
        terms = hashes_of(row.term for row in rows).astype("i8").tolist()
        bind.execute(
            text(
                "insert into dateline.term_counts as c (term, texts)"
                " select term, sum(texts) from unnest(cast(:terms as bigint[]), cast(:texts as bigint[])) g (term, texts)"
                " group by term on conflict (term) do update set texts = c.texts + excluded.texts"
            ),
            {"terms": terms, "texts": [row.texts for row in rows]},
        )
        after = rows[-1].term
    bind.execute(text("drop table dateline.old_term_counts"))


def downgrade() -> None:
    raise NotImplementedError("migrations are not undone: restore a backup")
