"""One round through Airflow: what is waited for, what is started, what is reported; against a small API of our own."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import psycopg
import pytest

from dateline.errors import StackError
from dateline.stack.rest import open_airflow
from dateline.stack.rounds import (
    Patience,
    Round,
    Unfinished,
    decide,
    failures,
    last_error,
    look_at,
    play_round,
    task_log,
    unfinished,
    wait_for_dags,
)

NONE_LEFT = Unfinished(count=0, due_in=0.0)
ONE_LEFT = Unfinished(count=1, due_in=0.0)
ONE_SOON = Unfinished(count=1, due_in=30.0)
ONE_LATE = Unfinished(count=1, due_in=3600.0)


def a_round(**runs):
    states = {(dag, f"{dag}-1"): state for dag, state in runs.items()}
    return Round(began=datetime.now(UTC), runs=states)


@pytest.mark.parametrize(
    ("left", "runs", "quiet", "wakes", "step"),
    [
        (NONE_LEFT, {"discover": "success", "ingest": "success"}, 0.5, 0, "wait"),  # an Asset may still start one
        (NONE_LEFT, {"discover": "success", "ingest": "success"}, 1.5, 0, "end"),
        (NONE_LEFT, {"discover": "success"}, 5.0, 0, "wait"),  # ingest is to follow
        (NONE_LEFT, {"discover": "success"}, 16.0, 0, "end"),
        (NONE_LEFT, {"discover": "failed"}, 1.5, 0, "end"),
        (ONE_LEFT, {"discover": "success", "ingest": "success"}, 2.0, 0, "wait"),
        (ONE_LEFT, {"discover": "success", "ingest": "success"}, 6.0, 0, "wake"),
        (ONE_LEFT, {"discover": "success", "ingest": "success"}, 6.0, 3, "end"),
        (ONE_LEFT, {"discover": "success", "ingest": "failed"}, 6.0, 0, "end"),
        (ONE_SOON, {"discover": "success", "ingest": "success"}, 60.0, 3, "wait"),
        (ONE_LATE, {"discover": "success", "ingest": "success"}, 2.0, 0, "end"),
    ],
)
def test_what_comes_next_is_decided_from_what_is_left(left, runs, quiet, wakes, step):
    assert decide(left, a_round(**runs), quiet=quiet, wakes=wakes, patience=Patience()) == step


class Api:
    """Answer as Airflow's API does, from a plan: each run goes on to its next state each time it is looked at."""

    def __init__(self):
        self.states = {"discover": ["queued", "running", "success"], "ingest": ["queued", "running", "success"]}
        self.runs = {"discover": [], "ingest": []}
        self.follows = True
        self.errors = []
        self.known = True
        self.expire = 0
        self.tokens = 0
        self.passwords = []

    def trigger(self, dag):
        run = {
            "dag_run_id": f"manual__{datetime.now(UTC).isoformat()}",
            "run_after": (datetime.now(UTC) + timedelta(milliseconds=1)).isoformat(),
            "left": list(self.states[dag]),
            "state": "queued",
            "duration": 1.5,
        }
        self.runs[dag].insert(0, run)
        return run

    def look(self, dag):
        for run in self.runs[dag]:
            if run["left"]:
                run["state"] = run["left"].pop(0)
                if not run["left"] and dag == "discover" and self.follows:
                    self.trigger("ingest")
        return {"dag_runs": self.runs[dag]}

    def answer(self, kind, path, body):
        if path == "/auth/token":
            self.passwords.append(body["password"])
            self.tokens += 1
            return (201, {"access_token": f"token-{self.tokens}"}) if body["password"] == "right" else (401, {})
        if self.expire:
            self.expire -= 1
            return 401, {}
        for pattern, method in self.ROUTES.items():
            if match := re.fullmatch(pattern, path):
                return getattr(self, method)(kind, *match.groups())
        return 500, {"detail": "no such thing"}

    ROUTES: ClassVar = {
        r"/api/v2/importErrors": "get_errors",
        r"/api/v2/dags/\w+/assets/queuedEvents": "get_queued",
        r"/api/v2/dags/(\w+)/dagRuns": "runs_of",
        r"/api/v2/dags/(\w+)/dagRuns/([^/]+)/taskInstances": "tasks_of",
        r"/api/v2/dags/\w+": "get_dag",
    }

    def get_errors(self, _):
        return 200, {"import_errors": self.errors}

    def get_queued(self, _):
        return 404, {}

    def runs_of(self, kind, dag):
        return (200, self.trigger(dag)) if kind == "POST" else (200, self.look(dag))

    def tasks_of(self, _, dag, run_id):
        run = next(run for run in self.runs[dag] if run["dag_run_id"] == run_id)
        task = {"task_id": "look", "map_index": -1, "state": run["state"], "duration": 1.0}
        return 200, {"task_instances": [task]}

    def get_dag(self, kind):
        return (200, {"is_paused": kind != "PATCH", "has_import_errors": False}) if self.known else (404, {})


@contextmanager
def serving(api):
    class Handler(BaseHTTPRequestHandler):
        def do(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size) or b"{}")
            code, content = api.answer(self.command, self.path.partition("?")[0].replace("%3A", ":"), body)
            data = json.dumps(content).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do  # noqa: N815 (http.server wants these names)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def airflow(api):
    with serving(api) as url:
        yield open_airflow(url, "right")


@pytest.fixture
def frontier(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA dateline")
        connection.execute("CREATE TABLE dateline.frontier (state text, next_attempt_at timestamptz)")
        yield connection


HASTY = Patience(settle=0.1, wake=0.2, follow=0.5)


def play(airflow, database_url, tmp_path, seconds=30.0):
    told = []

    def tell(*event):
        told.append(event)

    done = play_round(airflow, database_url=database_url, logs=tmp_path, tell=tell, seconds=seconds, patience=HASTY)
    return done, told


def test_round_waits_for_the_run_that_follows(api, airflow, frontier, database_url, tmp_path):
    done, told = play(airflow, database_url, tmp_path)
    assert done.ok
    assert sorted(done.runs.values()) == ["success", "success"]
    assert [dag for dag, task, state, _ in told if not task and state == "success"] == ["discover", "ingest"]
    assert ("discover", "look", "running", 1.0) in told


def test_what_is_left_is_ingested_again_and_then_reported(api, airflow, frontier, database_url, tmp_path):
    frontier.execute("INSERT INTO dateline.frontier VALUES ('queued', now()), ('done', now())")
    done, _ = play(airflow, database_url, tmp_path)
    assert len(api.runs["ingest"]) == 1 + 3
    assert done.problems == ["1 references have no outcome yet: `ingest` does not take them"]


def test_failed_task_is_named_with_its_log(api, airflow, frontier, database_url, tmp_path):
    api.states["ingest"] = ["running", "failed"]
    done, _ = play(airflow, database_url, tmp_path)
    assert not done.ok
    assert done.problems[0].startswith("ingest.look: failed (see ")
    assert "dag_id=ingest" in done.problems[0]


def test_nothing_that_follows_is_a_failure(api, airflow, frontier, database_url, tmp_path):
    api.follows = False
    done, _ = play(airflow, database_url, tmp_path)
    assert done.problems == ["no run of `ingest` followed `discover`"]


def test_round_that_takes_too_long_says_what_is_at_work(api, airflow, frontier, database_url, tmp_path):
    api.states["discover"] = ["running"] * 100
    with pytest.raises(StackError, match=r"not done after 1 s: discover.look running"):
        play(airflow, database_url, tmp_path, seconds=1.0)


def test_runs_that_ended_before_the_round_do_not_count(api, airflow):
    api.runs["ingest"] = [
        {"dag_run_id": "old", "run_after": "2026-01-01T00:00:00Z", "left": [], "state": "failed", "duration": None}
    ]
    done = a_round()
    assert look_at(airflow, "ingest", done, lambda *_: None) is False
    assert done.runs == {}


def test_unfinished_counts_and_says_when(frontier, database_url):
    assert unfinished(database_url) == NONE_LEFT
    frontier.execute("INSERT INTO dateline.frontier VALUES ('queued', now() + interval '1 hour'), ('done', now())")
    left = unfinished(database_url)
    assert left.count == 1
    assert 3500 < left.due_in <= 3600
    frontier.execute("INSERT INTO dateline.frontier VALUES ('fetched', now() - interval '1 hour')")
    assert unfinished(database_url) == Unfinished(count=2, due_in=0.0)


def test_dag_file_that_cannot_be_read_is_named(api, airflow):
    api.known = False
    api.errors = [{"filename": "ingest.py", "stack_trace": "Traceback\n  …\nSyntaxError: invalid syntax\n"}]
    with pytest.raises(StackError, match=r"ingest.py: SyntaxError: invalid syntax"):
        wait_for_dags(airflow, "ingest")
    api.errors = []
    with pytest.raises(StackError, match="has not found the DAG ingest"):
        wait_for_dags(airflow, "ingest", seconds=0)


def test_expired_token_is_renewed(api, airflow):
    assert airflow.dag("ingest")
    api.expire = 1
    assert airflow.dag("ingest")
    assert api.tokens == 2


def test_wrong_password_and_wrong_answers_are_said(api):
    with serving(api) as url:
        wrong = open_airflow(url, "wrong")
        api.expire = 10
        with pytest.raises(StackError, match="refuses the password"):
            wrong.dag("ingest")
        api.expire = 0
        with pytest.raises(StackError, match="answered 500 to GET"):
            open_airflow(url, "right").tasks("in valid", "x")


def test_newest_log_of_a_task_is_found(tmp_path):
    folder = tmp_path / "airflow" / "dag_id=ingest" / "run_id=manual__1" / "task_id=fetch" / "map_index=0"
    assert task_log(tmp_path, "ingest", "manual__1", "fetch") == folder.parent
    folder.mkdir(parents=True)
    (folder / "attempt=1.log").touch()
    assert task_log(tmp_path, "ingest", "manual__1", "fetch") == folder / "attempt=1.log"


def test_error_of_a_task_is_read_from_its_log(tmp_path):
    log = tmp_path / "attempt=1.log"
    assert last_error(log) is None
    detail = [{"exc_type": "DatabaseError", "exc_value": "no route"}]
    log.write_text("plain\n" + json.dumps({"event": "Task failed", "error_detail": detail}) + '\n{"event": "end"}\n')
    assert last_error(log) == "DatabaseError: no route"
    log.write_text('{"error_detail": "odd"}\n')
    assert last_error(log) is None


def test_many_failures_are_counted(api, airflow, tmp_path):
    for number in range(8):
        run = api.trigger("ingest")
        run |= {"dag_run_id": f"r{number}", "state": "failed", "left": []}
    done = Round(began=datetime.now(UTC), runs={("ingest", f"r{number}"): "failed" for number in range(8)})
    assert failures(airflow, done, tmp_path)[-1] == "and 3 more failures"
