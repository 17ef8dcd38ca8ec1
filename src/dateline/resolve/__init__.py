"""Join event mentions into events: one act of one source towards one target, however many articles tell of it.

    mentions ─► acts (one article's mentions of one act) ─► clusters (one event) ─► ids that stay ─► dated memberships

The rules are pure and do not depend on the order in which articles arrive. What a person decided, no rule changes.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from dateline.resolve import rows
from dateline.resolve.acts import join_mentions
from dateline.resolve.assign import Assigned, assign
from dateline.resolve.revisions import carry_decisions
from dateline.resolve.rules import cluster
from dateline.resolve.summary import summarize

__all__ = ["ResolveCounts", "resolve"]

log = logging.getLogger(__name__)

LOCK = 5_064_215_601_133_011  # any number of our own: one resolve at a time, in the whole database
SIBLING_STEPS = 5  # enough for any real happening, and bounded
TEXTS_AT_ONCE = 500  # a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveCounts:
    """Count what a run did."""

    texts: int = 0
    mentions: int = 0  # put into an event, or moved to another
    new: int = 0
    changed: int = 0  # new ones included
    merged: int = 0
    retired: int = 0  # events that no mention tells of any more

    def __add__(self, other: ResolveCounts) -> ResolveCounts:
        return ResolveCounts(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


def resolve(engine: Engine, *, now: datetime) -> ResolveCounts:
    """Resolve the events of all texts that changed since the last run. Running it again changes nothing."""
    total = ResolveCounts()
    while True:
        with engine.begin() as conn:
            done = resolve_texts(conn, now=now)
        if not done.texts:
            break
        total += done
    log.info("resolved %s", " ".join(f"{name}={getattr(total, name)}" for name in total.__slots__))
    return total


def resolve_texts(conn: Connection, *, now: datetime, limit: int = TEXTS_AT_ONCE) -> ResolveCounts:
    """Resolve up to `limit` texts of the list in the caller's transaction."""
    conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    texts = rows.take_texts(conn, limit)
    if not texts:
        return ResolveCounts()
    carry_decisions(conn, texts, now)
    stale = rows.end_stale(conn, texts, now)
    touched = {int(row["event_id"]) for row in stale} | rows.pinned_events(conn, texts)
    mentions = rows.with_heirs(rows.load_around(conn, texts, touched), stale)
    done = _save(conn, assign(cluster(join_mentions(mentions))), touched, now)
    rows.drop_texts(conn, texts)
    return done + ResolveCounts(texts=len(texts))


def _save(conn: Connection, found: list[Assigned], touched: set[int], now: datetime) -> ResolveCounts:
    fresh = iter(rows.new_ids(conn, sum(it.event_id is None for it in found)))
    placed = [(it, it.event_id if it.event_id is not None else next(fresh)) for it in found]
    moves = [
        (mention, event_id, _reason(it))
        for it, event_id in placed
        for mention in it.mentions
        if not mention.pinned and not (mention.live and mention.event_id == event_id)
    ]
    changed = rows.save_events(conn, [(event_id, summarize(it.mentions)) for it, event_id in placed], now)
    rows.move_members(conn, moves, now)
    merged = rows.supersede(conn, [(old, event_id) for it, event_id in placed for old in it.absorbed], now)
    ids = {event_id for _, event_id in placed}
    retired = rows.retire(conn, touched - ids, now)
    rows.save_happenings(conn, happenings(_siblings(conn, ids)))
    new = sum(it.event_id is None for it in found)
    return ResolveCounts(mentions=len(moves), new=new, changed=changed, merged=merged, retired=retired)


def _reason(it: Assigned) -> str:
    articles = len({mention.article_id for mention in it.mentions})
    return "told by one article" if articles == 1 else f"same act as told by {articles} articles"


def _siblings(conn: Connection, ids: set[int]) -> list[tuple[int, Any]]:
    """Follow happenings from event to event: a summit's dyads may be told by different articles."""
    pairs: list[tuple[int, Any]] = []
    for _ in range(SIBLING_STEPS):
        pairs = rows.load_siblings(conn, ids)
        more = {event_id for event_id, _ in pairs}
        if more <= ids:
            break
        ids = ids | more
    return pairs


def happenings(pairs: Iterable[tuple[int, Any]]) -> dict[int, int]:
    """Return for each event the oldest one that shares a happening with it, over any number of steps."""
    by_happening: dict[Any, list[int]] = defaultdict(list)
    for event_id, happening in pairs:
        by_happening[happening].append(event_id)
    parent: dict[int, int] = {}

    def oldest(event_id: int) -> int:
        while parent.setdefault(event_id, event_id) != event_id:
            parent[event_id] = parent[parent[event_id]]
            event_id = parent[event_id]
        return event_id

    for group in by_happening.values():
        for event_id in group:
            one, other = sorted((oldest(group[0]), oldest(event_id)))
            parent[other] = one
    return {event_id: oldest(event_id) for event_id in parent}
