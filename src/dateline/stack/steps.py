"""Run programs that must succeed once before the stack is up."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dateline.stack.home import COMPONENT, Home

TAIL_BYTES = 2000  # of what a failed step said


@dataclass(slots=True)
class Step:
    """Hold a program that must succeed once before the stack is up."""

    name: str
    child: subprocess.Popen[bytes]
    log: Path

    def failure(self) -> str | None:
        """Return what a failed step said last; None while it runs and when it succeeded."""
        if self.child.poll() in (None, 0):
            return None
        said = self.log.read_bytes()[-TAIL_BYTES:].decode("utf-8", "replace").strip().splitlines()
        return f"{self.name} failed: {said[-1] if said else 'it said nothing'} (see {self.log})"


def begin_step(home: Home, name: str, argv: Sequence[str], env: Mapping[str, str]) -> Step:
    """Start a step; what it says goes to a log of its own."""
    path = home.log_of(name.replace(" ", "-"))
    with path.open("wb") as out:
        child = subprocess.Popen(
            list(argv),
            cwd=home.path,
            env={**env, COMPONENT: name},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Step(name, child, path)
