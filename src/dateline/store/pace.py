"""Keep hosts' turns in Postgres, so that a pace holds across all workers. The server's clock decides."""

from __future__ import annotations

import uuid

from sqlalchemy import Engine, text

from dateline.store.rows import clean

LONGEST_HOST = 300  # a name has 253 characters at most; what is longer shares a turn

_ACQUIRE = text("""
    insert into dateline.host_pace as p (host, free_at, holder)
    values (:host, clock_timestamp() + make_interval(secs => :hold), :token)
    on conflict (host) do update set free_at = excluded.free_at, holder = excluded.holder
        where p.free_at <= clock_timestamp()
    returning 1
""")

_WAIT = text("""
    select greatest(extract(epoch from free_at - clock_timestamp()), 0)::float8 from dateline.host_pace where host = :host
""")

_RELEASE = text("""
    update dateline.host_pace set free_at = clock_timestamp() + make_interval(secs => :delay), holder = null
    where host = :host and holder = :token
""")

SOON = 0.01  # seconds: the host came free while we looked


class PostgresPace:
    """Implement `types.HostPace` on the table `host_pace`; one object may serve many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tokens: dict[str, str] = {}  # a hold that ran out must not be released over its next holder's head

    def acquire(self, host: str, *, hold: float) -> float:
        """Take `host` for at most `hold` seconds. Return 0.0 when taken, else the seconds to wait before trying again."""
        name, token = _name(host), uuid.uuid4().hex
        with self._engine.begin() as conn:
            if conn.execute(_ACQUIRE, {"host": name, "hold": hold, "token": token}).first():
                self._tokens[name] = token
                return 0.0
            return max(float(conn.execute(_WAIT, {"host": name}).scalar() or 0.0), SOON)

    def release(self, host: str, *, delay: float) -> None:
        """Give `host` back; nobody may ask it again for `delay` seconds."""
        name = _name(host)
        token = self._tokens.pop(name, None)
        if token is None:
            return
        with self._engine.begin() as conn:
            conn.execute(_RELEASE, {"host": name, "delay": delay, "token": token})


def _name(host: str) -> str:
    return clean(host.lower())[:LONGEST_HOST]
