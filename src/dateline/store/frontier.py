"""Keep the frontier: every URL that we know of, claimed by one worker at a time, with one outcome each.

A claim is a lease: while it runs, `next_attempt_at` stands at its end, so that a dead worker's rows come back by themselves.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, TextClause, text

from dateline.store import policy, rejects
from dateline.store.rows import clean
from dateline.types import ArticleRef, Rejected, Ticket, TicketState

BATCH = 5_000  # rows a statement
HOST_STEPS = 4  # hosts looked at for each ticket wanted: many may have nothing due
SHARES = (2, 8, 64)  # tickets a host in a first, second and third round, until the batch is full
DEFAULT_PORTS = {"http": 80, "https": 443}
RESTING = "resting"  # code of a host that was put off without being asked
ORDER: tuple[TicketState, ...] = ("queued", "fetched", "extracted", "grouped", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueued:
    """Count what became of references: new URLs, known ones, known ones queued again, and ones asked to be forgotten."""

    new: int = 0
    known: int = 0
    again: int = 0
    forgotten: int = 0


_TICKET = """f.ticket_id, f.url, f.state, f.attempts, f.source_id, f.hint_published_at, f.captured_at, f.capture_id,
        f.article_id, f.text_id, coalesce((select s.text_policy from dateline.sources s where s.source_id = f.source_id),
            'full') as text_policy"""

_ENQUEUE = text("""
    with given as (
        select * from unnest(cast(:keys as text[]), cast(:urls as text[]), cast(:hosts as text[]), cast(:slots as bigint[]),
            cast(:sources as bigint[]), cast(:seen as timestamptz[]), cast(:titles as text[]),
            cast(:published as timestamptz[]), cast(:languages as text[]), cast(:marks as text[]))
            as g(key, url, host, host_slot, source_id, discovered_at, title, published_at, language, marks)
    ), allowed as (
        select * from given where not exists (
            select from dateline.tombstones t where t.key_hash = dateline.digest(given.key))
    ), added as (
        insert into dateline.frontier as f (key, url, host, host_slot, source_id, discovered_at, next_attempt_at, hint_title,
            hint_published_at, hint_language, marks)
        select key, url, host, host_slot, source_id, discovered_at, discovered_at, title, published_at, language,
            string_to_array(marks, ',')
        from allowed order by key
        on conflict (key_hash) do update set
            source_id = coalesce(f.source_id, excluded.source_id),
            hint_title = coalesce(f.hint_title, excluded.hint_title),
            hint_published_at = coalesce(f.hint_published_at, excluded.hint_published_at),
            hint_language = coalesce(f.hint_language, excluded.hint_language),
            marks = case when f.hint_published_at is null then excluded.marks else f.marks end
        where (f.source_id is null and excluded.source_id is not null)
            or (f.hint_title is null and excluded.hint_title is not null)
            or (f.hint_published_at is null and excluded.hint_published_at is not null)
            or (f.hint_language is null and excluded.hint_language is not null)
        returning xmax = 0 as is_new
    )
    select count(*) filter (where is_new) as new, (select count(*) from allowed) as allowed from added
""")

_AGAIN = text("""
    update dateline.frontier f set state = 'queued', outcome = null, attempts = 0, finished_at = null, worker = null,
        leased_at = null, last_code = null, last_message = null, next_attempt_at = g.seen
    from unnest(cast(:keys as text[]), cast(:seen as timestamptz[])) as g(key, seen)
    where f.key_hash = dateline.digest(g.key) and f.state = 'done'
""")

# Walk from host to host along the index and take a few of each, so that one big host cannot hold up the others.
_CLAIM_SPREAD = text(f"""
    with recursive hosts(slot, step) as (
        (select host_slot, 1 from dateline.frontier where state = 'queued' and host_slot >= :start
            order by host_slot limit 1)
        union all
        select (select n.host_slot from dateline.frontier n where n.state = 'queued' and n.host_slot > h.slot
            order by n.host_slot limit 1), h.step + 1
        from hosts h where h.slot is not null and h.step < :steps
    ), picked as (
        select p.ticket_id from hosts h cross join lateral (
            select f.ticket_id from dateline.frontier f
            where f.state = 'queued' and f.host_slot = h.slot and f.next_attempt_at <= :now
            order by f.next_attempt_at limit :each for update skip locked
        ) p
        where h.slot is not null limit :limit
    )
    update dateline.frontier f set worker = :worker, leased_at = :now, next_attempt_at = :until
    from picked where f.ticket_id = picked.ticket_id
    returning {_TICKET}
""")  # noqa: S608 (all parts are ours)

_CLAIM_OLDEST = text(f"""
    with picked as (
        select ticket_id from dateline.frontier
        where state = :state and state <> 'done' and next_attempt_at <= :now
        order by next_attempt_at, ticket_id limit :limit for update skip locked
    )
    update dateline.frontier f set worker = :worker, leased_at = :now, next_attempt_at = :until
    from picked where f.ticket_id = picked.ticket_id
    returning {_TICKET}
""")  # noqa: S608

_CLAIM_KEYS = text(f"""
    with picked as (
        select ticket_id from dateline.frontier
        where key_hash in (select dateline.digest(k) from unnest(cast(:keys as text[])) k)
            and state = 'queued' and next_attempt_at <= :now
        for update skip locked
    )
    update dateline.frontier f set worker = :worker, leased_at = :now, next_attempt_at = :until
    from picked where f.ticket_id = picked.ticket_id
    returning {_TICKET}
""")  # noqa: S608

# Two addresses may prove to be one article: the one that was coded stands for it, then the one its page names, then the older.
_HOLDERS = text("""
    with f as (
        select text_id, ticket_id, url, outcome, count(*) over (partition by text_id) as tickets
        from dateline.frontier where text_id = any(:ids)
    )
    select text_id, ticket_id from f where tickets = 1
    union all (
        select distinct on (f.text_id) f.text_id, f.ticket_id
        from f join dateline.texts t on t.text_id = f.text_id join dateline.revisions r on r.revision_id = t.revision_id
        where f.tickets > 1
        order by f.text_id, (f.outcome is not distinct from 'coded') desc, (f.url is not distinct from r.canonical_url) desc,
            f.ticket_id
    )
""")

# Never back: a worker whose lease ran out must not undo what the next one did.
_ADVANCE = text("""
    update dateline.frontier f set state = :state, attempts = 0, worker = null, leased_at = null, last_code = null,
        last_message = null, next_attempt_at = coalesce(f.leased_at, f.next_attempt_at),
        captured_at = coalesce(g.captured_at, f.captured_at), capture_id = coalesce(g.capture_id, f.capture_id),
        article_id = coalesce(g.article_id, f.article_id), text_id = coalesce(g.text_id, f.text_id)
    from unnest(cast(:ids as bigint[]), cast(:captured_at as timestamptz[]), cast(:capture_ids as bigint[]),
        cast(:article_ids as bigint[]), cast(:text_ids as bigint[])) as g(id, captured_at, capture_id, article_id, text_id)
    where f.ticket_id = g.id and array_position(:states, f.state) <= array_position(:states, :state)
""")

_FINISH = text("""
    update dateline.frontier f set state = 'done', outcome = :outcome, worker = null, leased_at = null, finished_at = now(),
        captured_at = coalesce(g.captured_at, f.captured_at), capture_id = coalesce(g.capture_id, f.capture_id),
        article_id = coalesce(g.article_id, f.article_id), text_id = coalesce(g.text_id, f.text_id)
    from unnest(cast(:ids as bigint[]), cast(:captured_at as timestamptz[]), cast(:capture_ids as bigint[]),
        cast(:article_ids as bigint[]), cast(:text_ids as bigint[])) as g(id, captured_at, capture_id, article_id, text_id)
    where f.ticket_id = g.id and f.state <> 'done'
""")

_RETRY = text("""
    update dateline.frontier set attempts = attempts + :tried, worker = null, leased_at = null, next_attempt_at = :at,
        last_code = :code, last_message = :message
    where ticket_id = :id and state <> 'done'
""")

_WAITING = text("""
    select state, count(*) from dateline.frontier where state <> 'done' and next_attempt_at <= :now group by state
""")

_WORKERS = text("select distinct worker from dateline.frontier where worker is not null")
_RELEASE = text("""
    update dateline.frontier set worker = null, next_attempt_at = leased_at, leased_at = null where worker = any(:workers)
""")


def enqueue(conn: Connection, refs: Iterable[tuple[str, ArticleRef]], *, again: bool = False) -> Enqueued:
    """Add references by canonical key. A known one is left as it is, or queued again where `again` and it was done.

    A key that was asked to be forgotten is never added.
    """
    total = Enqueued()
    waiting = iter(refs)
    while batch := list(islice(waiting, BATCH)):
        done = _enqueue(conn, batch, again=again)
        total = Enqueued(
            new=total.new + done.new,
            known=total.known + done.known,
            again=total.again + done.again,
            forgotten=total.forgotten + done.forgotten,
        )
    return total


def _enqueue(conn: Connection, batch: Sequence[tuple[str, ArticleRef]], *, again: bool) -> Enqueued:
    unique: dict[str, ArticleRef] = {}
    for key, ref in batch:
        unique.setdefault(clean(key), ref)
    refs, hosts = list(unique.values()), [host_of(ref.url) for ref in unique.values()]
    seen = [ref.discovered_at for ref in refs]
    row = conn.execute(
        _ENQUEUE,
        {
            "keys": list(unique),
            "urls": [clean(ref.url) for ref in refs],
            "hosts": hosts,
            "slots": [zlib.crc32(host.encode()) for host in hosts],
            "sources": [ref.source_id for ref in refs],
            "seen": seen,
            "titles": [clean(ref.title) for ref in refs],
            "published": [ref.published_at for ref in refs],
            "languages": [clean(ref.language) for ref in refs],
            "marks": [",".join(ref.marks) for ref in refs],
        },
    ).one()
    requeued = conn.execute(_AGAIN, {"keys": list(unique), "seen": seen}).rowcount if again else 0
    return Enqueued(new=row.new, known=row.allowed - row.new, again=requeued, forgotten=len(refs) - row.allowed)


def host_of(url: str) -> str:
    """Return `name:port` of a URL, lower case; what has none gives an empty string."""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return clean(f"{name}:{port or DEFAULT_PORTS.get(parts.scheme, 0)}") if name else ""


def claim(
    conn: Connection, state: TicketState, *, limit: int, worker: str, lease: timedelta, now: datetime
) -> list[Ticket]:
    """Take up to `limit` tickets of a state for `worker`: spread over hosts where they are to be fetched, else oldest first.

    Taken are rows whose next attempt has come and that no other worker holds. They are the worker's until `now + lease`.
    """
    values = {"worker": worker, "now": now, "until": now + lease}
    taken: list[Ticket] = []
    if state == "queued":
        # another start each time, so that hosts late in the order are not forgotten
        start = zlib.crc32(f"{worker} {now.isoformat()}".encode())
        for each in SHARES:
            before = len(taken)
            for first in (start, 0):
                taken += _spread(conn, first, limit - len(taken), {**values, "each": each})
            if len(taken) == before:
                break
    if len(taken) < limit:
        taken += _tickets(conn, _CLAIM_OLDEST, {**values, "state": state, "limit": limit - len(taken)})
    return taken


def claim_keys(conn: Connection, keys: Iterable[str], *, worker: str, lease: timedelta, now: datetime) -> list[Ticket]:
    """Take the queued tickets of these canonical keys for `worker`, where nobody else holds them."""
    values = {"keys": [clean(key) for key in keys], "worker": worker, "now": now, "until": now + lease}
    return _tickets(conn, _CLAIM_KEYS, values)


def _spread(conn: Connection, start: int, limit: int, values: dict[str, Any]) -> list[Ticket]:
    if limit <= 0:
        return []
    return _tickets(conn, _CLAIM_SPREAD, {**values, "start": start, "limit": limit, "steps": limit * HOST_STEPS})


def _tickets(conn: Connection, statement: TextClause, values: dict[str, Any]) -> list[Ticket]:
    rows = [dict(row) for row in conn.execute(statement, values).mappings()]
    return sorted((Ticket(id=row.pop("ticket_id"), **row) for row in rows), key=lambda ticket: ticket.id)


def text_holders(conn: Connection, tickets: Sequence[Ticket]) -> dict[int, int]:
    """Return, for each of the tickets' texts, the ticket that stands for it; the others are the same article again."""
    rows = conn.execute(_HOLDERS, {"ids": [ticket.text_id for ticket in tickets]})
    return {row.text_id: row.ticket_id for row in rows}


def advance(conn: Connection, tickets: Sequence[Ticket], state: TicketState) -> None:
    """Move tickets on to `state`, keep the ids they gathered, and give them back. None is ever moved backwards."""
    if tickets:
        conn.execute(_ADVANCE, {**_gathered(tickets), "state": state, "states": list(ORDER)})


def finish(conn: Connection, tickets: Sequence[Ticket], outcome: str) -> None:
    """End tickets with an outcome; one that is done already keeps the outcome it has.

    What the source's text policy forbids to keep is removed now; earlier rejects of these tickets are resolved.
    """
    if not tickets:
        return
    conn.execute(_FINISH, {**_gathered(tickets), "outcome": outcome})
    rejects.resolve_tickets(conn, [ticket.id for ticket in tickets])
    policy.apply(conn, tickets)


def _gathered(tickets: Sequence[Ticket]) -> dict[str, Any]:
    return {
        "ids": [ticket.id for ticket in tickets],
        "captured_at": [ticket.captured_at for ticket in tickets],
        "capture_ids": [ticket.capture_id for ticket in tickets],
        "article_ids": [ticket.article_id for ticket in tickets],
        "text_ids": [ticket.text_id for ticket in tickets],
    }


def retry_later(conn: Connection, ticket: Ticket, rejected: Rejected, *, at: datetime) -> None:
    """Give a ticket back to be tried again at `at`, and note why. A host that rests was not asked: that is no attempt."""
    conn.execute(
        _RETRY,
        {
            "id": ticket.id,
            "at": at,
            "tried": int(rejected.code != RESTING),
            "code": rejected.code,
            "message": clean(rejected.message),
        },
    )


def reject(conn: Connection, ticket: Ticket, rejected: Rejected, *, now: datetime | None = None) -> None:
    """End a ticket with the reject's code as its outcome, and keep the reject."""
    finish(conn, [ticket], rejected.code)
    full = replace(rejected, ticket_id=ticket.id, url=rejected.url or ticket.url)
    rejects.record(conn, full, now=now or _server_time(conn))


def _server_time(conn: Connection) -> datetime:
    moment: datetime = conn.execute(text("select now()")).scalar_one()
    return moment


def waiting(conn: Connection, *, now: datetime) -> dict[TicketState, int]:
    """Count what could be claimed now, by state."""
    return {row[0]: row[1] for row in conn.execute(_WAITING, {"now": now})}


def release_workers(conn: Connection, dead: Callable[[str], bool]) -> int:
    """Give back what dead workers hold, at once, and return how many tickets that were."""
    gone: Iterator[str] = (worker for worker in conn.execute(_WORKERS).scalars() if dead(worker))
    return conn.execute(_RELEASE, {"workers": list(gone)}).rowcount
