"""Hold what the stages need of the world, and keep account of their runs."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from dateline.errors import ArticleError
from dateline.fetch.client import Client
from dateline.fetch.robots import Robots
from dateline.store import codings, runs
from dateline.text import storable
from dateline.types import Rejected, Ticket

if TYPE_CHECKING:
    from spacy.language import Language  # takes a second to import; who looks at sources needs no model

log = logging.getLogger(__name__)

Counts = Counter[str]

LEASE = timedelta(minutes=15)  # longer than any batch takes; a killed worker's tickets come back after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Be what `runtime` opens for a run. Client and models are made on first use."""

    engine: Engine
    client: Callable[[], Client]
    robots: Callable[[], Robots]
    nlp: Callable[[], Language]
    versions: Callable[[], codings.CoderVersions]
    now: Callable[[], datetime]
    worker: str  # names host and process, so that the tickets of a dead one can be freed
    min_pace: float  # seconds between two requests to one host and port
    workers: int = 1  # processes for extraction
    rng: Random
    poll_between: tuple[int, int] = (10, 1440)  # minutes: bounds of the adapted interval between two looks
    public_url: str | None = None  # by which hubs reach us; None: no WebSub
    allowed_hosts: frozenset[str] = frozenset()  # host:port that may be asked although private, or without TLS


@contextmanager
def run_of(tools: Tools, stage: str, *, versions: Mapping[str, str] | None = None) -> Iterator[Counts]:
    """Keep a row in `runs` for one run of a stage, and say in one log line how it ended. `versions`: what it did it with."""
    counts: Counts = Counter()
    began = time.monotonic()
    with tools.engine.begin() as conn:
        run = runs.start_run(conn, stage, now=tools.now(), versions=versions or {}, worker=tools.worker)
    fault: str | None = "it was ended"
    try:
        yield counts
        fault = None
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
        raise
    finally:
        ok = fault is None
        with tools.engine.begin() as conn:
            runs.finish_run(conn, run, counts=counts, now=tools.now(), ok=ok, message=storable(fault or "") or None)
        said = " ".join(f"{name}={number}" for name, number in sorted(counts.items()))
        log.info("stage=%s ok=%s seconds=%.1f %s", stage, ok, time.monotonic() - began, said)


def rejected(error: ArticleError, ticket: Ticket) -> Rejected:
    """Turn the error that ended a ticket into its row in `rejects`."""
    return Rejected(
        stage=error.stage,
        code=error.code,
        message=error.message,
        url=ticket.url,
        ticket_id=ticket.id,
        source_id=ticket.source_id,
        text_id=ticket.text_id,
    )
