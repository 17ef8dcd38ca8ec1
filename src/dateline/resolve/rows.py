"""Load the mentions that a run has to look at, and store what it decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from dateline.resolve.acts import Mention, Place, Side
from dateline.resolve.families import load_families
from dateline.resolve.rules import NEXT_DAY
from dateline.resolve.summary import Summary

_BASE = """
    select m.mention_key, m.text_id, t.article_id, m.happening, m.event_type, m.mode, m.contexts, m.cameo, m.quad,
        m.goldstein, m.modality, m.negated, m.confidence, m.sentence,
        m.source_start, m.source_id, m.source_name, m.source_country, m.source_sectors, m.source_text,
        m.target_start, m.target_id, m.target_name, m.target_country, m.target_sectors, m.target_text,
        m.date_from, m.date_to, m.date_precision, m.date_basis, m.place_geonameid, m.place_name, m.place_country,
        m.place_admin1, m.place_lat, m.place_lon, m.place_precision,
        r.published_on, r.published_at, s.story_id, y.syndication_id, k.event_id, k.decided_by, d.event_id as dead_event_id
    from dateline.event_mentions m
    join dateline.codings c on c.coding_id = m.coding_id and c.is_active
    join dateline.texts t on t.text_id = m.text_id and t.is_current
    join dateline.revisions r on r.revision_id = t.revision_id
    left join dateline.story_members s on s.text_id = m.text_id and s.valid_to is null
    left join dateline.syndication_members y on y.text_id = m.text_id and y.valid_to is null
    left join dateline.event_members k on k.mention_key = m.mention_key and k.valid_to is null
    left join lateral (
        select x.event_id from dateline.event_members x join dateline.events e on e.event_id = x.event_id
        where k.event_id is null and x.mention_key = m.mention_key and e.superseded_at is not null
            and e.superseded_by is null
        order by x.member_id desc limit 1
    ) d on true
"""
_OF_TEXTS = text(_BASE + "where m.text_id = any(:texts)")
_OF_KEYS = text(_BASE + "where m.mention_key = any(:keys)")

# What the mentions at hand may be one event with: in the same story or copies, or of the same dyad, type and days.
_NEAR = text("""
    with dirty as (
        select * from unnest(cast(:types as text[]), cast(:modalities as text[]), cast(:negated as boolean[]),
            cast(:sources as text[]), cast(:targets as text[]), cast(:days as date[]), cast(:stories as bigint[]),
            cast(:copies as bigint[]))
            as g(event_type, modality, negated, source_country, target_country, day, story_id, syndication_id)
    ), blocks as (
        select distinct event_type, modality, negated, source_country, target_country from dirty
    ), mates as (
        select s.text_id from dateline.story_members s
        where s.valid_to is null and s.story_id in (select story_id from dirty)
        union
        select y.text_id from dateline.syndication_members y
        where y.valid_to is null and y.syndication_id in (select syndication_id from dirty)
    )
    select m.mention_key from mates
    join dateline.event_mentions m on m.text_id = mates.text_id
    join blocks b on b.event_type = m.event_type and b.modality = m.modality and b.negated = m.negated
        and b.source_country is not distinct from m.source_country
        and b.target_country is not distinct from m.target_country
    union
    select m.mention_key from dirty g join dateline.event_mentions m
        on m.event_type = g.event_type and m.source_country = g.source_country and m.target_country = g.target_country
        and m.date_from between g.day - :reach and g.day + :reach and m.modality = g.modality and m.negated = g.negated
    union
    select m.mention_key from dirty g join dateline.event_mentions m
        on g.target_country is null and m.event_type = g.event_type and m.source_country = g.source_country
        and m.target_country is null and m.date_from between g.day - :reach and g.day + :reach
        and m.modality = g.modality and m.negated = g.negated
    union
    select m.mention_key from dirty g join dateline.event_mentions m
        on g.source_country is null and m.event_type = g.event_type and m.source_country is null
        and m.target_country = g.target_country and m.date_from between g.day - :reach and g.day + :reach
        and m.modality = g.modality and m.negated = g.negated
""")

# Whatever is in one event, or in one happening of one text, is looked at together.
_TOGETHER = text("""
    select k.mention_key from dateline.event_members k where k.valid_to is null and k.event_id = any(:events)
    union
    select m.mention_key from unnest(cast(:texts as bigint[]), cast(:happenings as integer[])) as g(text_id, happening)
    join dateline.event_mentions m on m.text_id = g.text_id and m.happening = g.happening
""")

_QUEUE = text("select text_id from dateline.unresolved_texts order by text_id limit :limit for update")
_DEQUEUE = text("delete from dateline.unresolved_texts where text_id = any(:texts)")

_END_STALE = text("""
    update dateline.event_members k set valid_to = :now
    from dateline.events e, dateline.texts w
    where k.text_id = any(:texts) and k.valid_to is null and k.decided_by = 'rule' and e.event_id = k.event_id
        and w.text_id = k.text_id
        and not exists (
            select from dateline.event_mentions m
            join dateline.codings c on c.coding_id = m.coding_id and c.is_active
            join dateline.texts t on t.text_id = m.text_id and t.is_current
            where m.mention_key = k.mention_key
        )
    returning k.event_id, w.article_id, e.event_type, e.source_country, e.target_country
""")
_OF_EVENTS = text("select mention_key from dateline.event_members where valid_to is null and event_id = any(:events)")
_PINNED_EVENTS = text("""
    select distinct event_id from dateline.event_members
    where text_id = any(:texts) and valid_to is null and decided_by = 'person'
""")


def take_texts(conn: Connection, limit: int) -> list[int]:
    """Return texts whose events are to be resolved, and lock them on the list."""
    return list(conn.execute(_QUEUE, {"limit": limit}).scalars())


def drop_texts(conn: Connection, texts: Sequence[int]) -> None:
    """Take texts off the list."""
    conn.execute(_DEQUEUE, {"texts": list(texts)})


def end_stale(conn: Connection, texts: Sequence[int], now: datetime) -> list[RowMapping]:
    """End the memberships of mentions that no longer stand in these texts, and return the events that lost them."""
    return list(conn.execute(_END_STALE, {"texts": list(texts), "now": now}).mappings())


def pinned_events(conn: Connection, texts: Sequence[int]) -> set[int]:
    """Return the events into which a person put mentions of these texts."""
    return set(conn.execute(_PINNED_EVENTS, {"texts": list(texts)}).scalars())


def load_around(conn: Connection, texts: Sequence[int], events: Collection[int]) -> list[Mention]:
    """Return the mentions of `texts` and of `events`, and all that may be or is one event with any of them."""
    found = {it.key: it for it in _mentions(conn, _OF_TEXTS, texts=list(texts))}
    keys = set(_near(conn, list(found.values())))
    keys.update(conn.execute(_OF_EVENTS, {"events": list(events)}).scalars())
    if missing := keys - set(found):
        found |= {it.key: it for it in _mentions(conn, _OF_KEYS, keys=list(missing))}
    return _closed(conn, found)


def _closed(conn: Connection, found: dict[UUID, Mention]) -> list[Mention]:
    """Add what is in one event or happening with what was found, until nothing is missing."""
    edge: Iterable[Mention] = list(found.values())
    while True:
        missing = _together(conn, edge) - set(found)
        more = {it.key: it for it in _mentions(conn, _OF_KEYS, keys=list(missing))} if missing else {}
        if not more:
            return list(found.values())
        found |= more
        edge = list(more.values())


def _together(conn: Connection, mentions: Iterable[Mention]) -> set[UUID]:
    known = list(mentions)
    values = {
        "events": sorted({it.event_id for it in known if it.event_id is not None}),
        "texts": [it.text_id for it in known],
        "happenings": [it.happening for it in known],
    }
    return set(conn.execute(_TOGETHER, values).scalars())


def _near(conn: Connection, dirty: Sequence[Mention]) -> Iterator[UUID]:
    families = load_families()
    kin = {name: [other for other in families if families[other] == families[name]] for name in families}
    rows = {
        (
            kind, it.modality, it.negated, it.source.country if it.source else None,
            it.target.country if it.target else None, it.date_from if it.date_from == it.date_to else None,
            it.story_id, it.syndication_id,
        )
        for it in dirty
        for kind in kin[it.event_type]
    }  # fmt: skip
    names = ("types", "modalities", "negated", "sources", "targets", "days", "stories", "copies")
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(names)
    values = {name: list(column) for name, column in zip(names, columns, strict=True)}
    yield from conn.execute(_NEAR, {**values, "reach": NEXT_DAY}).scalars()


def _mentions(conn: Connection, statement: Any, **values: Any) -> list[Mention]:
    return [_mention(row) for row in conn.execute(statement, values).mappings()]


def _mention(row: RowMapping) -> Mention:
    plain = (
        "text_id", "article_id", "happening", "event_type", "mode", "cameo", "quad", "goldstein", "modality", "negated",
        "confidence", "sentence", "date_from", "date_to", "date_precision", "published_on", "published_at", "story_id",
        "syndication_id",
    )  # fmt: skip
    values: dict[str, Any] = {name: row[name] for name in plain}
    return Mention(
        **values,
        key=row["mention_key"],
        contexts=tuple(row["contexts"]),
        source=_side(row, "source"),
        target=_side(row, "target"),
        date_published=row["date_basis"] == "published",
        place=_place(row),
        event_id=row["event_id"] if row["event_id"] is not None else row["dead_event_id"],
        pinned=row["decided_by"] == "person",
        live=row["event_id"] is not None,
    )


def _side(row: RowMapping, side: str) -> Side | None:
    if row[f"{side}_start"] is None:
        return None
    return Side(
        id=row[f"{side}_id"],
        name=row[f"{side}_name"],
        country=row[f"{side}_country"],
        sectors=tuple(row[f"{side}_sectors"] or ()),
        text=row[f"{side}_text"],
    )


def _place(row: RowMapping) -> Place | None:
    if row["place_name"] is None and row["place_geonameid"] is None:
        return None
    names = ("geonameid", "name", "country", "admin1", "lat", "lon", "precision")
    return Place(**{name: row[f"place_{name}"] for name in names})


def with_heirs(mentions: Iterable[Mention], stale: Iterable[RowMapping]) -> list[Mention]:
    """Let a mention that is new in an article inherit the event of one that vanished there and told the same.

    A recode moved it, or the article has a new revision.
    """
    heirs: dict[tuple[Any, ...], list[int]] = {}
    for row in sorted(stale, key=lambda row: int(row["event_id"]), reverse=True):
        sides = (row["source_country"], row["target_country"])
        heirs.setdefault((row["article_id"], row["event_type"], *sides), []).append(row["event_id"])
    found = []
    for it in sorted(mentions, key=lambda it: (it.text_id, it.sentence, str(it.key))):
        sides = (it.source.country if it.source else None, it.target.country if it.target else None)
        waiting = heirs.get((it.article_id, it.event_type, *sides))
        found.append(replace(it, event_id=waiting.pop()) if it.event_id is None and waiting else it)
    return found


# ------------------------------------------------------------------------------------------------------- writing

_EVENT = (
    "event_type", "mode", "contexts", "cameo", "quad", "goldstein", "modality", "negated", "confidence", "source_id",
    "source_name", "source_country", "source_sectors", "source_text", "target_id", "target_name", "target_country",
    "target_sectors", "target_text", "date_from", "date_to", "date_precision", "date_basis", "place_geonameid", "place_name",
    "place_country", "place_admin1", "place_lat", "place_lon", "place_precision", "mentions", "articles",
    "independent_sources", "first_reported_on", "last_reported_on", "first_reported_at", "best_mention_key", "best_text_id",
)  # fmt: skip

_NEW_IDS = text("select nextval('dateline.events_event_id_seq') from generate_series(1, :n)")
_SAVE_EVENT = text(f"""
    insert into dateline.events as e (event_id, {", ".join(_EVENT)}, created_at, updated_at)
    overriding system value values (:event_id, {", ".join(f":{name}" for name in _EVENT)}, :now, :now)
    on conflict (event_id) do update set ({", ".join(_EVENT)}, superseded_by, superseded_at, updated_at)
        = ({", ".join(f"excluded.{name}" for name in _EVENT)}, null, null, excluded.updated_at)
    where ({", ".join(f"e.{name}" for name in _EVENT)}) is distinct from ({", ".join(f"excluded.{name}" for name in _EVENT)})
        or e.superseded_at is not null
""")  # noqa: S608 (all parts are ours)
_END = text("""
    update dateline.event_members set valid_to = :now where mention_key = any(:keys) and valid_to is null
        and decided_by = 'rule'
""")
_JOIN = text("""
    insert into dateline.event_members (event_id, mention_key, text_id, valid_from, decided_by, reason)
    select event_id, mention_key, text_id, :now, 'rule', reason
    from unnest(cast(:events as bigint[]), cast(:keys as uuid[]), cast(:texts as bigint[]), cast(:reasons as text[]))
        as g(event_id, mention_key, text_id, reason)
""")
_SUPERSEDE = text("""
    update dateline.events set superseded_by = :by, superseded_at = coalesce(superseded_at, :now), updated_at = :now,
        mentions = 0, articles = 0, independent_sources = 0
    where event_id = :event_id and (superseded_at is null or superseded_by is distinct from :by)
""")
_RETIRE = text("""
    update dateline.events e set superseded_at = :now, updated_at = :now, mentions = 0, articles = 0,
        independent_sources = 0
    where e.event_id = any(:events) and e.superseded_at is null and not exists (
        select from dateline.event_members k join dateline.event_mentions m on m.mention_key = k.mention_key
        join dateline.codings c on c.coding_id = m.coding_id and c.is_active
        join dateline.texts t on t.text_id = m.text_id and t.is_current
        where k.event_id = e.event_id and k.valid_to is null)
""")
_FOLLOW = text("update dateline.events set superseded_by = :by where superseded_by = :event_id")
_SIBLINGS = text("""
    select k.event_id, m.text_id, m.happening, m.modality, m.negated
    from dateline.event_members k
    join dateline.event_mentions m on m.mention_key = k.mention_key
    join dateline.codings c on c.coding_id = m.coding_id and c.is_active
    where k.valid_to is null and (k.event_id = any(:events) or k.text_id in (
        select x.text_id from dateline.event_members x where x.event_id = any(:events) and x.valid_to is null))
""")
_HAPPENING = text("""
    update dateline.events e set happening_id = g.happening_id
    from unnest(cast(:events as bigint[]), cast(:happenings as bigint[])) as g(event_id, happening_id)
    where e.event_id = g.event_id and e.happening_id is distinct from g.happening_id
""")


def new_ids(conn: Connection, number: int) -> list[int]:
    """Take numbers for new events."""
    return list(conn.execute(_NEW_IDS, {"n": number}).scalars()) if number else []


def save_events(conn: Connection, events: Sequence[tuple[int, Summary]], now: datetime) -> int:
    """Store events, and return how many were new or changed."""
    if not events:
        return 0
    return conn.execute(
        _SAVE_EVENT, [{"event_id": id_, "now": now, **_values(summary)} for id_, summary in events]
    ).rowcount


def move_members(conn: Connection, moves: Sequence[tuple[Mention, int, str]], now: datetime) -> None:
    """End what the rule decided before for these mentions, and begin their new memberships."""
    if moves:
        conn.execute(_END, {"keys": [it.key for it, _, _ in moves], "now": now})
        values = {
            "events": [event_id for _, event_id, _ in moves],
            "keys": [it.key for it, _, _ in moves],
            "texts": [it.text_id for it, _, _ in moves],
            "reasons": [reason for _, _, reason in moves],
        }
        conn.execute(_JOIN, {**values, "now": now})


def supersede(conn: Connection, absorbed: Iterable[tuple[int, int]], now: datetime) -> int:
    """Mark events as merged into others; what pointed to them follows. Return how many that were."""
    merged = 0
    for event_id, by in absorbed:
        merged += conn.execute(_SUPERSEDE, {"event_id": event_id, "by": by, "now": now}).rowcount
        conn.execute(_FOLLOW, {"event_id": event_id, "by": by})
    return merged


def retire(conn: Connection, events: Collection[int], now: datetime) -> int:
    """End events that no mention tells of any more, and return how many that were."""
    return conn.execute(_RETIRE, {"events": sorted(events), "now": now}).rowcount if events else 0


def load_siblings(conn: Connection, events: Collection[int]) -> list[tuple[int, tuple[Any, ...]]]:
    """Return (event, happening of a text) of these events and of all events that their texts tell of."""
    rows = conn.execute(_SIBLINGS, {"events": sorted(events)})
    return [(row.event_id, (row.text_id, row.happening, row.modality, row.negated)) for row in rows]


def save_happenings(conn: Connection, happenings: dict[int, int]) -> None:
    """Store which events belong to one happening."""
    if happenings:
        conn.execute(_HAPPENING, {"events": list(happenings), "happenings": list(happenings.values())})


def _values(summary: Summary) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(summary, name) for name in _EVENT if hasattr(summary, name)}
    values["contexts"] = list(summary.contexts)
    for side, known in (("source", summary.source), ("target", summary.target)):
        values |= {f"{side}_{name}": getattr(known, name, None) for name in ("id", "name", "country", "text")}
        agent = known is not None and (known.id is not None or known.country is not None or known.sectors)
        values[f"{side}_sectors"] = list(known.sectors) if known is not None and agent else None
    names = ("geonameid", "name", "country", "admin1", "lat", "lon", "precision")
    return values | {f"place_{name}": getattr(summary.place, name, None) for name in names}
