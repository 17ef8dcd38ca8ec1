"""Describe the services of a stack: Postgres, the demo newsroom and Airflow's four components."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import requests

from dateline.errors import DatabaseError, StackError
from dateline.stack.home import COMPONENT, MARKER, Home
from dateline.stack.keeper import Kept
from dateline.stack.launch import WAIT_FOR
from dateline.stack.metadata import end_jobs, job_runs
from dateline.stack.newsroom import Newsroom, is_answering
from dateline.stack.ports import LOOPBACK, require_free
from dateline.stack.postgres import Postgres
from dateline.stack.service import Program

LAUNCH = (sys.executable, "-P", "-m", "dateline.stack.launch")  # followed by the words of an `airflow` command
PROBE_SECONDS = 2.0  # an api-server that needs longer to answer is asked again
# component → job type under which it registers itself in Airflow's database
JOBS = {"scheduler": "SchedulerJob", "dag-processor": "DagProcessorJob", "triggerer": "TriggererJob"}
API = "api-server"
AIRFLOW = (API, *JOBS)  # the api-server first: it takes longest
# their log servers bind to every interface, and the api-server reads the same files
OPTIONS = {"scheduler": ("--skip-serve-logs",), "triggerer": ("--skip-serve-logs",)}


class PostgresService:
    """Let the keeper look after the embedded server, which runs outside the stack's processes and outlives a crash of them."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.url: str | None = None

    def launch(self) -> None:
        """Start the server; it is ready when this returns. The others know its address, so that it may not move."""
        url = self.server.start()
        self.url = self.url or url
        if url != self.url:
            raise StackError("its port was taken meanwhile: `dateline stack down`, then `dateline stack up`")

    def pid(self) -> int | None:
        """Return the server's process."""
        process = self.server.process()
        return process.pid if process else None

    def ready(self) -> bool:
        """Say whether the server answers."""
        return self.server.running()

    def ended(self) -> str | None:
        """Say whether the server has gone."""
        return None if self.server.process() else "the server has gone"

    def signal(self) -> None:
        """Do nothing yet: the server stops in `clean`, after those that use it."""

    def clean(self, seconds: float) -> None:  # noqa: ARG002 (the server has its own patience)
        """Stop the server."""
        self.server.stop()


def child_environment(home: Home, *, allow_hosts: str, database_url: str) -> dict[str, str]:
    """Return what every process of the stack finds in its environment."""
    local = f"{LOOPBACK},localhost"
    keep = {name: value for name, value in os.environ.items() if name not in ("AIRFLOW_CONFIG", "AIRFLOW_HOME")}
    if keep.get("DATELINE_DATABASE_URL"):
        keep["DATELINE_DATABASE_URL"] = database_url
    proxies = {name: ",".join(filter(None, (os.environ.get(name), local))) for name in ("NO_PROXY", "no_proxy")}
    return {
        "OMP_NUM_THREADS": "1",  # tasks run side by side: more threads each would fight for the same cores
        "OPENBLAS_NUM_THREADS": "1",
        **keep,
        **proxies,
        "AIRFLOW_HOME": str(home.airflow),
        "DATELINE_HOME": str(home.path),
        "DATELINE_ALLOW_HOSTS": allow_hosts,
        MARKER: home.id,
        "PYTHONUNBUFFERED": "1",
        "SPT_NOENV": "1",  # a renamed process keeps its environment, and with it the stack's mark
    }


def airflow_component(name: str, home: Home, *, env: Mapping[str, str], metadata_url: str, port: int) -> Kept:
    """Describe one of Airflow's four components."""
    program = Program(
        [*LAUNCH, name, *OPTIONS.get(name, ())],
        log=home.log_of(name),
        env={**env, COMPONENT: name, **({WAIT_FOR: str(port)} if name == "scheduler" else {})},
        cwd=home.path,
        answers=_api_answers(port) if name == API else _job_answers(metadata_url, JOBS[name]),
        before=None if name == API else lambda: _forget_dead(metadata_url, JOBS[name]),
    )
    address = f"http://{LOOPBACK}:{port}" if name == API else None
    return Kept(name, program, address=address, log=home.log_of(name))


def newsroom_component(home: Home, newsroom: Newsroom, *, env: Mapping[str, str]) -> Kept:
    """Describe the demo newsroom."""
    hosts = newsroom.allow_hosts

    def check() -> None:
        for host in hosts:
            require_free(urlsplit(f"//{host}").port or 0, purpose="the newsroom")

    program = Program(
        newsroom.command,
        log=home.log_of("newsroom"),
        env={**env, COMPONENT: "newsroom"},
        cwd=home.path,
        answers=lambda _: is_answering(newsroom, timeout=PROBE_SECONDS),
        before=check,
    )
    shown = ", ".join(f"http://{host}" for host in hosts)
    return Kept("newsroom", program, address=shown, log=home.log_of("newsroom"), patience=60)


def postgres_component(server: Postgres) -> Kept:
    """Describe the embedded Postgres."""
    return Kept("postgres", PostgresService(server), log=None, patience=60)


def log_files(home: Home, component: str) -> list[Path]:
    """Return the files that hold what a component wrote, oldest first."""
    if component == "postgres":
        folder = Postgres(home.path).log_folder
        files = list(folder.glob("postgres-*.log")) if folder else []
        return sorted(files, key=lambda path: path.stat().st_mtime)
    log = home.log_of(component)
    return [path for path in (log.with_name(log.name + ".1"), log) if path.exists()]


def _api_answers(port: int) -> Callable[[float], bool]:
    def answers(_: float) -> bool:
        with requests.Session() as session:
            session.trust_env = False  # a proxy cannot reach our loopback
            try:
                found = session.get(f"http://{LOOPBACK}:{port}/api/v2/version", timeout=PROBE_SECONDS)
            except requests.RequestException:
                return False
            return found.ok

    return answers


def _job_answers(metadata_url: str, kind: str) -> Callable[[float], bool]:
    def answers(launched: float) -> bool:
        try:
            return job_runs(metadata_url, kind, since=launched)
        except DatabaseError:
            return False

    return answers


def _forget_dead(metadata_url: str, kind: str) -> None:
    try:
        end_jobs(metadata_url, kind)
    except DatabaseError as error:
        raise StackError(error.message) from error
