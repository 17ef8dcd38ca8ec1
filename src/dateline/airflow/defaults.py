"""Set what all DAGs have in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from dateline.errors import UserError

START = datetime(2026, 1, 1, tzinfo=UTC)  # any day before the first run: nothing is caught up

DEFAULTS: dict[str, Any] = {
    "owner": "dateline",
    "retries": 2,
    "retry_delay": timedelta(seconds=10),  # the work is in tables: a second try takes up where the first one ended
    "execution_timeout": timedelta(hours=6),
    "retry_policy": ExceptionRetryPolicy(rules=[RetryRule(exception=UserError, action=RetryAction.FAIL)]),
}
BY_HAND: dict[str, Any] = {  # a DAG that a person starts from its form, one run at a time
    "start_date": START,
    "catchup": False,
    "max_active_runs": 1,
    "default_args": DEFAULTS,
    "tags": ["dateline"],
}
