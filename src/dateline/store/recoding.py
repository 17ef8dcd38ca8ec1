"""Choose texts to code again, compare two codings of a text, and make the new one count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, text

from dateline.store.codings import CoderVersions, promote

BATCH = 500  # texts compared at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Say which texts are meant: by publication day (both inclusive), source, and article language."""

    since: date | None = None
    until: date | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedMention:
    """Be one event mention as a coding has it, with its sentence."""

    text_id: int
    mention_key: UUID
    trigger_start: int
    trigger_end: int
    trigger_text: str | None
    sentence_text: str | None
    event_type: str
    mode: str | None
    modality: str
    negated: bool
    source_text: str | None
    source_country: str | None
    target_text: str | None
    target_country: str | None
    date_from: date | None
    date_to: date | None
    place_name: str | None
    attribution_text: str | None


_VERSIONS = "c.coder = :coder and c.model = :model and c.actors_version = :actors and c.gazetteer_version = :gazetteer"

_JOINED = """
    from dateline.texts t join dateline.revisions r on r.revision_id = t.revision_id
    join dateline.articles a on a.article_id = t.article_id and a.merged_into is null
    join dateline.codings old on old.text_id = t.text_id and old.is_active
"""
_CHOSEN = """
    t.is_current and t.text is not null
        and (cast(:since as date) is null or r.published_on >= :since)
        and (cast(:until as date) is null or r.published_on <= :until)
        and (cast(:source_id as bigint) is null or a.source_id = :source_id)
"""

_UNCODED = text(f"""
    select t.text_id {_JOINED} where {_CHOSEN}
        and not exists (select from dateline.codings c where c.text_id = t.text_id and {_VERSIONS})
    order by t.text_id
""")  # noqa: S608 (all parts are ours)

_PAIRS = text(f"""
    select t.text_id, old.coding_id as old_id, c.coding_id as new_id
    {_JOINED} join dateline.codings c on c.text_id = t.text_id and not c.is_active and {_VERSIONS} where {_CHOSEN}
    order by t.text_id
""")

_MENTIONS = text(f"""
    select {", ".join(field.name for field in fields(CodedMention))} from dateline.event_mentions
    where coding_id = any(:ids) order by text_id, trigger_start, event_type, n
""")  # noqa: S608


def uncoded_texts(conn: Connection, choice: Choice, versions: CoderVersions) -> list[int]:
    """Return the chosen texts that have a coding, but none by these versions."""
    return list(conn.execute(_UNCODED, _values(choice, versions)).scalars())


def mention_pairs(
    conn: Connection, choice: Choice, versions: CoderVersions
) -> Iterator[tuple[list[CodedMention], list[CodedMention]]]:
    """Yield, batch by batch, the mentions of the codings that count and those of the new ones beside them."""
    pairs = conn.execute(_PAIRS, _values(choice, versions)).all()
    for at in range(0, len(pairs), BATCH):
        batch = pairs[at : at + BATCH]
        yield _mentions(conn, [pair.old_id for pair in batch]), _mentions(conn, [pair.new_id for pair in batch])


def promote_new(conn: Connection, choice: Choice, versions: CoderVersions) -> int:
    """Make the new codings of the chosen texts the ones that count. Return how many."""
    pairs = conn.execute(_PAIRS, _values(choice, versions)).all()
    promote(conn, [pair.new_id for pair in pairs])
    return len(pairs)


def _mentions(conn: Connection, coding_ids: Sequence[int]) -> list[CodedMention]:
    return [CodedMention(**row) for row in conn.execute(_MENTIONS, {"ids": list(coding_ids)}).mappings()]


def _values(choice: Choice, versions: CoderVersions) -> dict[str, object]:
    return {
        "since": choice.since, "until": choice.until, "source_id": choice.source_id, "coder": versions.coder,
        "model": versions.model, "actors": versions.actors, "gazetteer": versions.gazetteer,
    }  # fmt: skip
