"""Keep what coder versions read in texts: at most one reading of a text counts at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from dateline.errors import LoadError
from dateline.store import rejects
from dateline.store.mentions import TABLES, record_digest
from dateline.store.rows import clean, clean_all, copy_rows, saved_or_rejected
from dateline.types import AnnotatedArticle, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderVersions:
    """Name the versions of everything that decides what is read."""

    coder: str
    model: str
    actors: str
    gazetteer: str


_FIND = text("""
    select t.text_id, t.text, c.coding_id, c.digest
    from dateline.texts t
    left join dateline.codings c on c.text_id = t.text_id and c.coder = :coder and c.model = :model
        and c.actors_version = :actors and c.gazetteer_version = :gazetteer
    where t.text_id = any(:ids) order by t.text_id for no key update of t
""")

_SAVE = text("""
    insert into dateline.codings (text_id, coder, model, actors_version, gazetteer_version, digest, sentence_starts,
        sentence_ends, warnings)
    values (:text_id, :coder, :model, :actors, :gazetteer, :digest, :starts, :ends, :warnings)
    on conflict (text_id, coder, model, actors_version, gazetteer_version) do update set
        digest = excluded.digest, sentence_starts = excluded.sentence_starts, sentence_ends = excluded.sentence_ends,
        warnings = excluded.warnings
    returning coding_id
""")

_DEACTIVATE = text("""
    update dateline.codings set is_active = false
    where is_active and coding_id <> all(:ids)
        and text_id in (select text_id from dateline.codings where coding_id = any(:ids))
""")
_ACTIVATE = text("""
    update dateline.codings set is_active = true, activated_at = now() where coding_id = any(:ids) and not is_active
""")


def save_codings(
    conn: Connection,
    read: Sequence[tuple[int, AnnotatedArticle]],
    versions: CoderVersions,
    *,
    activate: bool = True,
) -> list[int | None]:
    """Store readings of texts and return their coding ids, in order; None for one that could not be stored (a reject).

    The same reading by the same versions changes nothing; another one replaces that coding's rows whole. With `activate`
    they become the codings that count.
    """

    def refuse(item: tuple[int, AnnotatedArticle], fault: LoadError) -> None:
        rejected = Rejected(stage=fault.stage, code=fault.code, message=fault.message, text_id=item[0])
        rejects.record(conn, rejected, now=datetime.now(UTC))

    latest = dict(read)  # a text that stands twice in a batch is stored as it was read last
    saved = saved_or_rejected(conn, list(latest.items()), lambda items: _save(conn, items, versions), refuse)
    ids = dict(zip(latest, saved, strict=True))
    if activate:
        promote(conn, [coding_id for coding_id in saved if coding_id is not None])
    return [ids[text_id] for text_id, _ in read]


def promote(conn: Connection, coding_ids: Collection[int]) -> None:
    """Make codings the ones that count, in place of their texts' others."""
    if coding_ids:
        conn.execute(_DEACTIVATE, {"ids": list(coding_ids)})
        conn.execute(_ACTIVATE, {"ids": list(coding_ids)})


def _save(conn: Connection, read: Sequence[tuple[int, AnnotatedArticle]], versions: CoderVersions) -> list[int]:
    names = {
        "coder": clean(versions.coder),
        "model": clean(versions.model),
        "actors": clean(versions.actors),
        "gazetteer": clean(versions.gazetteer),
    }
    found = {row.text_id: row for row in conn.execute(_FIND, {**names, "ids": [text_id for text_id, _ in read]})}
    missing = [text_id for text_id, _ in read if text_id not in found]
    if missing:
        raise LoadError(f"text {missing[0]} is not stored", code="no_text")
    ids: list[int] = []
    changed: list[tuple[int, int, str | None, AnnotatedArticle]] = []
    replaced: list[int] = []
    for text_id, record in read:
        known, digest = found[text_id], record_digest(record)
        if known.coding_id is not None and bytes(known.digest) == digest:
            ids.append(known.coding_id)
            continue
        coding_id = _save_one(conn, text_id, record, names, digest)
        ids.append(coding_id)
        changed.append((coding_id, text_id, known.text, record))
        if known.coding_id is not None:
            replaced.append(coding_id)
    for table, columns, rows in TABLES:
        if replaced:
            conn.execute(text(f"delete from {table} where coding_id = any(:ids)"), {"ids": replaced})  # noqa: S608 (ours)
        copy_rows(conn, table, columns, (row for item in changed for row in rows(*item)))
    return ids


def _save_one(conn: Connection, text_id: int, record: AnnotatedArticle, names: dict[str, str], digest: bytes) -> int:
    coding_id: int = conn.execute(
        _SAVE,
        {
            **names,
            "text_id": text_id,
            "digest": digest,
            "starts": [sentence.start for sentence in record.sentences],
            "ends": [sentence.end for sentence in record.sentences],
            "warnings": clean_all(record.warnings),
        },
    ).scalar_one()
    return coding_id
