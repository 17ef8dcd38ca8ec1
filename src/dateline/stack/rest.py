"""Talk to Airflow's REST API on loopback: trigger runs, and see how they go."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import requests

from dateline.errors import StackError

TIMEOUT = 30.0  # seconds; the first request after a start is slow
PAGE = 100
ACTIVE = ("queued", "running")
TRIES = 3  # the api-server may be starting again
PAUSE = 2.0


class Airflow:
    """Hold one session with the API, logged in on first use."""

    def __init__(self, url: str, *, user: str, password: str) -> None:
        self.url = url
        self.user = user
        self.password = password
        self.session = requests.Session()
        self.session.trust_env = False  # a proxy cannot reach our loopback

    def dag(self, dag_id: str) -> dict[str, Any] | None:
        """Return what is known of a DAG; None while it was not read yet."""
        found: dict[str, Any] | None = self._get(f"dags/{dag_id}", missing=None)
        return found

    def unpause(self, dag_id: str) -> None:
        """Let a DAG run."""
        self._call("PATCH", f"dags/{dag_id}", json={"is_paused": False})

    def import_errors(self) -> list[str]:
        """Return why DAG files could not be read: file and last line of the traceback."""
        found = self._get("importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in found]

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run without a logical date; return its id."""
        answer = self._call("POST", f"dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": dict(conf or {})})
        return str(answer["dag_run_id"])

    def runs(self, dag_id: str, **filters: Any) -> list[dict[str, Any]]:
        """Return the latest runs of a DAG, newest first."""
        query = {"order_by": "-run_after", "limit": PAGE, **filters}
        found: list[dict[str, Any]] = self._get(f"dags/{dag_id}/dagRuns", query=query)["dag_runs"]
        return found

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Return the task instances of a run."""
        found: list[dict[str, Any]] = self._get(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]
        return found

    def waits_for_run(self, dag_id: str) -> bool:
        """Say whether an Asset has changed for which a run of the DAG is yet to be made."""
        found = self._get(f"dags/{dag_id}/assets/queuedEvents", missing={})
        return bool(found and found.get("total_entries"))

    def _get(self, path: str, *, query: Mapping[str, Any] | None = None, missing: Any = ...) -> Any:
        return self._call("GET", path, params=query, missing=missing)

    def _call(self, method: str, path: str, *, missing: Any = ..., **options: Any) -> Any:
        """Call the API. `missing` is the answer where there is nothing at that path. Raises StackError."""
        for left in reversed(range(TRIES)):
            try:
                if "Authorization" not in self.session.headers:
                    self._log_in()
                answer = self.session.request(method, f"{self.url}/api/v2/{path}", timeout=TIMEOUT, **options)
            except requests.RequestException as error:
                if left:
                    time.sleep(PAUSE)
                    continue
                raise StackError(f"Airflow at {self.url} does not answer: {type(error).__name__}") from error
            if answer.status_code == requests.codes.unauthorized:
                self.session.headers.pop("Authorization", None)  # the token has expired
                continue
            if answer.status_code == requests.codes.not_found and missing is not ...:
                return missing
            if not answer.ok:
                raise StackError(f"Airflow answered {answer.status_code} to {method} {path}: {answer.text[:300]}")
            return answer.json()
        raise StackError(f"Airflow at {self.url} refuses the password: `dateline stack down`, then `dateline stack up`")

    def _log_in(self) -> None:
        credentials = {"username": self.user, "password": self.password}
        answer = self.session.post(f"{self.url}/auth/token", json=credentials, timeout=TIMEOUT)
        if answer.status_code == requests.codes.created:
            self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def open_airflow(url: str, password: str, *, user: str = "admin") -> Airflow:
    """Return a session with the API at `url`."""
    return Airflow(url, user=user, password=password)
