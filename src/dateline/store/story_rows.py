"""Show stories: what one holds and held, why, and which are the largest of some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, text

from dateline.errors import UserError

SHOWN_TERMS = 12  # heaviest first

_STORY = text("""
    select story_id, title, articles, first_reported_on, last_reported_on, terms, merged_into, merged_at,
        exists (select from dateline.story_members m
            where m.story_id = s.story_id and m.valid_to is null and m.decided_by = 'person') as by_hand
    from dateline.stories s
""")
_LARGEST = text(f"""
    {_STORY.text} where merged_into is null and last_reported_on is not null
        and (cast(:since as date) is null or last_reported_on >= :since)
        and (cast(:until as date) is null or first_reported_on <= :until)
    order by articles desc, story_id limit :limit
""")
_ONE = text(f"{_STORY.text} where story_id = :story")
_ABSORBED = text(f"{_STORY.text} where merged_into = :story order by story_id")
_MEMBERS = text("""
    select m.text_id, r.url, r.title, r.site_name as outlet, r.published_on, c.syndication_id, c.duplicate_of, m.similarity,
        m.valid_from, m.valid_to, m.decided_by, m.decided_who, m.reason
    from dateline.story_members m join dateline.texts t using (text_id) join dateline.revisions r using (revision_id)
        left join dateline.syndication_members c on c.text_id = m.text_id and c.valid_to is null
    where m.story_id = :story and (:ended or m.valid_to is null)
    order by m.valid_to is not null, r.published_on, coalesce(r.published_at, 'infinity'), m.text_id, m.member_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """Show a story in a line."""

    story_id: int
    title: str | None
    articles: int  # copies count once
    first_reported_on: date | None
    last_reported_on: date | None
    terms: tuple[str, ...]
    merged_into: int | None
    merged_at: datetime | None
    by_hand: bool  # a person decided what it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """Show that a text belongs to a story, or did, and why."""

    text_id: int
    url: str
    title: str | None
    outlet: str | None
    published_on: date | None
    syndication_id: int | None
    duplicate_of: int | None
    similarity: float | None
    valid_from: datetime
    valid_to: datetime | None
    decided_by: str
    decided_who: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """Show a story with its texts and with those that were merged into it."""

    story: StoryRow
    members: tuple[MemberRow, ...]
    absorbed: tuple[StoryRow, ...]


def show_story(conn: Connection, story: int, *, ended: bool = False) -> StoryView:
    """Return a story, its texts by day of publication (with `ended` those that have left it, too). Raises UserError `no_story`."""
    row = conn.execute(_ONE, {"story": story}).mappings().one_or_none()
    if row is None:
        raise UserError(f"there is no story {story}", code="no_story")
    members = conn.execute(_MEMBERS, {"story": story, "ended": ended}).mappings()
    absorbed = conn.execute(_ABSORBED, {"story": story}).mappings()
    return StoryView(
        story=_row(row),
        members=tuple(MemberRow(**member) for member in members),
        absorbed=tuple(map(_row, absorbed)),
    )


def list_stories(
    conn: Connection, *, since: date | None = None, until: date | None = None, limit: int = 20
) -> list[StoryRow]:
    """Return the stories of some days that most articles tell of."""
    values = {"since": since, "until": until, "limit": limit}
    return [_row(row) for row in conn.execute(_LARGEST, values).mappings()]


def _row(row: RowMapping) -> StoryRow:
    return StoryRow(**{**row, "terms": tuple(row["terms"].split()[:SHOWN_TERMS])})
