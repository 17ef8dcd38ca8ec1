"""Keep what the statistical model read in texts, so that rules can be run again without it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, text

from dateline.annotate.parses import Known, Parse

_SAVE = text("""
    insert into dateline.parses (text_id, model, tokens, tokens_read, data)
    select g.text_id, g.model, g.tokens, g.tokens_read, g.data
    from unnest(cast(:ids as bigint[]), cast(:models as text[]), cast(:tokens as integer[]), cast(:read as integer[]),
        cast(:data as bytea[])) as g(text_id, model, tokens, tokens_read, data)
    join dateline.texts t on t.text_id = g.text_id and t.text is not null
    on conflict (text_id) do update set model = excluded.model, tokens = excluded.tokens, data = excluded.data,
        tokens_read = excluded.tokens_read
    where parses.model <> excluded.model or parses.data <> excluded.data
""")

# The text itself where it was parsed before, else the newest other text of its article.
_KNOWN = text("""
    select distinct on (t.text_id) t.text_id, o.text, p.model, p.tokens, p.tokens_read, p.data
    from dateline.texts t
    join dateline.texts o on o.article_id = t.article_id and o.text is not null
    join dateline.parses p on p.text_id = o.text_id and p.model = :model
    where t.text_id = any(:ids)
    order by t.text_id, (o.text_id = t.text_id) desc, o.text_id desc
""")


def save_parses(conn: Connection, parses: Mapping[str, Parse]) -> None:
    """Store parses by text id; a text keeps one. None is kept of a text that is not kept itself."""
    if not parses:
        return
    found = sorted(((int(text_id), parse) for text_id, parse in parses.items()), key=lambda it: it[0])
    values = {
        "ids": [text_id for text_id, _ in found],
        "models": [parse.model for _, parse in found],
        "tokens": [parse.tokens for _, parse in found],
        "read": [parse.read for _, parse in found],
        "data": [parse.data for _, parse in found],
    }
    conn.execute(_SAVE, values)


def load_known(conn: Connection, ids: Collection[int], model: str) -> dict[str, Known]:
    """Return for texts what `model` read in them, or else in the revision before them."""
    rows = conn.execute(_KNOWN, {"ids": list(ids), "model": model})
    return {
        str(row.text_id): Known(
            row.text, Parse(model=row.model, tokens=row.tokens, read=row.tokens_read, data=bytes(row.data))
        )
        for row in rows
    }
