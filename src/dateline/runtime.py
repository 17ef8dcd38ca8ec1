"""Open what the pipeline works with, from Settings: the composition root."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import psutil

from dateline.settings import Settings
from dateline.store import frontier, migrate, registry, runs, sources
from dateline.store.codings import CoderVersions
from dateline.store.engine import open_engine
from dateline.tools import Tools
from dateline.types import Source

if TYPE_CHECKING:
    from dateline.maintenance import Maintained


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def worker_name() -> str:
    """Name this process so that another can tell whether it still lives: host, process id, start time."""
    process = psutil.Process()
    return f"{socket.gethostname()}:{process.pid}:{process.create_time():.2f}"


def is_dead(worker: str) -> bool:
    """Say whether `worker` was a process of this host that has ended. Of other hosts we cannot know: their leases end."""
    parts = worker.rsplit(":", 2)
    if len(parts) != len(("host", "pid", "start")) or parts[0] != socket.gethostname() or not parts[1].isdigit():
        return False
    try:
        return f"{psutil.Process(int(parts[1])).create_time():.2f}" != parts[2]
    except psutil.NoSuchProcess:
        return True


def coder_versions(settings: Settings) -> CoderVersions:
    """Name everything that decides what is read in a text; it stands on every coding."""
    from importlib.metadata import version

    from dateline.annotate.actors import load_registry
    from dateline.annotate.coding import coder_version
    from dateline.annotate.gazetteer import load_gazetteer

    return CoderVersions(
        coder=coder_version(),
        model=f"{settings.spacy_model}/{version(settings.spacy_model)}",
        actors=load_registry(settings.own_actors).version,
        gazetteer=load_gazetteer().version,
    )


@contextmanager
def open_tools(settings: Settings) -> Iterator[Tools]:
    """Open the engine, and on first use client and models; close them at the end.

    Raises DatabaseError where the database is missing or needs `dateline db upgrade`.
    """
    from dateline.annotate.nlp import load_nlp
    from dateline.fetch.client import Client
    from dateline.fetch.robots import Robots

    with ExitStack() as stack:
        engine = open_engine(settings.require_database_url())
        stack.callback(engine.dispose)
        migrate.require_head(engine)
        with engine.begin() as conn:
            frontier.release_workers(conn, is_dead)
            runs.close_dead(conn, is_dead, now=now())

        @cache
        def client() -> Client:
            return stack.enter_context(
                Client(user_agent=settings.user_agent, contact=settings.contact, allow_hosts=settings.allowed_hosts)
            )

        yield Tools(
            engine=engine,
            client=client,
            robots=cache(lambda: Robots(client())),
            nlp=cache(lambda: load_nlp(settings.spacy_model, own_actors=settings.own_actors)),
            versions=cache(lambda: coder_versions(settings)),
            now=now,
            worker=worker_name(),
            min_pace=settings.min_pace_seconds,
            workers=settings.workers,
            rng=Random(),  # noqa: S311 (jitter, not a secret)
            poll_between=(settings.poll_min_minutes, settings.poll_max_minutes),
            public_url=settings.public_url,
            allowed_hosts=settings.allowed_hosts,
        )


def prepare_database(settings: Settings) -> list[str]:
    """Bring the database to the newest schema, and our actors and places into it. Return the migrations applied."""
    from dateline.annotate.actors import load_registry
    from dateline.annotate.gazetteer import load_gazetteer

    engine = open_engine(settings.require_database_url(), role="owner")
    try:
        applied = migrate.upgrade(engine)
        with engine.begin() as conn:
            registry.sync_actors(conn, load_registry(settings.own_actors))
            registry.sync_places(conn, load_gazetteer())
    finally:
        engine.dispose()
    return applied


def maintain(tools: Tools, settings: Settings) -> Maintained:
    """Do the daily upkeep, as the schema's owner where that is needed."""
    from dateline import maintenance

    owner = open_engine(settings.require_database_url(), role="owner")
    days = settings.keep_pages_days
    try:
        return maintenance.maintain(
            tools, owner=owner, dead=is_dead, keep_pages=timedelta(days=days) if days is not None else None
        )
    finally:
        owner.dispose()


def save_sources(settings: Settings, found: Iterable[Source]) -> list[Source]:
    """Store sources; one that is known already keeps what we know of it."""
    with open_tools(settings) as tools, tools.engine.begin() as conn:
        return sources.save_sources(conn, found)


def waiting(settings: Settings) -> dict[str, int]:
    """Return how many tickets wait now, by state."""
    with open_tools(settings) as tools, tools.engine.begin() as conn:
        return {str(state): count for state, count in frontier.waiting(conn, now=tools.now()).items()}
