"""The whole path, with real parts: the demo newsroom over real HTTP, real Postgres, real spaCy.

Every address of the newsroom ends in exactly one outcome; running again changes nothing; a killed run loses nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from dateline import pipeline
from dateline.fetch.keys import canonical_key
from dateline.runtime import open_tools, save_sources
from dateline.settings import Settings
from dateline.stack.newsroom import load_expected, serving

pytestmark = pytest.mark.model

COUNTED = (
    "frontier", "captures", "articles", "revisions", "texts", "codings", "entity_mentions", "place_mentions", "time_mentions",
    "quotes", "event_mentions", "events", "event_members", "syndications", "syndication_members", "stories", "story_members",
    "rejects",
)  # fmt: skip


@contextmanager
def database(postgres_url: str, template: str, name: str) -> Iterator[str]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres_url.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("newsroom")


@pytest.fixture(scope="module")
def newsroom(home):
    with serving(home) as served:
        yield served


@pytest.fixture(scope="module")
def settings(newsroom, home, postgres_url, prepared_template):
    with database(postgres_url, prepared_template, "pipeline") as url:
        yield connected(url, newsroom, home)


@pytest.fixture(scope="module")
def first_run(settings):
    with open_tools(settings) as tools:
        return {"discover": pipeline.discover(tools)} | pipeline.ingest(tools)


def connected(url, newsroom, home) -> Settings:
    settings = Settings(
        home=home, database_url=url, allow_hosts=",".join(newsroom.allow_hosts), min_pace_seconds=0.05, workers=1
    )
    save_sources(settings, newsroom.sources)
    return settings


def rows(settings, sql):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(sql).fetchall()


def snapshot(settings) -> dict[str, int]:
    return {table: rows(settings, f"select count(*) from dateline.{table}")[0][0] for table in COUNTED}


def test_every_page_has_exactly_the_outcome_that_a_reader_expects(first_run, settings, home):
    found = dict(rows(settings, "select key, outcome from dateline.frontier"))
    assert None not in found.values()
    expected = {canonical_key(page.url): page for page in load_expected(home) if page.kind != "variant"}
    wrong = {
        page.id: (found.get(key, "never found"), page.outcome)
        for key, page in expected.items()
        if found.get(key, "never found") != page.outcome
    }
    assert wrong == {}
    assert set(found) == set(expected)


def test_an_address_with_tracking_is_the_article_itself(first_run, settings, home):
    pages = load_expected(home)
    plain = {page.id: canonical_key(page.url) for page in pages}
    variants = [page for page in pages if page.kind == "variant"]
    assert variants
    for page in variants:
        assert canonical_key(page.url) == plain[page.target]


def test_each_reject_says_why(first_run, settings):
    said = rows(
        settings,
        "select f.outcome, r.code, r.message from dateline.frontier f join dateline.rejects r using (ticket_id)",
    )
    assert said
    for outcome, code, message in said:
        assert outcome == code
        assert len(message) > 10


def test_events_were_found_and_each_can_be_traced(first_run, settings):
    assert first_run["annotate"]["events"] > 100
    found = rows(
        settings,
        """select m.trigger_text, substr(t.text, m.trigger_start + 1, m.trigger_end - m.trigger_start)
           from dateline.event_mentions m join dateline.codings c using (coding_id) join dateline.texts t on t.text_id = c.text_id""",
    )
    assert len(found) > 100
    assert all(said == there for said, there in found)


def test_running_again_changes_nothing(first_run, settings):
    before = snapshot(settings)
    with open_tools(settings) as tools:
        pipeline.discover(tools)
        pipeline.ingest(tools)
    assert snapshot(settings) == before


def test_coding_everything_again_changes_nothing(first_run, settings):
    before = snapshot(settings)
    ids = rows(settings, "select event_id, event_type from dateline.events order by 1")
    with open_tools(settings) as tools:
        with tools.engine.begin() as conn:
            conn.exec_driver_sql(
                "update dateline.frontier set state = 'grouped', outcome = null, finished_at = null, next_attempt_at = now() "
                "where outcome = 'coded'"
            )
        pipeline.annotate(tools)
        pipeline.resolve(tools)
    assert snapshot(settings) == before
    assert rows(settings, "select event_id, event_type from dateline.events order by 1") == ids


def test_a_killed_run_loses_and_doubles_nothing(first_run, settings, newsroom, home, postgres_url, prepared_template):
    with database(postgres_url, prepared_template, "killed") as url:
        again = connected(url, newsroom, home)
        with open_tools(again) as tools:
            pipeline.discover(tools)
        for state in ("fetched", "extracted"):
            kill_when(again, f"select count(*) from dateline.frontier where state = '{state}' or outcome = 'coded'")
        with open_tools(again) as tools:
            pipeline.ingest(tools)
        assert outcomes(again) == outcomes(settings)
        ended, whole = snapshot(again), snapshot(settings)
        for table in ("articles", "texts", "codings", "event_mentions", "events"):
            assert ended[table] == whole[table], table


def outcomes(settings):
    return Counter(row[0] for row in rows(settings, "select outcome from dateline.frontier"))


def kill_when(settings, sql):
    """Start the path in a process of its own, and kill it without warning as soon as `sql` counts something."""
    environment = os.environ | {
        "DATELINE_HOME": str(settings.home), "DATELINE_DATABASE_URL": settings.database_url,
        "DATELINE_ALLOW_HOSTS": settings.allow_hosts, "DATELINE_MIN_PACE_SECONDS": "0.05", "DATELINE_WORKERS": "1",
    }  # fmt: skip
    command = [sys.executable, "-c", "from dateline.cli import main; main()", "ingest"]
    process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline and not rows(settings, sql)[0][0]:
        time.sleep(0.05)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
