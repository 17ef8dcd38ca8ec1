"""Let a person decide which articles are one story. No rule changes it; each decision is dated and can be taken back.

    join    stories become one, the oldest             split    some articles get a story of their own
    unmerge a story that was merged is itself again    release  the rules may join and widen them again

Copies of one text stay together: where one goes, the others of its syndication that stand in the same story go too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, text

from dateline.errors import UserError
from dateline.store import story_counts
from dateline.store.groups import take_lock

_KNOWN = text("select story_id, merged_into from dateline.stories where story_id = any(:stories)")
_MEMBERS = text("select text_id from dateline.story_members where story_id = any(:stories) and valid_to is null")
_COPIES = text("""
    select m.text_id from dateline.syndication_members c
    join dateline.syndication_members o on o.syndication_id = c.syndication_id and o.valid_to is null
    join dateline.story_members m on m.text_id = o.text_id and m.valid_to is null and m.story_id = :story
    where c.text_id = any(:texts) and c.valid_to is null
""")
_PIN = (
    text("update dateline.story_members set valid_to = :now where text_id = any(:texts) and valid_to is null"),
    text("""
        insert into dateline.story_members (story_id, text_id, valid_from, decided_by, decided_who, reason)
        select :story, text_id, :now, 'person', :who, :reason from unnest(cast(:texts as bigint[])) as g (text_id)
    """),
    # whatever was coded of them is resolved anew: a story in common helps to tell that two events are one
    text("""
        insert into dateline.unresolved_texts as u (text_id, since)
        select text_id, cast(:now as timestamptz) from unnest(cast(:texts as bigint[])) as g (text_id) order by text_id
        on conflict (text_id) do update set since = excluded.since
    """),
)
_FOUND = text("insert into dateline.stories (created_at) values (:now) returning story_id")
_ABSORB = text("update dateline.stories set merged_into = :kept, merged_at = :now where story_id = any(:absorbed)")
_REVIVE = text("update dateline.stories set merged_into = null, merged_at = null where story_id = :story")
_HEIR = text("""
    with recursive chain (story_id, merged_into) as (
        select story_id, merged_into from dateline.stories where story_id = :story
        union select s.story_id, s.merged_into from chain c join dateline.stories s on s.story_id = c.merged_into
    ) select story_id from chain where merged_into is null
""")
_WAS_IN = text("""
    select m.text_id from dateline.story_members m join dateline.stories s using (story_id)
    where s.story_id = :story and m.valid_to >= s.merged_at
""")
_RELEASE = text("""
    with ended as (
        update dateline.story_members set valid_to = :now
        where story_id = any(:stories) and valid_to is null and decided_by = 'person' returning *
    )
    insert into dateline.story_members (story_id, text_id, similarity, valid_from, decided_who, reason)
    select story_id, text_id, similarity, :now, :who, 'left to the rules again' from ended
""")


def join_stories(
    conn: Connection, stories: Collection[int], *, who: str, now: datetime, reason: str | None = None
) -> int:
    """Make stories one: the oldest, whose id is returned. Raises UserError `no_story`, `merged_story` or `bad_join`."""
    take_lock(conn)
    wanted = _require_live(conn, stories)
    if len(wanted) < 2:  # noqa: PLR2004 (one and another)
        raise UserError("name two stories or more to join", code="bad_join")
    kept, *absorbed = wanted
    _pin(conn, _members(conn, wanted), kept, who=who, now=now, reason=reason or f"joined {_listed(absorbed)} to {kept}")
    conn.execute(_ABSORB, {"kept": kept, "absorbed": absorbed, "now": now})
    story_counts.recount(conn, [kept])
    return kept


def split_story(
    conn: Connection, story: int, texts: Collection[int], *, who: str, now: datetime, reason: str | None = None
) -> int:
    """Give some of a story's texts, with their copies, a story of their own, whose id is returned.

    Raises UserError `bad_split` where the texts are none or all of it, or are not in it.
    """
    take_lock(conn)
    _require_live(conn, [story])
    members = _members(conn, [story])
    if strangers := set(texts) - members:
        raise UserError(f"story {story} does not hold text {_listed(strangers)}", code="bad_split")
    apart = _with_copies(conn, story, texts)
    if not apart or apart == members:
        raise UserError(
            f"story {story} cannot be split so: name some of its texts, not all (copies go together)", code="bad_split"
        )
    new: int = conn.execute(_FOUND, {"now": now}).scalar_one()
    said = reason or f"split from {story}"
    _pin(conn, apart, new, who=who, now=now, reason=said)
    _pin(conn, members - apart, story, who=who, now=now, reason=reason or f"{new} split from it")
    story_counts.recount(conn, [story, new])
    return new


def unmerge_story(conn: Connection, story: int, *, who: str, now: datetime, reason: str | None = None) -> int:
    """Take back the merge of a story into another: both get the texts that they had. Return the other's id.

    What has come since stays with the other. Raises UserError `not_merged`; `bad_split` where nothing of one is left.
    """
    take_lock(conn)
    if _known(conn, [story])[story] is None:
        raise UserError(f"story {story} was not merged into another", code="not_merged")
    other: int = conn.execute(_HEIR, {"story": story}).scalar_one()
    members = _members(conn, [other])
    back = _with_copies(conn, other, members & set(conn.execute(_WAS_IN, {"story": story}).scalars()))
    if not back or back == members:
        raise UserError(
            f"story {other} cannot be parted from {story}: {'all' if back else 'nothing'} it holds was in that",
            code="bad_split",
        )
    conn.execute(_REVIVE, {"story": story})
    _pin(conn, back, story, who=who, now=now, reason=reason or f"merge into {other} taken back")
    _pin(conn, members - back, other, who=who, now=now, reason=reason or f"merge of {story} taken back")
    story_counts.recount(conn, [story, other])
    return other


def release_stories(conn: Connection, stories: Collection[int], *, who: str, now: datetime) -> int:
    """Leave stories to the rules again; what they hold now stays until a rule changes it. Return how many texts that frees."""
    take_lock(conn)
    _require_live(conn, stories)
    return conn.execute(_RELEASE, {"stories": sorted(set(stories)), "who": who, "now": now}).rowcount


def _known(conn: Connection, stories: Collection[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = dict(conn.execute(_KNOWN, {"stories": sorted(set(stories))}).all())
    if missing := set(stories) - set(found):
        raise UserError(f"there is no story {_listed(missing)}", code="no_story")
    return found


def _require_live(conn: Connection, stories: Collection[int]) -> list[int]:
    """Return the stories' numbers, oldest first, each once."""
    found = _known(conn, stories)
    for story, heir in sorted(found.items()):
        if heir is not None:
            raise UserError(f"story {story} was merged into {heir}: name that one", code="merged_story")
    return sorted(found)


def _members(conn: Connection, stories: Collection[int]) -> set[int]:
    return set(conn.execute(_MEMBERS, {"stories": sorted(stories)}).scalars())


def _with_copies(conn: Connection, story: int, texts: Collection[int]) -> set[int]:
    """Return texts of a story with their copies in it."""
    return set(texts) | set(conn.execute(_COPIES, {"story": story, "texts": sorted(set(texts))}).scalars())


def _pin(conn: Connection, texts: Collection[int], story: int, *, who: str, now: datetime, reason: str) -> None:
    values = {"texts": sorted(texts), "story": story, "who": who, "now": now, "reason": reason}
    for statement in _PIN:
        conn.execute(statement, values)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))
