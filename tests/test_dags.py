"""The DAGs load, say what they do, and run on a metadata database of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = {
    "discover", "poll", "ingest", "ingest_urls", "recode", "backfill_archive", "retry_rejects", "export", "maintain",
}  # fmt: skip


@pytest.fixture(scope="module")
def airflow_home(postgres_url, tmp_path_factory) -> Iterator[Path]:
    """Point Airflow at a home and a database of this module's own, before it is first imported."""
    assert "airflow" not in sys.modules, "some other test module imports Airflow at its top"
    home = tmp_path_factory.mktemp("airflow")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE airflow_test")
    url = postgres_url.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://") + "/airflow_test"
    os.environ.update(
        AIRFLOW_HOME=str(home),
        AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
        AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__UNIT_TEST_MODE="False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=url,
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC=url,
        DATELINE_HOME=str(home / "dateline"),
        DATELINE_PUBLIC_URL="https://news.example.org",
    )
    yield home
    del os.environ["DATELINE_PUBLIC_URL"]
    if "airflow.settings" in sys.modules:
        sys.modules["airflow.settings"].dispose_orm()  # or its sessions complain at exit that their database is gone
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE airflow_test WITH (FORCE)")


@pytest.fixture(scope="module")
def dagbag(airflow_home):
    from airflow.utils.db import initdb

    initdb()
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(ROOT / "dags"))


def test_all_dags_load(dagbag):
    assert dagbag.import_errors == {}
    assert set(dagbag.dags) == EXPECTED


def test_each_dag_is_documented_and_unsurprising(dagbag):
    for dag in dagbag.dags.values():
        assert dag.doc_md, f"{dag.dag_id} has no page in the UI"
        assert len(dag.doc_md.strip().splitlines()) >= 4
        assert not dag.catchup
        for task in dag.tasks:
            assert task.owner == "dateline"
            assert task.retries == 2


def test_assets_join_the_dags(dagbag):
    woken_by = {asset.name for asset in dagbag.dags["ingest"].timetable.asset_condition.objects}
    assert woken_by == {"dateline://frontier", "dateline://inbox", "dateline://notified"}
    assert "dateline://frontier" in {out.name for out in dagbag.dags["discover"].get_task("look").outlets}
    assert "dateline://events" in {out.name for out in dagbag.dags["ingest"].get_task("resolve").outlets}


def test_dag_files_import_no_models(airflow_home):
    """The dag-processor parses the files all the time: spaCy and trafilatura are for the tasks."""
    import subprocess

    code = "import runpy, sys; [runpy.run_path(p) for p in sys.argv[1:]]; print('spacy' in sys.modules, 'trafilatura' in sys.modules)"
    files = sorted(str(path) for path in (ROOT / "dags").glob("*.py"))
    run = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    assert run.stdout.split()[-2:] == ["False", "False"]


def test_only_hubs_need_no_login(dagbag, store_engine, monkeypatch):
    """The plugin is mounted in Airflow's own server: its pages need a login, what hubs ask for is answered without."""
    import threading
    import time

    import requests
    import uvicorn
    from airflow.api_fastapi.app import create_app

    address = store_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("DATELINE_DATABASE_URL", address)
    server = uvicorn.Server(uvicorn.Config(create_app(apps="core"), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    token = "A" * 43
    try:
        asked = {path: requests.get(base + path, timeout=10) for path in ("/dateline/events", f"/websub/{token}")}
        given = requests.post(f"{base}/websub/{token}", data=b"<rss/>", timeout=10)
    finally:
        server.should_exit = True
        thread.join()
    assert [answer.status_code for answer in asked.values()] == [401, 404]
    assert asked[f"/websub/{token}"].headers["Content-Type"] == "text/plain; charset=utf-8"
    assert given.status_code == 410


def test_poll_looks_at_what_is_due_and_wakes_nobody_for_nothing(dagbag, prepared_url, monkeypatch):
    from sqlalchemy import text

    from dateline.settings import Settings
    from dateline.store.engine import open_engine
    from dateline.store.sources import save_sources
    from dateline.types import Source

    from .hostile import answer, feed_of, serving

    engine = open_engine(prepared_url)
    with serving({"/robots.txt": answer(status=404)}) as site:
        site.routes["/feed.xml"] = answer(feed_of(2, site.url), kind="application/rss+xml")
        monkeypatch.setenv("DATELINE_DATABASE_URL", prepared_url)
        monkeypatch.setenv("DATELINE_ALLOW_HOSTS", site.host)
        monkeypatch.setenv("DATELINE_MIN_PACE_SECONDS", "0")
        assert Settings().database_url == prepared_url
        with engine.begin() as conn:
            save_sources(conn, [Source(url=f"{site.url}/feed.xml", kind="feed")])
        assert dagbag.dags["poll"].test().get_task_instance("look").state == "success"
        with engine.begin() as conn:
            assert conn.scalar(text("select count(*) from dateline.frontier")) == 2
            conn.execute(text("delete from dateline.frontier"))
        assert dagbag.dags["poll"].test().get_task_instance("look").state == "skipped"
        assert site.paths.count("/feed.xml") == 1  # it was not due
    engine.dispose()


# ------------------------------------------------------------------------------------- the DAGs run, tasks and all


@pytest.fixture(scope="module")
def news(dagbag, postgres_url, prepared_template):
    """Give the DAGs an empty news database."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE dags_news TEMPLATE {prepared_template}")
    url = postgres_url.rpartition("/")[0] + "/dags_news"
    given = {"DATELINE_DATABASE_URL": url, "DATELINE_MIN_PACE_SECONDS": "0", "DATELINE_WORKERS": "1"}
    os.environ.update(given)
    yield url
    for name in given:
        del os.environ[name]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE dags_news WITH (FORCE)")


@pytest.fixture
def trigger(dagbag):
    def run(dag_id, **conf):
        done = dagbag.dags[dag_id].test(run_conf=conf)
        assert done.state == "success", dag_id

    return run


def rows(url, sql):
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.model
def test_each_kind_of_source_goes_through_the_dags(news, trigger, airflow_home, tmp_path, monkeypatch):
    from dateline.discover.kinds import recognise
    from dateline.runtime import open_tools, save_sources
    from dateline.settings import load_settings
    from dateline.types import Source

    from .every_kind import plain, publishing

    with publishing(tmp_path) as (site, published):
        monkeypatch.setenv("DATELINE_ALLOW_HOSTS", site.host)
        settings = load_settings()
        with open_tools(settings) as tools:
            found = [
                Source(url=it.source, kind="links") if it.kind == "links" else recognise(it.source, tools.client())
                for it in published
                if it.kind != "inbox"
            ]
        save_sources(settings, found)
        # the archives wait for a backfill of their own, and the folder is the inbox itself
        with psycopg.connect(news) as connection:
            connection.execute("update dateline.sources set enabled = false where kind = 'archive'")
        (folder,) = [Path(it.source) for it in published if it.kind == "inbox"]
        inbox = settings.home / "inbox"
        inbox.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(inbox)

        trigger("discover")
        trigger("backfill_archive", archives=[it.source for it in published if it.kind == "archive"])
        gone = f"{site.url}/gone/for-now"
        trigger("ingest_urls", urls=[gone])
        trigger("ingest")
        outcomes = dict(rows(news, "select url, outcome from dateline.frontier"))
        assert outcomes.pop(gone) == "not_found"
        assert {plain(url): outcome for url, outcome in outcomes.items()} == {
            url: "coded" for it in published for url in it.urls
        }
        kinds = dict(
            rows(
                news,
                "select s.kind, count(*) from dateline.frontier f join dateline.sources s using (source_id) group by 1",
            )
        )
        assert kinds == {"feed": 6, "sitemap": 4, "links": 2, "list": 4, "archive": 4}
        assert not [path for path in inbox.iterdir() if path.is_file()]

        # what was gone is there again, and is asked for again
        site.routes["/gone/for-now"] = site.routes[next(path for path in site.routes if path.startswith("/rss/"))]
        trigger("retry_rejects", codes=["not_found"])
        trigger("ingest")
        assert rows(news, f"select outcome from dateline.frontier where url = '{gone}'") == [("duplicate",)]
        assert rows(news, "select count(*) from dateline.rejects_open") == [(0,)]

    trigger("export", views=["event_report", "dyad_month"])
    files = sorted((settings.home / "export").rglob("part.csv.gz"))
    assert {path.parts[-3] for path in files} == {"event_report", "dyad_month"}
    written = {path: path.stat().st_mtime_ns for path in files}
    trigger("export", views=["event_report", "dyad_month"])
    assert {path: path.stat().st_mtime_ns for path in files} == written  # nothing has changed since

    trigger("maintain")
    (report,) = (settings.home / "reports").glob("*.md")
    said = report.read_text(encoding="utf-8")
    assert "| events |" in said
    stages = dict(rows(news, "select stage, bool_and(ok) from dateline.runs group by 1"))
    assert stages.keys() >= {
        "discover",
        "backfill",
        "fetch",
        "extract",
        "group",
        "annotate",
        "resolve",
        "export",
        "maintain",
    }
    assert all(stages.values())
