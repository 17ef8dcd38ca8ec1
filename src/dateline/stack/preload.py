"""Ready the scheduler before it forks its first task: load what tasks need, and wait for the server they talk to.

LocalExecutor forks its tasks from the scheduler, so each starts with everything loaded here, and shares its memory.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import socket
import time

from dateline.stack.ports import LOOPBACK

log = logging.getLogger(__name__)

# Slow to import, and used by most tasks. None of ours: a change of our code must reach the next task, not the next start.
MODULES = ("alembic", "psycopg", "requests", "sqlalchemy", "trafilatura", "spacy")
API_SECONDS = 90.0
LOOK_SECONDS = 0.2


def preload(port: int) -> None:
    """Import what tasks import, then wait until the api-server listens: a task that starts before it would fail."""
    began = time.monotonic()
    for name in MODULES:
        importlib.import_module(name)
    loaded = time.monotonic()
    waited = wait_for_listener(port, seconds=API_SECONDS)
    log.info("preloaded seconds=%.1f waited=%.1f", loaded - began, waited)


def wait_for_listener(port: int, *, seconds: float) -> float:
    """Wait until something listens on `port`, at most `seconds`; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            break
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began
