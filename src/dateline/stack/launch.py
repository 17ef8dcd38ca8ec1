"""Become an Airflow component: `python -m dateline.stack.launch scheduler …` is `airflow scheduler …`, better prepared.

The collector rests while the component starts: a fifth of a start is garbage collection, over objects that all stay.
The scheduler loads what tasks need, because LocalExecutor forks them from it: each starts with everything loaded, and
shares its memory. And it waits for the server that tasks talk to: one that starts before it would fail.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import runpy
import socket
import sys
import time

from dateline.stack.ports import LOOPBACK

log = logging.getLogger(__name__)

WAIT_FOR = "DATELINE_WAIT_FOR_PORT"  # in the environment of the scheduler: the api-server's port
RESTING = (200_000, 50, 100)  # allocations before a collection, and how many of them make a deeper one
START_SECONDS = 45.0  # after which the collector works as usual
# Slow to import, and used by most tasks. None of ours: a change of our code must reach the next task, not the next start.
TASK_MODULES = ("alembic", "psycopg", "requests", "sqlalchemy", "trafilatura", "spacy")
SCHEDULER_MODULES = ("airflow", "airflow.jobs.scheduler_job_runner", "airflow.executors.local_executor")
LISTEN_SECONDS = 90.0  # the api-server takes longest to start; after this we go on without it
LOOK_SECONDS = 0.2


def main(argv: list[str]) -> None:
    """Run Airflow's command line in this process."""
    rest_collector()
    if port := os.environ.get(WAIT_FOR):
        for name in (*SCHEDULER_MODULES, *TASK_MODULES):
            importlib.import_module(name)
        wait_for_listener(int(port), seconds=LISTEN_SECONDS)
    sys.argv = ["airflow", *argv]
    runpy.run_module("airflow", run_name="__main__", alter_sys=False)


def rest_collector(*, seconds: float = START_SECONDS) -> None:
    """Collect garbage seldom for a while. What was made meanwhile is then left out of all collections."""
    usual = gc.get_threshold()
    end = time.monotonic() + seconds

    def wake(phase: str, _: dict[str, int]) -> None:
        if phase == "stop" and time.monotonic() > end:
            gc.callbacks.remove(wake)
            gc.set_threshold(*usual)
            gc.freeze()

    gc.set_threshold(*RESTING)
    gc.callbacks.append(wake)


def wait_for_listener(port: int, *, seconds: float) -> float:
    """Wait until something listens on `port`, at most `seconds`; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            break
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


if __name__ == "__main__":
    main(sys.argv[1:])
