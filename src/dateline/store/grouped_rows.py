"""Store what grouping decided: signatures, memberships, merges, and the stories as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from dateline.group import Outcome, Signed
from dateline.group.signatures import day_of
from dateline.group.stories import Unit, heaviest
from dateline.store.rows import clean_all, copy_rows, driver

COUNT_ALL = 20_000  # texts; beyond that every SAMPLEth batch is counted, which tells rare from common as well
SAMPLE = 16
TERMS = 24  # of a text that are kept, for people who ask why; its story keeps what decides

_FOUND_SYNDICATIONS = text("""
    insert into dateline.syndications (first_text_id, created_at)
    select founder, :now from unnest(cast(:founders as bigint[])) as founder
    returning first_text_id, syndication_id
""")
_FOUND_STORIES = text("""
    insert into dateline.stories (first_text_id, created_at)
    select founder, :now from unnest(cast(:founders as bigint[])) as founder
    returning first_text_id, story_id
""")
_COUNTED = text("select coalesce((select texts from dateline.term_counts where term = ''), 0)")
_COUNT = text("""
    insert into dateline.term_counts as c (term, texts)
    select term, texts from unnest(cast(:terms as text[]), cast(:texts as bigint[])) as t (term, texts)
    on conflict (term) do update set texts = c.texts + excluded.texts
""")
_STAGE_STORIES = text("""
    create temp table staged_stories on commit drop as
    select story_id, articles, likeness, terms, weights, first_reported_on, last_reported_on from dateline.stories with no data
""")
_STAGED = ("story_id", "articles", "likeness", "terms", "weights", "first_reported_on", "last_reported_on")
_UPDATE_STORIES = text("""
    update dateline.stories g set articles = s.articles, likeness = s.likeness, terms = s.terms, weights = s.weights,
        first_reported_on = least(g.first_reported_on, s.first_reported_on),
        last_reported_on = greatest(g.last_reported_on, s.last_reported_on)
    from staged_stories s where g.story_id = s.story_id
""")
# Whoever published first gives the group its first text, and the story its title.
_FIRST_OF_SYNDICATIONS = text("""
    update dateline.syndications g set first_text_id = f.text_id
    from (select distinct on (m.syndication_id) m.syndication_id, m.text_id
          from dateline.syndication_members m join dateline.text_signatures s using (text_id)
          where m.syndication_id = any(:ids) and m.valid_to is null
          order by m.syndication_id, coalesce(s.published_at, s.published_on::timestamp at time zone 'UTC'), m.text_id) f
    where g.syndication_id = f.syndication_id and g.first_text_id is distinct from f.text_id
""")
_FIRST_OF_STORIES = text("""
    update dateline.stories g set first_text_id = f.text_id, title = f.title
    from (select distinct on (m.story_id) m.story_id, m.text_id, r.title
          from dateline.story_members m join dateline.text_signatures s using (text_id)
              join dateline.texts t using (text_id) join dateline.revisions r using (revision_id)
          where m.story_id = any(:ids) and m.valid_to is null
          order by m.story_id, coalesce(s.published_at, s.published_on::timestamp at time zone 'UTC'), m.text_id) f
    where g.story_id = f.story_id and (g.first_text_id, g.title) is distinct from (f.text_id, f.title)
""")
_MERGE = {
    "syndication": (
        text("update dateline.syndications set merged_into = :kept where syndication_id = :absorbed"),
        text("""
            with ended as (
                update dateline.syndication_members set valid_to = :now
                where syndication_id = :absorbed and valid_to is null returning *
            )
            insert into dateline.syndication_members
                (syndication_id, text_id, duplicate_of, similarity, valid_from, decided_by, reason)
            select :kept, text_id, duplicate_of, similarity, :now, decided_by, :reason from ended
        """),
    ),
    "story": (
        text("update dateline.stories set merged_into = :kept where story_id = :absorbed"),
        text("""
            with ended as (
                update dateline.story_members set valid_to = :now
                where story_id = :absorbed and valid_to is null returning *
            )
            insert into dateline.story_members (story_id, text_id, similarity, valid_from, decided_by, reason)
            select :kept, text_id, similarity, :now, decided_by, :reason from ended
        """),
    ),
}


def save(conn: Connection, batch: Sequence[Signed], outcome: Outcome, *, now: datetime) -> None:
    """Write a batch's signatures, memberships and merges."""
    _save_signatures(conn, batch, outcome, now)
    for kind, pairs in (("syndication", outcome.merged_syndications), ("story", outcome.merged_stories)):
        for kept, absorbed in pairs:
            _merge(conn, kind, kept, absorbed, now)
    syndications = _founded(conn, _FOUND_SYNDICATIONS, _founders(outcome, "syndication"), now)
    stories = _founded(conn, _FOUND_STORIES, _founders(outcome, "story"), now)
    places = [
        (
            decision,
            decision.syndication if decision.syndication is not None else syndications[decision.syndication_founder],
            decision.story if decision.story is not None else stories[decision.story_founder],
        )
        for decision in outcome.decisions
    ]
    copy_rows(
        conn, "dateline.syndication_members",
        ("syndication_id", "text_id", "duplicate_of", "similarity", "valid_from", "reason"),
        [(group, d.text, d.duplicate_of, d.similarity, now, d.copy_reason) for d, group, _ in places],
    )  # fmt: skip
    copy_rows(
        conn, "dateline.story_members", ("story_id", "text_id", "similarity", "valid_from", "reason"),
        [(story, d.text, d.story_similarity, now, d.story_reason) for d, _, story in places],
    )  # fmt: skip
    conn.execute(_FIRST_OF_SYNDICATIONS, {"ids": sorted({group for _, group, _ in places})})
    _save_stories(conn, outcome.stories, stories)
    conn.execute(_FIRST_OF_STORIES, {"ids": sorted({story for _, _, story in places})})
    _save_counts(conn, outcome, min((item.id for item in batch), default=0))


def _save_signatures(conn: Connection, batch: Sequence[Signed], outcome: Outcome, now: datetime) -> None:
    columns = (
        "text_id", "article_id", "sha256", "minhash", "bands", "words", "published_on", "published_at", "terms",
        "weights", "signed_at",
    )  # fmt: skip
    copy_rows(
        conn, "dateline.text_signatures", columns,
        (
            (
                item.id, item.article, item.signature.sha256, item.signature.minhash or None,
                list(item.signature.bands), item.signature.words, day_of(item.published),
                item.published if isinstance(item.published, datetime) else None,
                clean_all(term for term, _ in item.signature.terms[:TERMS]), [weight for _, weight in item.signature.terms[:TERMS]],
                now,
            )
            for item in batch
        ),
    )  # fmt: skip

    bands = sorted((band, item.id) for item in batch for band in set(item.signature.bands))
    _copy_pairs(conn, "dateline.text_bands (band, text_id)", bands)
    keys = sorted((key, text_id) for text_id, own in outcome.keys.items() for key in set(own))
    _copy_pairs(conn, "dateline.text_story_keys (key, text_id)", keys)


def _copy_pairs(conn: Connection, into: str, pairs: Iterable[tuple[int, int]]) -> None:
    """COPY pairs of numbers in one piece: a batch has tens of thousands, and adapting each costs more than storing it."""
    with driver(conn).cursor() as cursor, cursor.copy(f"copy {into} from stdin") as copy:
        copy.write("".join(f"{one}\t{other}\n" for one, other in pairs))


def _founders(outcome: Outcome, kind: str) -> list[int]:
    """Return the texts that found a group of their own, smallest first."""
    pairs = (
        (d.syndication, d.syndication_founder) if kind == "syndication" else (d.story, d.story_founder)
        for d in outcome.decisions
    )
    return sorted({founder for known, founder in pairs if known is None})


def _founded(conn: Connection, statement: object, founders: list[int], now: datetime) -> dict[int, int]:
    if not founders:
        return {}
    return dict(conn.execute(statement, {"founders": founders, "now": now}).all())  # type: ignore[call-overload]


def _merge(conn: Connection, kind: str, kept: int, absorbed: int, now: datetime) -> None:
    values = {"kept": kept, "absorbed": absorbed, "now": now, "reason": f"{kind} {absorbed} merged into {kept}"}
    mark, move = _MERGE[kind]
    conn.execute(mark, values)
    conn.execute(move, values)


def _save_stories(conn: Connection, units: Iterable[Unit], founded: dict[int, int]) -> None:
    rows = []
    for unit in units:
        story = min(unit.stories) if unit.stories else founded[unit.texts[0]]
        vector = heaviest(unit.vector)
        weights = [round(weight, 5) for weight in vector.values()]
        rows.append((story, unit.size, unit.within, clean_all(vector), weights, unit.first, unit.last))
    if rows:
        conn.execute(text("drop table if exists staged_stories"))
        conn.execute(_STAGE_STORIES)
        copy_rows(conn, "staged_stories", _STAGED, rows)
        conn.execute(_UPDATE_STORIES)


def _save_counts(conn: Connection, outcome: Outcome, first: int) -> None:
    """Add to the term counts; of a large store every SAMPLEth batch will do."""
    if not outcome.counted or (conn.scalar(_COUNTED) >= COUNT_ALL and first % SAMPLE):
        return
    counts = {"": len(outcome.keys), **outcome.counted}
    terms = sorted(counts)
    conn.execute(_COUNT, {"terms": terms, "texts": [counts[term] for term in terms]})
