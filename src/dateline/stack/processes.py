"""Look at processes and end them: whole families, also where nobody reaps the dead."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

from dateline.stack.home import COMPONENT, MARKER

CLOCK_SLACK = 5.0  # seconds by which a start time read elsewhere may differ
POLL_SECONDS = 0.02


def find_process(pid: int, started: float) -> psutil.Process | None:
    """Return the living process with that pid and start time; a pid that is somebody else's by now is None."""
    try:
        process = psutil.Process(pid)
        if is_alive(process) and abs(process.create_time() - started) < CLOCK_SLACK:
            return process
    except psutil.NoSuchProcess:
        pass
    return None


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process still does anything. A zombie does not: in a container it may wait for ever to be reaped."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and all that descend from it."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def wait_gone(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until all have ended; return those that have not."""
    end = time.monotonic() + seconds
    left = [process for process in processes if is_alive(process)]
    while left and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        left = [process for process in left if is_alive(process)]
    return left


def kill_all(processes: Sequence[psutil.Process], seconds: float = 5) -> list[psutil.Process]:
    """Kill processes that would not end by themselves; return those that even that did not end."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    return wait_gone(processes, seconds)


def marked(mark: str, *, component: str | None = None) -> list[psutil.Process]:
    """Return all processes whose environment carries a stack's mark, children of dead parents too, but not ourselves."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except (psutil.Error, OSError):
            continue
        ours = mark and environment.get(MARKER) == mark and process.pid != os.getpid()
        if ours and (component is None or environment.get(COMPONENT) == component) and is_alive(process):
            found.append(process)
    return found


def working_in(folder: Path) -> list[psutil.Process]:
    """Return all living processes whose current folder is `folder`."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()) == folder and is_alive(process):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
