"""Answer the hubs of feeds: agree to what we asked for, and take what they deliver, where it is signed with our secret.

Nothing here needs models or the network, so that the process that serves it stays small. What `subscriptions` asks for, this
agrees to; both meet in the table `websub_subscriptions`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from dateline.arrivals import put
from dateline.discover.websub import findings_for, is_genuine, read_delivery
from dateline.errors import DiscoverError
from dateline.settings import FRONTIER_CHANNEL
from dateline.store import rejects, sources, websub
from dateline.store.websub import Subscription
from dateline.types import Rejected, Source

log = logging.getLogger(__name__)

OK, ACCEPTED, NOT_FOUND, GONE = 200, 202, 404, 410
SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=5), timedelta(days=30)  # what a hub says beyond is not believed
UNSAID_LEASE = timedelta(days=1)  # of a hub that says nothing, though it must
LONGEST_CHALLENGE = 4096  # characters
LONGEST_REASON = 500

_WAKE = text("select pg_notify(:channel, 'websub')")


@dataclass(frozen=True, slots=True)
class Reply:
    """Say what a hub is answered."""

    status: int
    body: str = ""


def answer(engine: Engine, token: str, said: Mapping[str, str], *, now: datetime) -> Reply:
    """Answer a hub's question whether we want a subscription or its end, or take note of its "no" (sections 5.2 and 5.3).

    `said`: the query, `hub.mode` and so on. Only what is pending is agreed to; everything else is "not found".
    """
    mode, topic = said.get("hub.mode", ""), said.get("hub.topic", "")
    challenge = said.get("hub.challenge", "")
    with engine.begin() as conn:
        found = websub.find(conn, token, lock=True)
        if found is None or len(challenge) > LONGEST_CHALLENGE:
            return Reply(NOT_FOUND)
        if mode == "denied" and topic == found.topic:
            reason = said.get("hub.reason", "")[:LONGEST_REASON] or "the hub gave no reason"
            websub.denied(conn, found, reason=reason, now=now)
            log.warning("hub=%s topic=%s denied: %s", found.hub, found.topic, reason)
            return Reply(OK)
        if not challenge or not found.awaits(mode, topic, now=now):
            log.info("hub source=%d mode=%r not agreed", found.source_id, mode[:20])
            return Reply(NOT_FOUND)
        if mode == "subscribe":
            websub.verified(conn, found, lease=lease_of(said.get("hub.lease_seconds")), now=now)
        else:
            websub.ended(conn, found, now=now)
    log.info("hub=%s topic=%s mode=%s agreed", found.hub, found.topic, mode)
    return Reply(OK, challenge)


def expects(engine: Engine, token: str, *, now: datetime) -> bool:
    """Say whether deliveries to this address are taken: asked before a body is read."""
    with engine.connect() as conn:
        found = websub.find(conn, token)
    return found is not None and found.takes(now=now)


def take(
    engine: Engine, token: str, body: bytes, *, content_type: str | None, signature: str | None, now: datetime
) -> Reply:
    """Take a delivery: put its entries on the frontier, as a look at the feed would, and wake `ingest`.

    One that is not signed with our secret is accepted, so that nobody learns anything from guessing, and counted, but nothing
    of it is stored (section 7.1.2). The same delivery again changes nothing.
    """
    with engine.begin() as conn:
        found = websub.find(conn, token, lock=True)
        if found is None or not found.takes(now=now):
            return Reply(GONE)
        (source,) = sources.load_sources(conn, ids=[found.source_id])
        weak = (found.callback or "").startswith("https://")
        if not is_genuine(body, signature, found.secret, weak=weak):
            _refuse(conn, found, source, signature, now=now)
            return Reply(ACCEPTED)
        sha256 = hashlib.sha256(body).hexdigest()
        new = 0
        if sha256 != found.last_body_sha256:
            new = _read(conn, found, source, body, content_type, now=now)
        websub.delivered(conn, found, new=new, sha256=sha256, now=now)
    log.info("hub=%s topic=%s bytes=%d new=%d", found.hub, found.topic, len(body), new)
    return Reply(ACCEPTED)


def lease_of(said: str | None) -> timedelta:
    """Return the lease that a hub grants, within reason."""
    if said is None or not said.strip().isascii() or not said.strip().isdigit():
        return UNSAID_LEASE
    seconds = min(int(said.strip()[:12]), int(LONGEST_LEASE.total_seconds()))
    return max(timedelta(seconds=seconds), SHORTEST_LEASE)


def _read(
    conn: Connection, found: Subscription, source: Source, body: bytes, content_type: str | None, *, now: datetime
) -> int:
    """Store what a delivery tells of; return how many URLs were new."""
    findings = findings_for(source, now=now)
    try:
        delivery = read_delivery(body, content_type, findings, topic=found.topic)
    except DiscoverError as error:
        _reject(conn, source, error.code, f"a delivery of its hub: {error.message}", now=now)
        return 0
    for fault in delivery.rejected:
        rejects.record(conn, fault, now=now)
    new = put(conn, delivery.refs, now=now)["new"]
    if new:
        sources.record_delivery(conn, source, now=now)
        conn.execute(_WAKE, {"channel": FRONTIER_CHANNEL})
    return new


def _refuse(conn: Connection, found: Subscription, source: Source, signature: str | None, *, now: datetime) -> None:
    method = (signature or "").partition("=")[0][:20]
    said = f"signed with {method!r}, but not by who has our secret" if signature else "not signed"
    websub.refused(conn, found)
    _reject(conn, source, "bad_signature", f"a delivery from {found.hub} was {said}; nothing of it was stored", now=now)
    log.warning("hub=%s topic=%s delivery refused: %s", found.hub, found.topic, said)


def _reject(conn: Connection, source: Source, code: str, message: str, *, now: datetime) -> None:
    fault = Rejected(stage="discover", code=code, message=message, url=source.url, source_id=source.id)
    rejects.record(conn, fault, now=now)
