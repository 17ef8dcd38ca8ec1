"""What runs daily: killed workers' runs are closed, months of pages go where asked, rejects go back where they failed."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from dateline import maintenance, pipeline, runtime
from dateline.cli.app import app
from dateline.exporting import Wanted, export_changed
from dateline.runtime import open_tools, worker_name
from dateline.settings import Settings, SettingsError, load_settings
from dateline.store import captures, forget, frontier, parses, rejects, runs, upkeep
from dateline.store.rejects import RejectChoice
from dateline.types import ArticleRef, Rejected

from . import factories as make
from .store_help import code, read, ticket


def dead_worker() -> str:
    said = "from dateline.runtime import worker_name; print(worker_name())"
    return subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def settings(prepared_url, tmp_path):
    return Settings(home=tmp_path, database_url=prepared_url, workers=1)


def rows(settings, sql):
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        found = connection.execute(sql)
        return found.fetchall() if found.description else []


# ---------------------------------------------------------------------------------------------------------- runs


def test_the_next_run_closes_what_a_killed_worker_left_open(settings):
    now = datetime.now(UTC)
    with open_tools(settings) as tools, tools.engine.begin() as conn:
        gone = runs.start_run(conn, "fetch", now=now, versions={}, worker=dead_worker())
        mine = runs.start_run(conn, "fetch", now=now, versions={}, worker=worker_name())
        other = runs.start_run(conn, "fetch", now=now, versions={}, worker="elsewhere:12:1.00")
        lost = runs.start_run(conn, "fetch", now=now - timedelta(days=2), versions={}, worker="elsewhere:13:1.00")
        old = runs.start_run(conn, "fetch", now=now - timedelta(days=2), versions={})
    with open_tools(settings):
        pass
    found = dict(rows(settings, "select run_id, coalesce(message, 'open') from dateline.runs"))
    assert found == {gone: runs.KILLED, mine: "open", other: "open", lost: runs.KILLED, old: runs.KILLED}
    assert rows(settings, "select distinct ok from dateline.runs where finished_at is not null") == [(False,)]


def test_a_run_that_fails_says_why(settings):
    with open_tools(settings) as tools, pytest.raises(ValueError, match=r"of no. use"), tools_run(tools):
        raise ValueError("of no\x00 use")
    assert rows(settings, "select ok, message from dateline.runs") == [(False, "ValueError: of no\ufffd use")]


def tools_run(tools):
    from dateline.tools import run_of

    return run_of(tools, "test")


# ------------------------------------------------------------------------------------------------------- captures


def test_months_of_pages_are_dropped_where_asked_and_read(store):
    for month in (5, 6, 7):
        read(store, make.article(f"http://news.example/{month}"), at=datetime(2024, month, 20, tzinfo=UTC))
    waiting = ticket(store, "http://news.example/waiting")
    store.execute(text("reset role"))  # only the schema's owner may drop
    held = captures.save_capture(store, waiting, make.page(waiting.url, fetched_at=datetime(2024, 6, 2, tzinfo=UTC)))
    frontier.advance(store, [held], "fetched")
    dropped = upkeep.drop_captures(store, before=datetime(2024, 7, 25, tzinfo=UTC))
    assert dropped == ["captures_2024_05"]  # June holds a page that was not read yet, July has not ended
    frontier.finish(store, [held], "coded")
    assert upkeep.drop_captures(store, before=datetime(2024, 8, 1, tzinfo=UTC)) == [
        "captures_2024_06",
        "captures_2024_07",
    ]
    assert store.execute(text("select count(*) from dateline.captures")).scalar() == 0
    assert store.execute(text("select count(*) from dateline.texts")).scalar() == 3


def test_what_lies_in_no_month_of_its_own_goes_too(store):
    old = ticket(store, "http://news.example/old")
    captures.save_capture(store, old, make.page(old.url, fetched_at=datetime(1985, 6, 2, tzinfo=UTC)))
    upkeep.drop_captures(store, before=datetime(1986, 1, 1, tzinfo=UTC))
    assert store.execute(text("select count(*) from dateline.captures")).scalar() == 0


def test_the_next_months_partition_is_there_in_time(store):
    upkeep.ensure_months(store, now=datetime(2024, 12, 31, tzinfo=UTC))
    names = store.execute(text("select relname from pg_class where relname like 'captures_202%'")).scalars().all()
    assert {"captures_2024_12", "captures_2025_01"} <= set(names)


def test_maintain_keeps_all_pages_unless_asked_and_reports(settings, tmp_path):
    moment = datetime.now(UTC) - timedelta(days=400)
    with open_tools(settings) as tools:
        with tools.engine.begin() as conn:
            read(conn, make.article("http://news.example/a"), at=moment)
            conn.execute(text("update dateline.frontier set state = 'done', outcome = 'coded'"))
            run = runs.start_run(conn, "annotate", now=tools.now(), versions={}, worker=dead_worker())
        first = runtime.maintain(tools, settings)
        assert (first.closed, first.dropped) == (1, ())
        assert any("annotate failed: its worker ended" in alert for alert in first.alerts)
        assert "## To look at" in first.report
        assert "| found | 0 |" in first.report
        again = runtime.maintain(tools, settings.model_copy(update={"keep_pages_days": 31}))
        assert again.dropped == (f"captures_{moment:%Y_%m}",)
    path = maintenance.write_report(again, tmp_path)
    assert path.read_text(encoding="utf-8") == again.report
    assert rows(settings, f"select ok from dateline.runs where run_id = {run}") == [(False,)]


def test_what_may_not_be_dropped_is_an_alert(settings):
    """Where pages are older than is wanted and the user may not drop tables, or somebody holds them, the rest is done."""
    with open_tools(settings) as tools:
        with tools.engine.begin() as conn:
            read(conn, make.article("http://news.example/a"), at=datetime.now(UTC) - timedelta(days=400))
            conn.execute(text("update dateline.frontier set state = 'done', outcome = 'coded'"))
        writer = tools.engine  # may not drop
        done = maintenance.maintain(tools, owner=writer, dead=lambda _worker: False, keep_pages=timedelta(days=31))
    assert done.dropped == ()
    assert [alert for alert in done.alerts if "old pages were not dropped: must be owner" in alert]
    assert "old pages were not dropped" in done.report


def test_old_history_is_deleted(store):
    now = datetime(2024, 6, 1, tzinfo=UTC)
    old = runs.start_run(store, "fetch", now=now - timedelta(days=200), versions={})
    runs.finish_run(store, old, counts={}, now=now - timedelta(days=200), ok=True)
    new = runs.start_run(store, "fetch", now=now, versions={})
    runs.finish_run(store, new, counts={}, now=now, ok=True)
    fault = Rejected(stage="fetch", code="gone", message="gone", url="http://x.example/")
    rejects.record(store, fault, now=now - timedelta(days=200))
    assert upkeep.drop_history(store, before=now - timedelta(days=90)) == 1  # the reject is open: it stays
    assert store.execute(text("select run_id from dateline.runs")).scalars().all() == [new]


def test_days_to_keep_pages_are_a_sensible_number(monkeypatch):
    monkeypatch.setenv("DATELINE_KEEP_PAGES_DAYS", "")
    assert load_settings().keep_pages_days is None
    monkeypatch.setenv("DATELINE_KEEP_PAGES_DAYS", "3")
    with pytest.raises(SettingsError, match="DATELINE_KEEP_PAGES_DAYS"):
        load_settings()
    monkeypatch.delenv("DATELINE_KEEP_PAGES_DAYS")
    monkeypatch.setenv("DATELINE_EXPORT_FORMATS", "csv,xlsx")
    with pytest.raises(SettingsError, match="xlsx"):
        load_settings()


# -------------------------------------------------------------------------------------------------------- rejects


def failed(conn, url, stage, error, *, text_too=False):
    """Carry a ticket as far as it comes before `stage` rejects it."""
    if text_too:
        found = read(conn, make.article(url))
    else:
        found = ticket(conn, url)
        if stage != "fetch":
            found = captures.save_capture(conn, found, make.page(url))
            frontier.advance(conn, [found], "fetched")
    frontier.reject(conn, found, Rejected(stage=stage, code=error, message="it did not work"), now=make.NOW)
    return found.id


def states(conn):
    return dict(conn.execute(text("select url, state from dateline.frontier")).all())


@pytest.fixture
def rejected(store):
    failed(store, "http://n.example/fetch", "fetch", "timeout")
    failed(store, "http://n.example/extract", "extract", "no_article")
    failed(store, "http://n.example/annotate", "annotate", "coder_failed", text_too=True)
    return store


def test_each_reject_goes_back_to_the_stage_that_failed(rejected):
    placed = rejects.retry(rejected, RejectChoice(), now=make.NOW)
    assert placed == {"queued": 1, "fetched": 1, "extracted": 1}
    assert states(rejected) == {
        "http://n.example/fetch": "queued", "http://n.example/extract": "fetched", "http://n.example/annotate": "extracted",
    }  # fmt: skip
    assert rejects.retry(rejected, RejectChoice(), now=make.NOW) == {}  # they are on their way


def test_a_page_is_asked_for_again_only_where_that_is_wanted_or_it_is_not_kept(rejected):
    assert rejects.retry(rejected, RejectChoice(codes=["no_article"]), now=make.NOW, fetch=True) == {"queued": 1}
    rejected.execute(
        text("update dateline.frontier set state = 'done', outcome = 'no_article' where url like '%extract'")
    )
    rejected.execute(text("update dateline.captures set body = null"))
    assert rejects.retry(rejected, RejectChoice(stages=["extract"]), now=make.NOW) == {"queued": 1}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (RejectChoice(codes=["timeout"]), 1),
        (RejectChoice(stages=["annotate", "extract"]), 2),
        (RejectChoice(source_id=12345), 0),
        (RejectChoice(since=make.NOW + timedelta(hours=1)), 0),
        (RejectChoice(since=make.NOW), 3),
        (RejectChoice(limit=2), 2),
    ],
)
def test_rejects_are_chosen(rejected, choice, expected):
    assert sum(rejects.retry(rejected, choice, now=make.NOW).values()) == expected


def test_the_commands(settings, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("DATELINE_HOME", str(settings.home))
    monkeypatch.setenv("DATELINE_DATABASE_URL", settings.database_url)
    with open_tools(settings) as tools, tools.engine.begin() as conn:
        failed(conn, "http://n.example/fetch", "fetch", "timeout")

    def run(*words):
        return CliRunner().invoke(app, words)

    listed = run("rejects", "list")
    assert "timeout" in listed.output
    assert "http://n.example/fetch" in listed.output
    assert "1 queued" in run("rejects", "retry", "--code", "timeout").output
    assert run("rejects", "retry", "--code", "timeout").exit_code == 1
    done = run("maintain")
    assert done.exit_code == 0, done.output
    assert "report in" in done.output
    assert len(list((settings.home / "reports").glob("*.md"))) == 1


# --------------------------------------------------------------------------------------------------------- export


def test_views_are_written_when_something_changed(settings, tmp_path):
    with open_tools(settings) as tools:
        wanted = Wanted(views=("exposure_day",))
        with tools.engine.begin() as conn:
            code(conn, make.article("http://news.example/a"))
        assert export_changed(tools, tmp_path, wanted)["files"] == 1
        assert export_changed(tools, tmp_path, wanted)["files"] == 0
        assert export_changed(tools, tmp_path, Wanted(views=("exposure_day", "dyad_month")))["files"] >= 1
        assert export_changed(tools, tmp_path, wanted, always=True)["files"] == 1
        with tools.engine.begin() as conn:
            read(conn, make.article("http://news.example/b"))
        assert export_changed(tools, tmp_path, wanted)["files"] == 1


# ----------------------------------------------------------------------------------------------------- what is kept


def test_parses_go_with_their_texts(store):
    from dateline.annotate.parses import Parse

    found = read(store, make.article("http://news.example/a"))
    parse = Parse(model="m", tokens=3, read=3, data=b"abc")
    parses.save_parses(store, {str(found.text_id): parse})
    known = parses.load_known(store, [found.text_id], "m")
    assert known[str(found.text_id)].parse == parse
    assert parses.load_known(store, [found.text_id], "another") == {}
    forget.forget(store, "http://news.example/a", "http://news.example/a", now=make.NOW)
    assert store.execute(text("select count(*) from dateline.parses")).scalar() == 0


def test_a_reference_keeps_its_marks(settings):
    with open_tools(settings) as tools:
        now = tools.now()
        refs = [
            ArticleRef(
                url="http://n.example/old", discovered_at=now, marks=("old",), published_at=now - timedelta(days=900)
            ),
            ArticleRef(
                url="http://n.example/future",
                discovered_at=now,
                marks=("future",),
                published_at=now + timedelta(days=9),
            ),
            ArticleRef(url="http://n.example/plain", discovered_at=now),
        ]
        pipeline.enqueue(tools, refs)
        pipeline.enqueue(
            tools, [ArticleRef(url="http://n.example/plain", discovered_at=now, marks=("old",), published_at=now)]
        )
        pipeline.enqueue(tools, [ArticleRef(url="http://n.example/old", discovered_at=now)])
    found = dict(rows(settings, "select url, marks from dateline.frontier"))
    assert found == {
        "http://n.example/old": ["old"],
        "http://n.example/future": ["future"],
        "http://n.example/plain": ["old"],
    }
