"""Start, watch and end one program of the stack."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import psutil

from dateline.stack.home import COMPONENT, MARKER
from dateline.stack.processes import family, is_alive, kill_all, marked


class Service(Protocol):
    """Be something that can be started, watched and stopped."""

    def launch(self) -> None:
        """Start it; do not wait until it is ready."""

    def pid(self) -> int | None:
        """Return its process, or None where it does not run."""

    def ready(self) -> bool:
        """Say whether it answers."""

    def ended(self) -> str | None:
        """Say how it ended, None while it runs."""

    def signal(self) -> None:
        """Ask it to end."""

    def clean(self, seconds: float) -> None:
        """Wait at most `seconds` for it to end, then kill it and all that it has left behind."""


class Program:
    """Run a child process as a service. Its output goes to `log`; all its descendants carry the stack's mark."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
        answers: Callable[[float], bool],
        before: Callable[[], None] | None = None,
    ) -> None:
        self.argv = list(argv)
        self.log = log
        self.env = dict(env)
        self.cwd = cwd
        self.answers = answers  # given the time of launch, says whether the program answers
        self.before = before  # done just before each launch
        self.launched = 0.0
        self.child: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start the program in a session of its own, so that a terminal's Ctrl-C does not reach it."""
        if self.before:
            self.before()
        self.launched = time.time()
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                self.argv,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def pid(self) -> int | None:
        """Return the child's pid while it runs."""
        return self.child.pid if self.child and self.child.poll() is None else None

    def ready(self) -> bool:
        """Ask the program whether it answers."""
        return self.answers(self.launched)

    def ended(self) -> str | None:
        """Say how the program ended."""
        code = self.child.poll() if self.child else 0
        if code is None:
            return None
        return f"ended with status {code}" if code >= 0 else f"killed by signal {-code}"

    def signal(self) -> None:
        """Ask the program to end."""
        if self.pid() is not None and self.child:
            self.child.terminate()

    def clean(self, seconds: float) -> None:
        """Wait for the program, then end whatever it has left behind, orphans too."""
        relatives: list[psutil.Process] = []
        if self.child:
            try:
                relatives = family(psutil.Process(self.child.pid))
                self.child.wait(seconds)
            except (psutil.NoSuchProcess, subprocess.TimeoutExpired):
                pass
        mine = marked(self.env.get(MARKER, ""), component=self.env.get(COMPONENT))
        known = {process.pid for process in mine}
        kill_all([*mine, *(process for process in relatives if process.pid not in known and is_alive(process))])
        if self.child:
            self.child.poll()  # reaps it
