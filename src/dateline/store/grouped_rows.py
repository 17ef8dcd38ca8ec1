"""Store what grouping decided: memberships, merges, and the stories as they are now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString

import numpy as np
from sqlalchemy import Connection, text

from dateline.group import Outcome, Signed
from dateline.group.stories import Unit
from dateline.store.grouped_keys import STORY_DAYS, Writer, copy_keys, stored_keys
from dateline.store.grouped_known import COUNTED, days_of, packed_weights
from dateline.store.numbers import change, fetch, sorted_numbers
from dateline.text import storable

COUNT_ALL = 20_000  # texts; beyond that every SAMPLEth batch is counted, which tells rare from common as well
SAMPLE = 16
ALL_TEXTS = np.zeros(1, dtype=np.uint64)  # stands among the terms for the texts themselves
_ESCAPED = {ord(mark): f"\\{code}" for mark, code in {"\\": "\\", "\t": "t", "\n": "n", "\r": "r"}.items()}
_SPECIAL = re.compile(r"[\\\t\n\r]")
_NULL = "\\N"

_NUMBERS: dict[str, LiteralString] = {
    "syndication": "select nextval('dateline.syndications_syndication_id_seq') from unnest(%b::bigint[])",
    "story": "select nextval('dateline.stories_story_id_seq') from unnest(%b::bigint[])",
}
_TITLES = """
    select t.text_id, r.title from dateline.texts t join dateline.revisions r using (revision_id)
    where t.text_id = any((select %b::bigint[])::bigint[])
"""
_COUNT = """
    insert into dateline.term_counts as c (term, texts) select * from unnest(%b::bigint[], %b::bigint[])
    on conflict (term) do update set texts = c.texts + excluded.texts
"""
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
# Whoever published first gives the group its first text, and the story its title: the first so far, one of those that
# join, or an absorbed group's first. Where the first was forgotten, any member.
_FIRST = """
    select distinct on (c.group_id) c.group_id, c.text_id
    from (
        select {kind}_id as group_id, first_text_id as text_id from dateline.{table} where {kind}_id = any(:ids)
        union all select n.group_id, n.text_id from unnest(cast(:ids as bigint[]), cast(:texts as bigint[])) as n (group_id, text_id)
        union all select k.kept, g.first_text_id from dateline.{table} g
            join unnest(cast(:kept as bigint[]), cast(:absorbed as bigint[])) as k (kept, absorbed) on k.absorbed = g.{kind}_id
        union all select g.{kind}_id, m.text_id from dateline.{table} g join dateline.{kind}_members m using ({kind}_id)
            where g.{kind}_id = any(:ids) and g.first_text_id is null and m.valid_to is null
    ) c join dateline.text_signatures s using (text_id)
    order by c.group_id, coalesce(s.published_at, s.published_on::timestamp at time zone 'UTC'), c.text_id
"""
_FIRST_OF = {
    "syndication": text(f"""
        update dateline.syndications g set first_text_id = f.text_id
        from ({_FIRST.format(kind="syndication", table="syndications")}) f
        where g.syndication_id = f.group_id and g.first_text_id is distinct from f.text_id
    """),  # noqa: S608 (all parts are ours)
    "story": text(f"""
        update dateline.stories g set first_text_id = f.text_id, title = r.title
        from ({_FIRST.format(kind="story", table="stories")}) f
            join dateline.texts t using (text_id) join dateline.revisions r using (revision_id)
        where g.story_id = f.group_id and (g.first_text_id, g.title) is distinct from (f.text_id, r.title)
    """),  # noqa: S608 (all parts are ours)
}
_MERGE = {
    "syndication": (
        text("update dateline.syndications set merged_into = :kept, merged_at = :now where syndication_id = :absorbed"),
        text("""
            with ended as (
                update dateline.syndication_members set valid_to = :now
                where syndication_id = :absorbed and valid_to is null returning *
            ), marked as (
                insert into dateline.unresolved_texts as u (text_id, since) select text_id, cast(:now as timestamptz) from ended order by text_id
                on conflict (text_id) do update set since = excluded.since
            )
            insert into dateline.syndication_members
                (syndication_id, text_id, duplicate_of, similarity, valid_from, decided_by, reason)
            select :kept, text_id, duplicate_of, similarity, :now, decided_by, :reason from ended
        """),
    ),
    "story": (
        text("update dateline.stories set merged_into = :kept, merged_at = :now where story_id = :absorbed"),
        text("""
            with ended as (
                update dateline.story_members set valid_to = :now
                where story_id = :absorbed and valid_to is null returning *
            ), marked as (
                insert into dateline.unresolved_texts as u (text_id, since) select text_id, cast(:now as timestamptz) from ended order by text_id
                on conflict (text_id) do update set since = excluded.since
            )
            insert into dateline.story_members (story_id, text_id, similarity, valid_from, decided_by, decided_who, reason)
            select :kept, text_id, similarity, :now, decided_by, decided_who, :reason from ended
        """),
    ),
}


def save(conn: Connection, writer: Writer, batch: Sequence[Signed], outcome: Outcome, *, now: datetime) -> None:
    """Write a batch's keys, memberships and merges."""
    merged = {"syndication": outcome.merged_syndications, "story": outcome.merged_stories}
    for kind, pairs in merged.items():
        for kept, absorbed in pairs:
            _merge(conn, kind, kept, absorbed, now)
    syndications = _numbered(
        conn, "syndication", {d.syndication_founder for d in outcome.decisions if d.syndication is None}
    )
    stories = _numbered(conn, "story", {d.story_founder for d in outcome.decisions if d.story is None})
    by_syndication: dict[int, int] = {}  # its first text among those of the batch, who come earliest first
    by_story: dict[int, int] = {}
    memberships: list[tuple[int, int]] = []
    for d in outcome.decisions:
        syndication = syndications[d.syndication_founder] if d.syndication is None else d.syndication
        story = stories[d.story_founder] if d.story is None else d.story
        by_syndication.setdefault(syndication, d.text)
        by_story.setdefault(story, d.text)
        memberships.append((syndication, story))
    founded = {stories[unit.texts[0]]: unit for unit in outcome.stories if not unit.stories}
    titles: dict[int, str | None] = dict(fetch(conn, _TITLES, sorted_numbers([by_story[story] for story in founded])))
    _save_keys(writer, batch, outcome, now.date())
    new = set(syndications.values())
    _copy(
        writer, "syndications (syndication_id, first_text_id, created_at)",
        (f"{group}\t{first}\t{now}" for group, first in by_syndication.items() if group in new),
    )  # fmt: skip
    _copy(
        writer, f"stories ({', '.join(_STAGED)}, first_text_id, title, created_at)",
        (
            f"{_story(unit, story)}\t{by_story[story]}\t{_cell(titles.get(by_story[story]))}\t{now}"
            for story, unit in founded.items()
        ),
    )  # fmt: skip
    _copy(
        writer, "syndication_members (syndication_id, text_id, duplicate_of, similarity, valid_from, reason)",
        (
            f"{group}\t{d.text}\t{_or_null(d.duplicate_of)}\t{_or_null(d.similarity)}\t{now}\t{d.copy_reason}"
            for d, (group, _) in zip(outcome.decisions, memberships, strict=True)
        ),
    )  # fmt: skip
    _copy(
        writer, "story_members (story_id, text_id, similarity, valid_from, reason)",
        (
            f"{group}\t{d.text}\t{_or_null(d.story_similarity)}\t{now}\t{d.story_reason}"
            for d, (_, group) in zip(outcome.decisions, memberships, strict=True)
        ),
    )  # fmt: skip
    writer.wait()
    _update_stories(conn, writer, [unit for unit in outcome.stories if unit.stories])
    _save_firsts(conn, "syndication", by_syndication, new, merged["syndication"])
    _save_firsts(conn, "story", by_story, set(stories.values()), merged["story"])
    _save_counts(conn, outcome, min((item.id for item in batch), default=0))


def _save_keys(writer: Writer, batch: Sequence[Signed], outcome: Outcome, today: date) -> None:
    leaders = [item for item in batch if item.id in outcome.keys]
    keys = [outcome.keys[item.id] for item in leaders]
    text_ids = np.repeat(np.array([item.id for item in leaders], dtype=np.int64), [len(own) for own in keys])
    copy_keys(writer, "dateline.text_story_keys", stored_keys(keys, days_of(leaders, today), span=STORY_DAYS), text_ids)


def _numbered(conn: Connection, kind: str, founders: set[int]) -> dict[int, int]:
    """Return a number for each group that is founded, by the text that founds it, smaller ones for smaller texts."""
    numbers = sorted(number for (number,) in fetch(conn, _NUMBERS[kind], sorted_numbers(founders)))
    return dict(zip(sorted(founders), numbers, strict=True))


def _merge(conn: Connection, kind: str, kept: int, absorbed: int, now: datetime) -> None:
    values = {"kept": kept, "absorbed": absorbed, "now": now, "reason": f"{kind} {absorbed} merged into {kept}"}
    mark, move = _MERGE[kind]
    conn.execute(mark, values)
    conn.execute(move, values)


def _story(unit: Unit, story: int) -> str:
    words, weights = unit.vector.heaviest()
    return (
        f"{story}\t{unit.size}\t{unit.within}\t{' '.join(words)}\t\\\\x{packed_weights(weights).hex()}"
        f"\t{_or_null(unit.first)}\t{_or_null(unit.last)}"
    )


def _update_stories(conn: Connection, writer: Writer, units: Sequence[Unit]) -> None:
    """Let the stories that were known before say what they are now."""
    if units:
        conn.execute(text("drop table if exists staged_stories"))
        conn.execute(_STAGE_STORIES)
        _copy(writer, "staged_stories", (_story(unit, min(unit.stories)) for unit in units), schema="pg_temp")
        writer.wait()
        conn.execute(_UPDATE_STORIES)


def _save_firsts(
    conn: Connection, kind: str, firsts: Mapping[int, int], new: set[int], merged: Sequence[tuple[int, int]]
) -> None:
    """Let the groups that were known before have their first text."""
    ids = sorted((set(firsts) | {kept for kept, _ in merged}) - new)
    if ids:
        values = {
            "ids": ids,
            "texts": [firsts.get(group) for group in ids],
            "kept": [kept for kept, _ in merged],
            "absorbed": [absorbed for _, absorbed in merged],
        }
        conn.execute(_FIRST_OF[kind], values)


def _save_counts(conn: Connection, outcome: Outcome, first: int) -> None:
    """Add to the term counts; of a large store every SAMPLEth batch will do."""
    weighed = outcome.weighed
    if not len(weighed.terms) or (conn.scalar(COUNTED) >= COUNT_ALL and first % SAMPLE):
        return
    terms = np.concatenate([ALL_TEXTS, weighed.terms])
    change(conn, _COUNT, terms, np.concatenate([[len(outcome.keys)], weighed.counts]))


# ---------------------------------------------------------------------------------------------------------------- COPY


def _copy(writer: Writer, into: str, lines: Iterable[str], *, schema: str = "dateline") -> None:
    """COPY rows that are written already: adapting each value by itself costs more than storing it.

    Terms, and the reasons that are made of them, are of letters, digits and blanks, so that nothing in them needs escaping.
    """
    if data := "\n".join(lines):
        writer.copy(f"copy {schema}.{into} from stdin", data + "\n")


def _or_null(value: object) -> object:
    return _NULL if value is None else value


def _cell(value: str | None) -> str:
    """Write any string as COPY reads it."""
    if value is None:
        return _NULL
    value = storable(value)
    return value.translate(_ESCAPED) if _SPECIAL.search(value) else value
