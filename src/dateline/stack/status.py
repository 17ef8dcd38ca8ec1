"""Read how a stack stands: from the supervisor's file, checked against the processes that really live."""

from __future__ import annotations

import fcntl
import time
from dataclasses import dataclass
from typing import Any, Literal, TextIO

import psutil

from dateline.errors import StackError
from dateline.stack.files import read_json
from dateline.stack.home import Home
from dateline.stack.processes import find_process

LOCK_SECONDS = 2.0  # whoever asks how the stack stands holds the lock for an instant
LOCK_LOOK_SECONDS = 0.1

Phase = Literal["down", "starting", "up", "partly", "stopping", "failed", "crashed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackStatus:
    """Say how a stack stands. `crashed`: its supervisor has gone without stopping it."""

    phase: Phase
    pid: int | None = None
    message: str = ""
    components: tuple[dict[str, Any], ...] = ()
    steps: tuple[str, ...] = ()
    url: str | None = None

    @property
    def alive(self) -> bool:
        """Say whether a supervisor looks after the stack."""
        return self.phase in ("starting", "up", "partly", "stopping")


def read_status(home: Home) -> StackStatus:
    """Return how the stack stands now."""
    content = read_json(home.status)
    supervisor = supervisor_of(home, content)
    said: Phase = content.get("phase", "down")
    rows = tuple(content.get("components", ()))
    if supervisor is None and said not in ("down", "failed"):
        said = "crashed"
        rows = tuple({**row, "state": _left(row)} for row in rows)
    return StackStatus(
        phase=said,
        pid=supervisor.pid if supervisor else None,
        message=content.get("message", ""),
        components=rows,
        steps=tuple(content.get("steps", ())),
        url=content.get("url"),
    )


def supervisor_of(home: Home, content: dict[str, Any] | None = None) -> psutil.Process | None:
    """Return the living supervisor: its file names a process with that start time, and it holds the lock."""
    content = read_json(home.status) if content is None else content
    if not is_locked(home):
        return None  # whatever has its pid now is somebody else
    try:
        return find_process(int(content["pid"]), float(content["started"]))
    except (KeyError, TypeError, ValueError):
        return None


def is_locked(home: Home) -> bool:
    """Say whether a supervisor lives: it holds its lock until it ends, however it ends."""
    try:
        with home.lock.open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    except PermissionError as error:
        raise StackError(
            f"{home.path} belongs to another user: run as the user who started the stack, or set DATELINE_HOME"
        ) from error
    return False


def _left(row: dict[str, Any]) -> str:
    return "left" if row.get("pid") and psutil.pid_exists(row["pid"]) else "gone"


def take_lock(home: Home) -> TextIO | None:
    """Lock the home for as long as the returned file stays open; None where another supervisor has it."""
    file = home.lock.open("a", encoding="utf-8")
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                file.close()
                return None
            time.sleep(LOCK_LOOK_SECONDS)
        else:
            return file
