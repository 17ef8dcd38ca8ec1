"""Make a story's row anew from its articles: its words, how alike they are, its days, its first text and title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, text

from dateline.group.stories import Unit
from dateline.group.terms import Terms, story_terms
from dateline.group.vectors import Vector, weigh
from dateline.store.grouped_known import TermCounts, packed_weights

# earliest first, as grouping orders them
_TEXTS = text("""
    select m.story_id, m.text_id, coalesce(c.syndication_id, -m.text_id) as syndication_id, s.terms, s.published_on,
        t.text, r.title, r.language
    from dateline.story_members m join dateline.text_signatures s using (text_id) join dateline.texts t using (text_id)
        join dateline.revisions r using (revision_id)
        left join dateline.syndication_members c on c.text_id = m.text_id and c.valid_to is null
    where m.story_id = any(:stories) and m.valid_to is null
    order by m.story_id, coalesce(s.published_at, s.published_on::timestamp at time zone 'UTC'), m.text_id
""")
_SAVE = text("""
    update dateline.stories set articles = :articles, likeness = :likeness, terms = :terms, weights = :weights,
        first_reported_on = :first, last_reported_on = :last, first_text_id = :first_text, title = :title
    where story_id = :story
""")


def recount(conn: Connection, stories: Iterable[int]) -> None:
    """Bring stories' rows up to date with who is in them. Copies count once."""
    rows = conn.execute(_TEXTS, {"stories": sorted(set(stories))}).all()
    terms = [_terms(row) for row in rows]
    weighed = weigh(terms, partial(TermCounts().load, conn), counted=False)
    vectors = {row.text_id: vector for row, vector in zip(rows, weighed.vectors, strict=True)}
    for story, members in groupby(rows, attrgetter("story_id")):
        everyone = list(members)
        days = [row.published_on for row in everyone if row.published_on is not None]
        unit = _together([vectors[row.text_id] for row in _leaders(everyone)])
        words, weights = unit.vector.heaviest()
        conn.execute(
            _SAVE,
            {
                "story": story, "articles": unit.size, "likeness": unit.within, "terms": " ".join(words),
                "weights": packed_weights(weights),
                "first": min(days, default=None), "last": max(days, default=None), "first_text": everyone[0].text_id,
                "title": everyone[0].title,
            },
        )  # fmt: skip


def _terms(row: Any) -> Terms:
    """Return a text's terms with their weights; of one that is not kept, those that its signature keeps."""
    if row.text is None:
        return Terms.packed(row.terms, [1.0] * len(row.terms))
    return story_terms(row.text, title=row.title, language=row.language)


def _leaders(members: Sequence[Any]) -> list[Any]:
    """Return the first of each syndication."""
    first: dict[int, Any] = {}
    for row in members:
        first.setdefault(row.syndication_id, row)
    return list(first.values())


def _together(vectors: Sequence[Vector]) -> Unit:
    unit = Unit(vector=vectors[0])
    for vector in vectors[1:]:
        unit = unit.joined(Unit(vector=vector))
    return unit
