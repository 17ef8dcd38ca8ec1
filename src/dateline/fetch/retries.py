"""Decide when a page that could not be had is asked for again: pure, by the class of its error."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateline.errors import FetchError

JITTER = 0.25  # so that pages which failed together do not come back together


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how often to try in all, how long to wait the first time, and by how much longer each further time."""

    tries: int
    first: timedelta
    factor: float
    longest: timedelta = timedelta(days=2)


NETWORK = Patience(6, timedelta(minutes=5), 3)
SERVER = Patience(8, timedelta(minutes=10), 2)
REFUSED = Patience(3, timedelta(hours=6), 4)  # a second visit at once makes a block longer
ABSENT = Patience(1, timedelta(hours=1), 1)  # final: a page that its feed ran ahead of can be queued again

PATIENCE: dict[str, Patience] = {
    "dns": NETWORK,
    "connect": NETWORK,
    "tls": Patience(4, timedelta(hours=1), 4),  # certificates are mended by people
    "timeout": NETWORK,
    "too_slow": Patience(4, timedelta(minutes=30), 3),
    "truncated": NETWORK,
    "bad_response": Patience(3, timedelta(minutes=30), 3),
    "empty": Patience(3, timedelta(minutes=30), 3),
    "server_error": SERVER,
    "rate_limited": Patience(10, timedelta(minutes=15), 2),
    "robots": Patience(5, timedelta(minutes=30), 3),
    "blocked": REFUSED,
    "challenge": REFUSED,
    "consent": REFUSED,
    "not_found": ABSENT,
    "soft_404": ABSENT,
}
OTHER = Patience(3, timedelta(minutes=30), 3)


def next_attempt(error: FetchError, attempts: int, *, now: datetime, rng: random.Random) -> datetime | None:
    """Return when to try again after `attempts` earlier tries and this one, or None where that is the end.

    What the server asked for (Retry-After) is obeyed where it is longer. A host that rests was not asked, so that is no try.
    """
    if not error.retry:
        return None
    jitter = 1 + rng.uniform(-JITTER, JITTER)
    asked = error.after or timedelta()
    if error.code == "resting":
        return now + asked * max(1.0, jitter)
    patience = PATIENCE.get(error.code, OTHER)
    if attempts + 1 >= patience.tries:
        return None
    wait = min(patience.first * patience.factor**attempts, patience.longest) * jitter
    return now + max(wait, asked)
