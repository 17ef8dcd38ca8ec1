"""Ask the hubs of feeds to push what is new (WebSub): subscribe, renew before the lease ends, take leave."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from dateline.errors import FetchError, UserError
from dateline.fetch.keys import host_port
from dateline.fetch.polite import PoliteClient
from dateline.store import websub
from dateline.store.pace import PostgresPace
from dateline.tools import Counts, Tools

log = logging.getLogger(__name__)

PATH = "/websub/"  # of our addresses, under the public URL
LEASE = timedelta(days=10)  # what the Recommendation calls a good default (section 8.2)
BATCH = 10  # claimed at once: they are asked one after the other
LONGEST_RUN = 300.0  # seconds, after which no more are claimed; the others come in the next run


class Poster(Protocol):
    """Send forms: `PoliteClient`."""

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form. Raises FetchError where it is not accepted."""
        ...


def keep(tools: Tools, *, only: Collection[int] | None = None, at_once: bool = False) -> Counts:
    """Ask the hubs for what is due: new subscriptions, renewals, ends. Does nothing where nobody can reach us.

    `only`: of these sources; `at_once`: also what is not due. A hub that cannot be asked is asked again later.
    """
    counts: Counts = Counter()
    if tools.public_url is None:
        return counts
    began = time.monotonic()
    while due := _claim(tools, tools.public_url, only, at_once=at_once):
        counts.update(_ask_all(tools, due))
        if at_once or time.monotonic() - began > LONGEST_RUN:
            break
    return counts


def _claim(tools: Tools, public_url: str, only: Collection[int] | None, *, at_once: bool) -> list[websub.Subscription]:
    with tools.engine.begin() as conn:
        limit = len(only) if at_once and only is not None else BATCH
        base = public_url + PATH
        return websub.claim(conn, base=base, now=tools.now(), limit=limit, ids=only, asked=at_once)


def _ask_all(tools: Tools, due: Sequence[websub.Subscription]) -> Counts:
    counts: Counts = Counter()
    client = PoliteClient(tools.client(), PostgresPace(tools.engine), robots=None, min_pace=tools.min_pace)
    for subscription in due:
        try:
            ask(subscription, client, allowed=tools.allowed_hosts)
        except FetchError as error:
            counts["hub_failed"] += 1
            log.warning("hub=%s topic=%s code=%s %s", subscription.hub, subscription.topic, error.code, error.message)
            with tools.engine.begin() as conn:
                websub.failed(conn, subscription, code=error.code, message=error.message)
        else:
            counts["hub_asked"] += 1
    return counts


def subscribe(tools: Tools, ids: Collection[int]) -> list[int]:
    """Subscribe to these sources' hubs, now; return those that have a hub. Raises UserError where nobody can reach us."""
    return _change(tools, ids, wanted=True)


def unsubscribe(tools: Tools, ids: Collection[int]) -> list[int]:
    """End these subscriptions, now, and for good; return those that have a hub."""
    return _change(tools, ids, wanted=False)


def _change(tools: Tools, ids: Collection[int], *, wanted: bool) -> list[int]:
    if tools.public_url is None:
        raise UserError(
            "hubs cannot reach us: set DATELINE_PUBLIC_URL to the https address of the UI", code="no_public_url"
        )
    with tools.engine.begin() as conn:
        changed = websub.want(conn, ids, wanted=wanted, now=tools.now())
    keep(tools, only=changed, at_once=True)
    return changed


def ask(subscription: websub.Subscription, client: Poster, *, allowed: frozenset[str]) -> None:
    """Send a hub what is pending. Raises FetchError where it does not accept."""
    assert subscription.hub is not None
    assert subscription.callback is not None
    assert subscription.pending is not None
    form = {"hub.mode": subscription.pending, "hub.topic": subscription.topic, "hub.callback": subscription.callback}
    if subscription.pending == "subscribe":
        form |= {"hub.lease_seconds": f"{LEASE.total_seconds():.0f}", "hub.secret": subscription.secret}
    client.post(secure(subscription.hub, allowed), form)


def secure(hub: str, allowed: frozenset[str]) -> str:
    """Return a hub's address with TLS, even if it is named without: a secret travels to it. Allowed hosts may go without."""
    parts = urlsplit(hub)
    if parts.scheme.lower() == "https" or host_port(hub) in allowed:
        return hub
    netloc = parts.netloc.removesuffix(":80")
    return urlunsplit(("https", netloc, *parts[2:]))
