"""Answer what the command line and the pages ask: the funnel, events with their sentences, the last runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, text

Order = Literal["newest", "reported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectCount:
    """Count what ended with one code, with the latest example."""

    stage: str
    code: str
    rejects: int
    message: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Say what became of the URLs that sources told of."""

    found: int
    fetched: int
    extracted: int
    duplicates: int
    annotated: int
    mentions: int
    events: int
    waiting: int
    rejected: int
    outcomes: tuple[tuple[str, int], ...]  # how tickets ended, most frequent first
    rejects: tuple[RejectCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """Show an event with the sentence it was read from."""

    event_id: int
    event_type: str
    mode: str | None
    modality: str
    negated: bool
    date_from: date | None
    date_to: date | None
    date_precision: str | None
    source_id: str | None
    source_name: str | None
    source_country: str | None
    source_sectors: tuple[str, ...]
    source_text: str | None
    target_id: str | None
    target_name: str | None
    target_country: str | None
    target_sectors: tuple[str, ...]
    target_text: str | None
    place_name: str | None
    place_country: str | None
    confidence: float
    mentions: int
    articles: int
    independent_sources: int
    first_reported_on: date | None
    sentence: str | None
    sentence_start: int | None
    trigger_text: str | None
    trigger_start: int | None
    attribution: str | None
    title: str | None
    url: str | None
    outlet: str | None
    published_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """Show a run of a stage. `seconds` is None while it runs, or where its worker died."""

    run_id: int
    stage: str
    started_at: datetime
    seconds: float | None
    ok: bool | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Show what was done lately, and what came of it."""

    funnel: Funnel
    runs: tuple[RunRow, ...]
    sources: tuple[tuple[str, int], ...]  # how many sources are in which state of health


_FUNNEL = text("""
    with seen as (
        select * from dateline.frontier where cast(:since as timestamptz) is null or discovered_at >= :since
    ), coded as (
        select c.coding_id, c.text_id from dateline.codings c
        where c.is_active and c.text_id in (select s.text_id from seen s where s.text_id is not null)
    )
    select count(*) as found,
        count(capture_id) as fetched,
        count(text_id) as extracted,
        count(*) filter (where outcome = 'duplicate') as duplicates,
        (select count(*) from coded) as annotated,
        (select count(*) from dateline.event_mentions m where m.coding_id in (select coding_id from coded)) as mentions,
        (select count(distinct k.event_id) from dateline.event_members k
            join dateline.events e on e.event_id = k.event_id
            where k.valid_to is null and k.text_id in (select text_id from coded)
                and e.superseded_at is null and e.modality = 'asserted' and not e.negated) as events,
        count(*) filter (where state <> 'done') as waiting,
        (select count(distinct r.ticket_id) from dateline.rejects r
            where r.resolved_at is null and r.ticket_id in (select ticket_id from seen)) as rejected
    from seen
""")
_OUTCOMES = text("""
    select outcome, count(*) as tickets from dateline.frontier
    where state = 'done' and (cast(:since as timestamptz) is null or discovered_at >= :since)
    group by outcome order by tickets desc, outcome
""")
_REJECTS = text("""
    select stage, code, count(*) as rejects, (array_agg(message order by last_seen_at desc, reject_id))[1] as message,
        (array_agg(url order by last_seen_at desc, reject_id))[1] as url
    from dateline.rejects
    where resolved_at is null and (cast(:since as timestamptz) is null or last_seen_at >= :since)
    group by stage, code order by rejects desc, stage, code
""")
_RUNS = text("""
    select run_id, stage, started_at, extract(epoch from finished_at - started_at)::float8 as seconds, ok, counts
    from dateline.runs order by started_at desc, run_id desc limit :limit
""")
_HEALTH = text("select state, count(*) from dateline.source_health group by state order by count(*) desc, state")

_EVENTS = text("""
    select e.event_id, e.event_type, e.mode, e.modality, e.negated, e.date_from, e.date_to, e.date_precision,
        e.source_id, e.source_name, e.source_country, e.source_sectors, e.source_text,
        e.target_id, e.target_name, e.target_country, e.target_sectors, e.target_text, e.place_name, e.place_country,
        e.confidence, e.mentions, e.articles, e.independent_sources, e.first_reported_on,
        m.sentence_text as sentence, m.sentence_start, m.trigger_text, m.trigger_start, m.attribution_text as attribution,
        m.title, m.url, m.outlet, m.published_on
    from (
        select * from dateline.events e
        where e.superseded_at is null
            and (cast(:modality as text) is null or (e.modality = :modality and not e.negated))
            and (cast(:types as text[]) is null or e.event_type = any(:types))
            and (cast(:country as text) is null or :country in (e.source_country, e.target_country, e.place_country))
            and (cast(:source_country as text) is null or e.source_country = :source_country)
            and (cast(:target_country as text) is null or e.target_country = :target_country)
            and (cast(:since as date) is null or coalesce(e.date_to, e.last_reported_on) >= :since)
            and (cast(:until as date) is null or coalesce(e.date_from, e.first_reported_on) <= :until)
            and (cast(:actor as text) is null or :actor in (e.source_id, e.target_id)
                or concat_ws(' | ', e.source_name, e.source_text, e.target_name, e.target_text) ilike :like)
        order by case when :reported then e.independent_sources end desc, case when :reported then e.mentions end desc,
            coalesce(e.date_from, e.first_reported_on) desc nulls last, e.independent_sources desc, e.event_id
        limit :limit
    ) e
    left join dateline.mention_report m on m.mention_key = e.best_mention_key and m.text_id = e.best_text_id
    order by case when :reported then e.independent_sources end desc, case when :reported then e.mentions end desc,
            coalesce(e.date_from, e.first_reported_on) desc nulls last, e.independent_sources desc, e.event_id
""")


def funnel(conn: Connection, since: datetime | None = None) -> Funnel:
    """Count what became of URLs: all, or those found since a time."""
    values = {"since": since}
    row = conn.execute(_FUNNEL, values).mappings().one()
    return Funnel(
        **row,
        outcomes=tuple((outcome, tickets) for outcome, tickets in conn.execute(_OUTCOMES, values)),
        rejects=tuple(RejectCount(**reject) for reject in conn.execute(_REJECTS, values).mappings()),
    )


def list_events(
    conn: Connection,
    *,
    types: tuple[str, ...] = (),
    country: str | None = None,
    source_country: str | None = None,
    target_country: str | None = None,
    since: date | None = None,
    until: date | None = None,
    actor: str | None = None,
    modality: str | None = "asserted",
    limit: int | None = 50,
    order: Order = "newest",
) -> list[EventRow]:
    """Return events, newest or most reported first, each with its best sentence.

    `country` fits either side or the place; `actor` is an id of the actor list or a part of a name; `modality` None shows
    what did not happen as well.
    """
    values: dict[str, Any] = {
        "types": list(types) or None,
        "country": country,
        "source_country": source_country,
        "target_country": target_country,
        "since": since,
        "until": until,
        "actor": actor,
        "like": None if actor is None else f"%{_escaped(actor)}%",
        "modality": modality,
        "limit": limit,
        "reported": order == "reported",
    }
    return [_event(row) for row in conn.execute(_EVENTS, values).mappings()]


def _escaped(words: str) -> str:
    for sign in ("\\", "%", "_"):
        words = words.replace(sign, f"\\{sign}")
    return words


def _event(row: RowMapping) -> EventRow:
    values = dict(row)
    for side in ("source_sectors", "target_sectors"):
        values[side] = tuple(values[side] or ())
    return EventRow(**values)


def runs(conn: Connection, *, limit: int = 20) -> list[RunRow]:
    """Return the last runs of stages, newest first."""
    return [RunRow(**row) for row in conn.execute(_RUNS, {"limit": limit}).mappings()]


def report(conn: Connection, *, since: datetime | None = None, limit: int = 20) -> Report:
    """Return the funnel, the last runs, and how the sources fare."""
    return Report(
        funnel=funnel(conn, since),
        runs=tuple(runs(conn, limit=limit)),
        sources=tuple((state, number) for state, number in conn.execute(_HEALTH)),
    )
