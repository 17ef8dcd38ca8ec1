"""Send one round through Airflow: trigger `discover`, and wait until `ingest` has taken all that it found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg

from dateline.errors import StackError
from dateline.stack.metadata import plain_url
from dateline.stack.rest import ACTIVE, Airflow

LOOK_SECONDS = 0.5
DAGS_SECONDS = 90.0  # until the DAG files must have been read
WAKES = 3  # runs of `ingest` that we start ourselves for what is left on the frontier
SOON_SECONDS = 120.0  # a retry that is due sooner is waited for
FEW = 5  # failures that are listed
ERROR_LENGTH = 300

LEFT = """
    SELECT count(*), coalesce(extract(epoch FROM min(next_attempt_at) - now()), 0)
    FROM dateline.frontier WHERE state <> 'done'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Say for how many seconds without any run at work we wait, and for what."""

    settle: float = 1.0  # before a finished round is believed to be finished
    wake: float = 5.0  # before we start `ingest` ourselves, because something waits
    follow: float = 15.0  # in which a run of `ingest` must have followed `discover`


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Count the references without an outcome, and say when the first of them is due."""

    count: int
    due_in: float  # seconds; 0: now


@dataclass(slots=True, kw_only=True)
class Round:
    """Hold what one round did: the last known task states, and what failed."""

    began: datetime
    tasks: dict[tuple[str, str, str, int], str] = field(default_factory=dict)  # (dag, run, task, map index) → state
    runs: dict[tuple[str, str], str] = field(default_factory=dict)  # (dag, run) → state
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Say whether all of it worked."""
        return not self.problems

    def ended(self, dag_id: str) -> bool:
        """Say whether a run of the DAG was seen to end."""
        return any(dag == dag_id and state not in ACTIVE for (dag, _), state in self.runs.items())

    def failed(self) -> list[tuple[str, str]]:
        """Return the runs that failed: DAG and run id."""
        return [key for key, state in self.runs.items() if state == "failed"]


Next = Literal["wait", "wake", "end"]
Tell = Callable[[str, str, str, float], None]  # dag, task, state, seconds


def wait_for_dags(airflow: Airflow, *dag_ids: str, seconds: float = DAGS_SECONDS) -> None:
    """Wait until Airflow knows the DAGs, and let them run. Raises StackError, naming the file that could not be read."""
    end = time.monotonic() + seconds
    for dag_id in dag_ids:
        while (found := airflow.dag(dag_id)) is None or found.get("has_import_errors"):
            errors = airflow.import_errors()
            if errors:
                raise StackError(f"a DAG file cannot be read: {errors[0]}")
            if time.monotonic() > end:
                raise StackError(f"Airflow has not found the DAG {dag_id}: `dateline stack logs dag-processor`")
            time.sleep(LOOK_SECONDS)
        if found["is_paused"]:
            airflow.unpause(dag_id)


def play_round(
    airflow: Airflow, *, database_url: str, logs: Path, tell: Tell, seconds: float, patience: Patience = Patience()
) -> Round:
    """Trigger `discover` and wait for it and for every run of `ingest` that follows. Raises StackError on time-out."""
    end = time.monotonic() + seconds
    done = Round(began=datetime.now(UTC))
    wait_for_dags(airflow, "discover", "ingest")
    done.runs["discover", airflow.trigger("discover")] = "queued"
    quiet_since = time.monotonic()
    wakes = 0
    while True:
        active = [look_at(airflow, dag_id, done, tell) for dag_id in ("discover", "ingest")]
        if any(active) or airflow.waits_for_run("ingest"):
            quiet_since = time.monotonic()
        else:
            left = unfinished(database_url)
            step = decide(left, done, quiet=time.monotonic() - quiet_since, wakes=wakes, patience=patience)
            if step == "end":
                break
            if step == "wake":
                wakes += 1
                done.runs["ingest", airflow.trigger("ingest")] = "queued"
        if time.monotonic() > end:
            raise StackError(f"not done after {seconds:.0f} s: {_at_work(done)}; give it more --minutes, or see the UI")
        time.sleep(LOOK_SECONDS)
    done.problems += failures(airflow, done, logs)
    if left.count:
        when = f"the first is due in {left.due_in:.0f} s" if left.due_in > 0 else "`ingest` does not take them"
        done.problems.append(f"{left.count} references have no outcome yet: {when}")
    if not done.ended("ingest"):
        done.problems.append("no run of `ingest` followed `discover`")
    return done


def decide(left: Unfinished, done: Round, *, quiet: float, wakes: int, patience: Patience) -> Next:
    """Say what to do when no run is at work, `quiet` seconds after the last one was: wait, start `ingest`, or end."""
    if quiet < patience.settle:
        return "wait"
    if left.count == 0:
        return "end" if done.ended("ingest") or done.failed() or quiet > patience.follow else "wait"
    if left.due_in > 0:
        return "wait" if left.due_in <= SOON_SECONDS else "end"
    if quiet < patience.wake:
        return "wait"
    again = wakes < WAKES and not any(dag_id == "ingest" for dag_id, _ in done.failed())
    return "wake" if again else "end"


def look_at(airflow: Airflow, dag_id: str, done: Round, tell: Tell) -> bool:
    """Note how this round's runs of a DAG stand, tell what changed, and say whether any is at work."""
    working = False
    for run in reversed(airflow.runs(dag_id)):
        run_id, state = run["dag_run_id"], run["state"]
        key = (dag_id, run_id)
        new = datetime.fromisoformat(run["run_after"]) >= done.began or state in ACTIVE
        if not (new or key in done.runs):
            continue
        working = working or state in ACTIVE
        if done.runs.get(key) in (None, *ACTIVE):
            name = f"{dag_id} (scheduled)" if run.get("run_type") == "scheduled" else dag_id
            for task in airflow.tasks(dag_id, run_id):
                _note(done, (name, dag_id, run_id), task, tell)
            if state not in ACTIVE:
                tell(name, "", state, run.get("duration") or 0.0)
        done.runs[key] = state
    return working


def unfinished(database_url: str) -> Unfinished:
    """Count the references on the frontier that have no outcome yet."""
    with psycopg.connect(plain_url(database_url)) as connection:
        row = connection.execute(LEFT).fetchone()
    assert row is not None
    return Unfinished(count=row[0], due_in=max(0.0, float(row[1])))


def failures(airflow: Airflow, done: Round, logs: Path) -> list[str]:
    """Say which tasks of this round failed, and where their logs are."""
    lines = []
    for dag_id, run_id in done.failed():
        for task in airflow.tasks(dag_id, run_id):
            if task["state"] == "failed":
                name = _task_name(task)
                log = task_log(logs, dag_id, run_id, task["task_id"])
                lines.append(f"{dag_id}.{name}: {last_error(log) or 'failed'} (see {log})")
        if not lines:
            lines.append(f"a run of {dag_id} failed: {run_id}")
    more = len(lines) - FEW
    return [*lines[:FEW], *([f"and {more} more failures"] if more > 0 else [])]


def task_log(logs: Path, dag_id: str, run_id: str, task_id: str) -> Path:
    """Return the newest log file of a task, or the folder it would be in."""
    folder = logs / "airflow" / f"dag_id={dag_id}" / f"run_id={run_id}" / f"task_id={task_id}"
    files = sorted(folder.rglob("*.log"), key=lambda path: path.stat().st_mtime)
    return files[-1] if files else folder


def last_error(log: Path) -> str | None:
    """Return the last exception that a task's log tells of: its type and message."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        if '"error_detail"' in line:
            with suppress(ValueError, KeyError, IndexError, TypeError):
                error = json.loads(line)["error_detail"][0]
                return f"{error['exc_type']}: {error['exc_value']}"[:ERROR_LENGTH]
    return None


def _note(done: Round, run: tuple[str, str, str], task: dict[str, Any], tell: Tell) -> None:
    name, dag_id, run_id = run
    state = task["state"] or "none"
    key = (dag_id, run_id, task["task_id"], task["map_index"])
    if done.tasks.get(key) != state:
        done.tasks[key] = state
        tell(name, _task_name(task), state, task.get("duration") or 0.0)


def _task_name(task: dict[str, Any]) -> str:
    return str(task["task_id"]) + (f"[{task['map_index']}]" if task["map_index"] >= 0 else "")


def _at_work(done: Round) -> str:
    names = [
        f"{dag}.{task} {state}" for (dag, _, task, _), state in done.tasks.items() if state in (*ACTIVE, "up_for_retry")
    ]
    return ", ".join(names[:FEW]) or "no task is at work"
