"""Open what the pipeline works with, from Settings: the composition root."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from random import Random

import psutil
from sqlalchemy import Engine

from dateline.pipeline import Tools
from dateline.settings import Settings
from dateline.store import frontier, migrate, registry, sources
from dateline.store.codings import CoderVersions
from dateline.store.engine import open_engine
from dateline.types import Source


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def worker_name() -> str:
    """Name this process so that another can tell whether it still lives: host, process id, start time."""
    process = psutil.Process()
    return f"{socket.gethostname()}:{process.pid}:{process.create_time():.2f}"


def is_dead(worker: str) -> bool:
    """Say whether `worker` was a process of this host that has ended. Of other hosts we cannot know: their leases end."""
    host, _, rest = worker.rpartition(":")
    host, _, pid = host.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" != rest
    except psutil.NoSuchProcess:
        return True


@contextmanager
def open_tools(settings: Settings) -> Iterator[Tools]:
    """Open engine, client and pipeline; close them at the end. Models are loaded on first use only.

    Raises DatabaseError where the database is missing or needs `dateline db upgrade`.
    """
    with ExitStack() as stack:
        engine = open_engine(settings.require_database_url())
        stack.callback(engine.dispose)
        migrate.require_head(engine)
        with engine.begin() as conn:
            frontier.release_workers(conn, is_dead)
        yield Tools(
            engine=engine,
            client=cache(lambda: stack.enter_context(_client(settings))),
            robots=cache(lambda: _robots(stack, settings)),
            nlp=cache(lambda: _nlp(settings)),
            versions=cache(lambda: _versions(settings)),
            now=now,
            worker=worker_name(),
            min_pace=settings.min_pace_seconds,
            workers=settings.workers,
            rng=Random(),  # noqa: S311 (jitter, not a secret)
        )
