"""Keep what feeds say of their hubs, and how our subscriptions there stand."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, text

from dateline.store.rows import clean
from dateline.types import Hub

Mode = Literal["subscribe", "unsubscribe"]

TOKEN_BYTES = 32  # of randomness in address and secret: 256 bits
VERIFY_WITHIN = timedelta(days=1)  # a hub may verify a request as long as this after it was made
REPEAT_WITHIN = timedelta(minutes=10)  # and ask once more after we agreed, where our answer was lost
LATE = timedelta(hours=1)  # deliveries after the lease's end that were on their way
DENIED = timedelta(days=7)  # until a hub that said no is asked again
PARTINGS = 3  # requests to end a subscription, before it is left to run out


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Be a subscription at a feed's hub, asked for or not."""

    source_id: int
    hub: str | None
    topic: str
    token: str
    secret: str
    state: str
    pending: Mode | None
    pending_until: datetime | None
    callback: str | None
    expires_at: datetime | None
    last_body_sha256: str | None
    wanted: bool  # by a person, and its source is not switched off

    def awaits(self, mode: str, topic: str, *, now: datetime) -> bool:
        """Say whether we asked for this, so that the hub may go ahead."""
        return (
            self.pending == mode and topic == self.topic and self.pending_until is not None and now < self.pending_until
        )

    def takes(self, *, now: datetime) -> bool:
        """Say whether deliveries are taken now."""
        return self.wanted and self.state == "active" and self.expires_at is not None and now < self.expires_at + LATE


_COLUMNS = """w.source_id, w.hub, w.topic, w.token, w.secret, w.state, w.pending, w.pending_until, w.callback, w.expires_at,
        w.last_body_sha256, w.wanted and s.enabled as wanted"""

# Where hub or topic change, address and secret do, too: what the old hub sends has no address any more.
_NOTE = text("""
    insert into dateline.websub_subscriptions as w (source_id, hub, topic, token, secret, next_attempt_at)
    values (:id, :hub, :topic, :token, :secret, :now)
    on conflict (source_id) do update set hub = excluded.hub, topic = excluded.topic, token = excluded.token,
        secret = excluded.secret, state = 'offered', pending = null, pending_until = null, callback = null, attempts = 0,
        next_attempt_at = excluded.next_attempt_at, verified_at = null, expires_at = null, last_body_sha256 = null,
        failure_code = null, failure_message = null
    where w.hub is distinct from excluded.hub or w.topic <> excluded.topic
""")

_HOLD = text("select from dateline.websub_subscriptions where source_id = :id for update")

_GONE = text("update dateline.websub_subscriptions set hub = null where source_id = :id and hub is not null")

# What is due: to be asked for or renewed; to be ended, where it is not wanted any more; under another address, where ours changed.
_CLAIM = text(f"""
    with due as (
        select w.source_id, w.wanted and s.enabled as wanted
        from dateline.websub_subscriptions w join dateline.sources s using (source_id)
        where w.hub is not null and (cast(:ids as bigint[]) is null or w.source_id = any(:ids))
            and case when w.wanted and s.enabled
                then :asked or w.next_attempt_at <= :now or w.callback <> :base || w.token
                else w.state in ('asked', 'active') and w.expires_at > :now and (w.pending is distinct from 'unsubscribe'
                    or (w.attempts < :partings and w.next_attempt_at <= :now)) end
        order by w.next_attempt_at, w.source_id limit :limit for update of w skip locked
    )
    update dateline.websub_subscriptions w set
        pending = case when due.wanted then 'subscribe' else 'unsubscribe' end, pending_until = :until,
        callback = case when due.wanted or w.callback is null then :base || w.token else w.callback end, attempts = case when w.pending is not null then w.attempts else 0 end + 1,
        next_attempt_at = :now + least(interval '1 hour' * power(2, least(case when w.pending is not null then w.attempts else 0 end, 10)),
            interval '1 day'),
        state = case when due.wanted and not (w.state = 'active' and w.expires_at > :now) then 'asked' else w.state end
    from due join dateline.sources s using (source_id)
    where w.source_id = due.source_id
    returning {_COLUMNS}
""")  # noqa: S608 (all parts are ours)

_FIND = text(f"""
    select {_COLUMNS} from dateline.websub_subscriptions w join dateline.sources s using (source_id) where w.token = :token
""")  # noqa: S608
_LOCK = text(_FIND.text + " for update of w")

_WANTED = text("""
    update dateline.websub_subscriptions set wanted = :wanted, next_attempt_at = :now, pending = null, attempts = 0,
        failure_code = null, failure_message = null
    where source_id = any(:ids) and hub is not null returning source_id
""")

_VERIFIED = text("""
    update dateline.websub_subscriptions set state = 'active', verified_at = :now, expires_at = :until, attempts = 0,
        next_attempt_at = :renew, pending_until = least(pending_until, :repeat), failure_code = null, failure_message = null
    where source_id = :id
""")

_ENDED = text("""
    update dateline.websub_subscriptions set state = 'ended', expires_at = null, attempts = 0, next_attempt_at = :now,
        pending_until = least(pending_until, :repeat)
    where source_id = :id
""")

_DENIED = text("""
    update dateline.websub_subscriptions set state = 'denied', pending = null, pending_until = null, expires_at = null,
        attempts = 0, next_attempt_at = :again, failure_code = 'denied', failure_message = :reason
    where source_id = :id
""")

_FAILED = text("""
    update dateline.websub_subscriptions set failure_code = :code, failure_message = :message
    where source_id = :id and token = :token
""")

_DELIVERED = text("""
    update dateline.websub_subscriptions set deliveries = deliveries + 1, delivered_new = delivered_new + :new,
        last_delivery_at = :now, last_body_sha256 = :sha256
    where source_id = :id
""")

_REFUSED = text("update dateline.websub_subscriptions set refused = refused + 1 where source_id = :id")


def lock(conn: Connection, source_id: int | None) -> None:
    """Let the deliveries of a source's hub wait until this transaction ends."""
    conn.execute(_HOLD, {"id": source_id})


def note_hub(conn: Connection, source_id: int, hub: Hub | None, *, now: datetime) -> None:
    """Keep the hub that a feed names; another than before, or another topic, is a new subscription. None: it names none now."""
    if hub is None:
        conn.execute(_GONE, {"id": source_id})
        return
    made = {"token": secrets.token_urlsafe(TOKEN_BYTES), "secret": secrets.token_urlsafe(TOKEN_BYTES)}
    conn.execute(_NOTE, {"id": source_id, "hub": clean(hub.url), "topic": clean(hub.topic), "now": now, **made})


def claim(
    conn: Connection, *, base: str, now: datetime, limit: int, ids: Collection[int] | None = None, asked: bool = False
) -> list[Subscription]:
    """Take what hubs are to be asked for now, noting that we ask; `base` and the token make our address.

    `asked`: also what is not due yet. Who claims must ask: the hub's verification may come before its answer.
    """
    values = {
        "ids": None if ids is None else list(ids), "asked": asked, "base": base, "now": now, "limit": limit,
        "until": now + VERIFY_WITHIN, "partings": PARTINGS,
    }  # fmt: skip
    return sorted((Subscription(**row) for row in conn.execute(_CLAIM, values).mappings()), key=lambda it: it.source_id)


def want(conn: Connection, ids: Collection[int], *, wanted: bool, now: datetime) -> list[int]:
    """Note whether a person wants these subscriptions. Return the sources that have a hub at all."""
    return sorted(conn.scalars(_WANTED, {"ids": list(ids), "wanted": wanted, "now": now}))


def find(conn: Connection, token: str, *, lock: bool = False) -> Subscription | None:
    """Return the subscription to which an address of ours belongs; `lock`: others wait until this transaction ends."""
    row = conn.execute(_LOCK if lock else _FIND, {"token": clean(token)}).mappings().one_or_none()
    return None if row is None else Subscription(**row)


def verified(conn: Connection, subscription: Subscription, *, lease: timedelta, now: datetime) -> None:
    """Note that the hub subscribed us. It is asked again when half of the lease is over."""
    conn.execute(
        _VERIFIED,
        {"id": subscription.source_id, "now": now, "until": now + lease, "renew": now + lease / 2, "repeat": now + REPEAT_WITHIN},
    )  # fmt: skip


def ended(conn: Connection, subscription: Subscription, *, now: datetime) -> None:
    """Note that the hub ended the subscription, as we had asked."""
    conn.execute(_ENDED, {"id": subscription.source_id, "now": now, "repeat": now + REPEAT_WITHIN})


def denied(conn: Connection, subscription: Subscription, *, reason: str, now: datetime) -> None:
    """Note that the hub will not have us."""
    conn.execute(_DENIED, {"id": subscription.source_id, "again": now + DENIED, "reason": clean(reason)})


def failed(conn: Connection, subscription: Subscription, *, code: str, message: str) -> None:
    """Note why the hub could not be asked; when it is asked again was set when it was claimed."""
    values = {"id": subscription.source_id, "token": subscription.token, "code": code, "message": clean(message)}
    conn.execute(_FAILED, values)


def delivered(conn: Connection, subscription: Subscription, *, new: int, sha256: str, now: datetime) -> None:
    """Note a delivery with a good signature."""
    conn.execute(_DELIVERED, {"id": subscription.source_id, "new": new, "sha256": sha256, "now": now})


def refused(conn: Connection, subscription: Subscription) -> None:
    """Count a delivery without a good signature."""
    conn.execute(_REFUSED, {"id": subscription.source_id})
