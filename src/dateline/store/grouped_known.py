"""Load what is known that may concern a batch of texts to be grouped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, text

from dateline.group import Copies, KnownText, Signature, Signed
from dateline.group.signatures import day_of
from dateline.group.stories import MAX_GAP, Unit

_COPIES = text("""
    with found as (
        select b.text_id from unnest(cast(:bands as bigint[])) as wanted join dateline.text_bands b on b.band = wanted
        union
        select text_id from dateline.text_signatures where sha256 = any(:digests)
    )
    select s.text_id, s.article_id, s.words, s.sha256, s.minhash, s.bands, s.published_on, s.published_at,
        c.syndication_id, c.duplicate_of, m.story_id
    from found join dateline.text_signatures s using (text_id)
        join dateline.syndication_members c on c.text_id = s.text_id and c.valid_to is null
        join dateline.story_members m on m.text_id = s.text_id and m.valid_to is null
""")
_FREQUENCIES = text("select term, texts from dateline.term_counts where term = any(:terms)")
_KEYED = text("""
    select m.story_id, array_agg(distinct k.key)
    from unnest(cast(:keys as bigint[])) as wanted join dateline.text_story_keys k on k.key = wanted
        join dateline.text_signatures s on s.text_id = k.text_id
        join dateline.story_members m on m.text_id = s.text_id and m.valid_to is null
    where cast(:first as date) is null or s.published_on is null or s.published_on between :first and :last
    group by m.story_id
""")
_STORIES = text("""
    select s.story_id, s.articles, s.likeness, s.terms, s.weights, s.first_reported_on, s.last_reported_on,
        exists (select from dateline.story_members m
            where m.story_id = s.story_id and m.valid_to is null and m.decided_by = 'person') as by_hand
    from dateline.stories s where s.story_id = any(:ids)
""")


@contextmanager
def by_index(conn: Connection) -> Iterator[None]:
    """Let the planner look each key up. It takes ten thousand of them for a reason to read a table of millions whole."""
    names = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
    for name in names:
        conn.execute(text(f"set local {name} = off"))
    try:
        yield
    finally:
        for name in names:
            conn.execute(text(f"set local {name} to default"))


def load_frequencies(conn: Connection, batch: Sequence[Signed]) -> tuple[dict[str, int], int]:
    """Return in how many texts each of the batch's terms stands, and how many texts were counted."""
    terms = sorted({term for item in batch for term, _ in item.signature.terms})
    found: dict[str, int] = dict(conn.execute(_FREQUENCIES, {"terms": ["", *terms]}).all())
    return found, found.pop("", 0)


def load_copies(conn: Connection, batch: Sequence[Signed]) -> list[KnownText]:
    """Return the texts that share a band or the very words with some text of the batch."""
    bands = sorted({band for item in batch for band in item.signature.bands})
    digests = sorted({item.signature.sha256 for item in batch if item.signature.words})
    rows = conn.execute(_COPIES, {"bands": bands, "digests": digests}).mappings()
    return [
        KnownText(
            signed=Signed(
                id=row["text_id"],
                signature=Signature(
                    words=row["words"], sha256=bytes(row["sha256"]), minhash=bytes(row["minhash"] or b""),
                    bands=tuple(row["bands"]), terms=(),
                ),
                published=row["published_at"] or row["published_on"],
                article=row["article_id"],
            ),
            syndication=row["syndication_id"],
            story=row["story_id"],
            original=row["duplicate_of"],
        )
        for row in rows
    ]  # fmt: skip


def load_stories(conn: Connection, copies: Copies) -> dict[int, Unit]:
    """Return the stories that share a key with the batch, or hold a copy of one of its texts."""
    keys = _keyed(conn, copies.batch, sorted(copies.keys()))
    for family in copies.families:
        for story in family.stories:
            keys.setdefault(story, set())
    return _stories(conn, keys)


def _keyed(conn: Connection, batch: Sequence[Signed], keys: list[int]) -> dict[int, set[int]]:
    """Return the stories that share a key with the batch, and which keys, within the days that may belong together."""
    days = [day_of(item.published) for item in batch]
    known_days = [day for day in days if day is not None]
    limited = known_days and len(known_days) == len(days)
    first = min(known_days) - timedelta(days=MAX_GAP) if limited else None
    last = max(known_days) + timedelta(days=MAX_GAP) if limited else None
    rows = conn.execute(_KEYED, {"keys": keys, "first": first, "last": last})
    return {story: set(shared) for story, shared in rows}


def _stories(conn: Connection, keys: dict[int, set[int]]) -> dict[int, Unit]:
    rows = conn.execute(_STORIES, {"ids": sorted(keys)}).mappings()
    return {
        row["story_id"]: Unit(
            vector=dict(zip(row["terms"], row["weights"], strict=True)),
            size=max(1, row["articles"]),
            within=row["likeness"],
            first=row["first_reported_on"],
            last=row["last_reported_on"],
            stories=[row["story_id"]],
            keys=sorted(keys[row["story_id"]]),
            settled_by_hand=row["by_hand"],
        )
        for row in rows
    }
