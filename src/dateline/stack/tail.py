"""Show the end of log files, and go on as they grow."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from dateline.errors import StackError
from dateline.stack.components import AIRFLOW, log_files
from dateline.stack.home import Home

COMPONENTS = ("postgres", "newsroom", *AIRFLOW, "supervisor", "schema", "airflow-database")
LOOK_SECONDS = 0.3


def component_logs(home: Home, component: str) -> list[Path]:
    """Return a component's log files, oldest first; without a component, the file of what happened to them all."""
    if not component:
        return [home.events]
    if component not in COMPONENTS:
        raise StackError(f"no component {component!r}: it is one of {', '.join(COMPONENTS)}")
    files = log_files(home, component)
    if not files:
        raise StackError(f"{component} has written nothing in {home.logs} yet")
    return files


def tail(
    files: Sequence[Path], *, lines: int, follow: bool, out: TextIO, until: Callable[[], bool] = lambda: False
) -> None:
    """Write the last `lines` lines; with `follow`, also each new one until `until` says that it is enough."""
    last: deque[str] = deque(maxlen=lines)
    place = 0
    for path in files:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                last.extend(file)
                place = file.tell()
    out.writelines(readable(line) for line in last)
    out.flush()
    while follow and not until():
        time.sleep(LOOK_SECONDS)
        place = _more(files[-1], place, out)


def readable(line: str) -> str:
    """Turn a line of the event file into words; leave any other as it is."""
    if not line.startswith('{"at"'):
        return line
    try:
        event = json.loads(line)
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event["at"]))
        return f"{when} {event['component']} {event['event']} {event['message']}\n"
    except (ValueError, KeyError, TypeError):
        return line


def _more(path: Path, place: int, out: TextIO) -> int:
    """Write what has come since `place`; a file that became shorter was set aside, and is read from its start."""
    if not path.exists():
        return 0
    if path.stat().st_size < place:
        place = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        file.seek(place)
        out.writelines(readable(line) for line in file)
        out.flush()
        return file.tell()
