"""Start and stop a stack from outside: launch its supervisor, follow it, end it, and clear what a killed one left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from dateline.errors import StackError
from dateline.settings import load_settings
from dateline.stack.binaries import find_binaries
from dateline.stack.checkout import find_checkout
from dateline.stack.files import locked
from dateline.stack.home import MARKER, Home, open_home
from dateline.stack.metadata import airflow_version
from dateline.stack.postgres import Postgres
from dateline.stack.processes import kill_all, marked, wait_gone
from dateline.stack.status import StackStatus, is_locked, read_status, supervisor_of

FOLLOW_SECONDS = 0.15  # between two looks at a stack that starts or stops
LAUNCH_SECONDS = 15.0  # until a new supervisor must have said its first word
STOP_SECONDS = 60.0  # for a supervisor to stop everything
LEFT_SECONDS = 5.0  # for what a killed supervisor left behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """Say how `launch` found the stack: `already` up or on its way, or started by us. `pid` is its supervisor."""

    home: Home
    already: bool
    pid: int | None


def launch(path: Path) -> Launched:
    """Start a supervisor for the stack in `path` unless one lives. Returns at once; `follow` tells how it goes on.

    Raises StackError or SettingsError where it is clear from here that it cannot start.
    """
    settings = load_settings(home=path)
    home = open_home(path)
    if (status := read_status(home)).alive:
        return Launched(home=home, already=True, pid=status.pid)
    find_checkout()
    airflow_version()
    if not settings.database_url:
        find_binaries(settings.postgres_version)
    home.create()
    with locked(home.control):
        if (status := read_status(home)).alive:  # somebody was faster
            return Launched(home=home, already=True, pid=status.pid)
        home.status.unlink(missing_ok=True)  # what an earlier supervisor said is no longer true
        try:
            pid = _spawn(home)
        except BaseException:  # Ctrl-C too: nobody would know of what was started
            _stop(home, lambda _: None)
            raise
    return Launched(home=home, already=False, pid=pid)


def _spawn(home: Home) -> int:
    """Start the supervisor and wait for its first word; return its pid."""
    with home.log_of("supervisor").open("ab") as out:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "dateline.stack.supervisor", str(home.path)],
            cwd=Path.cwd(),
            env={**os.environ, MARKER: home.id},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + LAUNCH_SECONDS
    while not home.status.exists():
        if child.poll() is not None or time.monotonic() > end:
            raise StackError(f"the supervisor did not start; see {home.log_of('supervisor')}")
        time.sleep(FOLLOW_SECONDS)
    return child.pid


def follow(home: Home) -> Iterator[StackStatus]:
    """Yield how the stack stands, again and again, until it is up or partly up.

    Raises StackError where the start fails; everything is stopped then.
    """
    while True:
        status = read_status(home)
        yield status
        if status.phase in ("up", "partly"):
            return
        if status.phase in ("failed", "down", "crashed") and not is_locked(home):
            stop(home)
            gone = "it was stopped meanwhile" if status.phase == "down" else "its supervisor has gone"
            reason = status.message or f"{gone}; see {home.log_of('supervisor')}"
            raise StackError(f"the stack did not start: {reason}")
        time.sleep(FOLLOW_SECONDS)


def stop(home: Home, *, pid: int | None = None, tell: Callable[[str], None] = lambda _: None) -> bool:
    """Stop the stack and whatever is left of it. Return whether there was anything to stop.

    With `pid` only the stack that this supervisor has, or had: one that was started since is not ours to stop.
    """
    if not home.path.is_dir():
        return False
    with locked(home.control):
        if pid is not None and read_status(home).pid not in (None, pid):
            return False
        return _stop(home, tell)


def _stop(home: Home, tell: Callable[[str], None]) -> bool:
    supervisor = supervisor_of(home)
    anything = supervisor is not None
    if supervisor:
        tell("stopping: running tasks get a few seconds to end")
        supervisor.terminate()
        if wait_gone([supervisor], STOP_SECONDS):
            tell("the supervisor does not stop; ending it by force")
            kill_all([supervisor])
    left = marked(home.id)
    if left:
        anything = True
        tell(f"ending {len(left)} processes that were left behind")
        for process in left:
            _terminate(process)
        kill_all(wait_gone(left, LEFT_SECONDS))
    server = Postgres(home.path)
    if server.process():
        anything = True
        server.stop()
    if read_status(home).phase in ("crashed", "failed"):
        home.status.unlink(missing_ok=True)
    return anything


def processes(home: Home) -> list[psutil.Process]:
    """Return every living process of the stack, Postgres included."""
    server = Postgres(home.path).process()
    return [*marked(home.id), *([server, *server.children(recursive=True)] if server else [])]


def _terminate(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return
