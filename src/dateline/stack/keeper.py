"""Keep programs running: notice that one has ended, say so, start it again with growing pauses, and give up in the end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dateline.stack.service import Service

State = Literal["waiting", "starting", "up", "restarting", "failed", "stopped"]
Say = Callable[[str, str, str], None]  # component, what happened, message

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each new try; after the last one we give up
STEADY = 300.0  # seconds up after which earlier crashes are forgotten
LOG_BYTES = 10_000_000  # a log file longer than this is set aside; one older file is kept


@dataclass(slots=True)
class Kept:
    """Hold what the keeper knows of one service."""

    name: str
    service: Service
    address: str | None = None
    log: Path | None = None
    patience: float = 120.0  # seconds it may take to become ready
    state: State = "waiting"
    since: float = 0.0  # clock
    at: float = field(default_factory=time.time)  # wall clock, for people
    crashes: int = 0  # since it was last steady
    restarts: int = 0  # in all
    message: str = ""
    crash: str = ""  # how it last ended by itself

    def row(self) -> dict[str, Any]:
        """Return what the status file says of it."""
        pid = self.service.pid()
        return {
            "name": self.name,
            "state": self.state,
            "pid": pid,
            "since": self.at,
            "restarts": self.restarts,
            "address": self.address,
            "log": str(self.log) if self.log else None,
            "message": self.message,
            "crash": self.crash,
        }


class Keeper:
    """Start services, watch them and stop them. `say` hears of everything that happens; `clock` counts seconds."""

    def __init__(
        self, *, say: Say, clock: Callable[[], float] = time.monotonic, pauses: Sequence[float] = PAUSES
    ) -> None:
        self.say = say
        self.clock = clock
        self.pauses = tuple(pauses)
        self.kept: dict[str, Kept] = {}

    def add(self, kept: Kept) -> None:
        """Take a service into care; it is not started yet."""
        self.kept[kept.name] = kept

    def start(self, *names: str) -> None:
        """Launch services for the first time. What keeps one from being launched at all is raised."""
        for name in names:
            self._enter(self.kept[name], "starting")
            self.kept[name].service.launch()

    def step(self) -> None:
        """Look at every service once, and do what is due."""
        for kept in self.kept.values():
            if kept.state in ("starting", "up"):
                self._watch(kept)
            elif kept.state == "restarting" and self.clock() >= kept.since:
                kept.restarts += 1
                self._launch(kept)
            if kept.log:
                set_aside(kept.log)

    def all_up(self, *names: str) -> bool:
        """Say whether all (or the named ones) are up."""
        return all(kept.state == "up" for kept in self.kept.values() if not names or kept.name in names)

    def failed(self) -> list[Kept]:
        """Return those that were given up."""
        return [kept for kept in self.kept.values() if kept.state == "failed"]

    def stop(self, patience: Mapping[str, float]) -> None:
        """Ask services to end, all at once, give each its seconds, and leave nothing of them behind."""
        chosen = [(self.kept[name], seconds) for name, seconds in patience.items() if name in self.kept]
        for kept, _ in chosen:
            kept.service.signal()
        began = self.clock()
        for kept, seconds in sorted(chosen, key=lambda pair: pair[1]):
            kept.service.clean(max(0.0, began + seconds - self.clock()))
            self.say(kept.name, "stopped", f"after {self.clock() - began:.1f} s")
            if kept.state != "failed":
                self._enter(kept, "stopped")

    def _launch(self, kept: Kept) -> None:
        self._enter(kept, "starting")
        try:
            kept.service.launch()
        except Exception as error:  # noqa: BLE001 (whatever it is, the others go on, and it is said)
            self._crashed(kept, str(error))

    def _watch(self, kept: Kept) -> None:
        how = kept.service.ended()
        age = self.clock() - kept.since
        if how is not None:
            kept.service.clean(0)
            self._crashed(kept, how)
        elif kept.state == "up":
            if kept.crashes and age > STEADY:
                kept.crashes = 0
        elif kept.service.ready():
            self._enter(kept, "up", "")
            self.say(kept.name, "up", f"after {age:.1f} s")
        elif age > kept.patience:
            kept.service.signal()
            kept.service.clean(5)
            self._crashed(kept, f"not ready after {kept.patience:.0f} s")

    def _crashed(self, kept: Kept, how: str) -> None:
        where = f"; see {kept.log}" if kept.log else ""
        kept.crash = how
        if kept.crashes >= len(self.pauses):
            self._enter(kept, "failed", f"{how}; gave up after {kept.crashes + 1} tries")
            self.say(kept.name, "failed", kept.message + where)
            return
        pause = self.pauses[kept.crashes]
        kept.crashes += 1
        self._enter(kept, "restarting", how)
        kept.since = self.clock() + pause
        self.say(kept.name, "crashed", f"{how}; starting again in {pause:g} s{where}")

    def _enter(self, kept: Kept, state: State, message: str | None = None) -> None:
        kept.state = state
        kept.since = self.clock()
        kept.at = time.time()
        if message is not None:
            kept.message = message


def set_aside(log: Path, limit: int = LOG_BYTES) -> None:
    """Bound a log file that a program appends to: copy it to `.1` and empty it. The program goes on writing."""
    try:
        if log.stat().st_size <= limit:
            return
        older = log.with_name(log.name + ".1")
        older.write_bytes(log.read_bytes())
        os.truncate(log, 0)
    except OSError:
        return  # a full disk or a vanished file must not end the supervisor
