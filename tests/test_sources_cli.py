from __future__ import annotations

import json

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from dateline.cli import captures, sources
from dateline.errors import UserError
from dateline.store import migrate
from dateline.store.engine import open_engine

from .hostile import answer, feed_of, serving
from .test_discover_archives import archive

OPML = """<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="World">
<outline type="rss" text="One &amp; only" xmlUrl="http://x.example/one.xml"/><outline title="Two" text="2" xmlUrl="http://x.example/two.xml"
 language="fr-FR"/><outline text="no feed"/></outline></body></opml>"""
CSV = """url,kind,name,country,poll_minutes,text_policy,enabled
http://x.example/one.xml,feed,One,gbr,15,spans,yes
http://x.example/map.xml,sitemap,"Map, the",,,,no
"""


@pytest.fixture
def site():
    with serving({"/robots.txt": answer(status=404)}) as served:
        served.routes["/feed.xml"] = answer(feed_of(12, served.url), kind="application/rss+xml")
        served.routes["/"] = answer(b"<html><link rel=alternate type='application/rss+xml' href='/feed.xml'></html>")
        yield served


@pytest.fixture(scope="module")
def engine(postgres_server, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE sources_cli")
    engine = open_engine(postgres_server.url("sources_cli"), role="owner")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine):
    yield engine
    with engine.begin() as conn:
        conn.execute(text("truncate dateline.sources, dateline.frontier, dateline.captures restart identity cascade"))


@pytest.fixture
def run(site, tmp_path, monkeypatch, postgres_server):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATELINE_ALLOW_HOSTS", site.host)
    monkeypatch.setenv("DATELINE_MIN_PACE_SECONDS", "0")
    monkeypatch.setenv("DATELINE_DATABASE_URL", postgres_server.url("sources_cli"))

    def invoke(*words, code=0, command=sources.app, given=None):
        result = CliRunner().invoke(command, [str(word) for word in words], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return invoke


def test_adding_a_site_finds_its_feed_shows_it_and_stores_it(run, site, database):
    said = run("add", site.url, "--country", "gbr", "--poll", "15")
    assert "12 articles" in said
    assert "Story 3" in said
    assert "stored as source 1" in said
    with database.connect() as conn:
        row = conn.execute(
            text("select url, kind, name, country, poll_minutes, last_polled_at from dateline.sources")
        ).one()
    assert tuple(row) == (f"{site.url}/feed.xml", "feed", "t", "GBR", 15, None)
    assert "stored as source 1" in run("add", f"{site.url}/feed.xml")  # again: the same source


def test_a_dry_run_needs_no_database(run, site, monkeypatch):
    monkeypatch.delenv("DATELINE_DATABASE_URL")
    assert "12 articles" in run("add", f"{site.url}/feed.xml", "--dry-run")
    assert "12 articles" in run("test", f"{site.url}/feed.xml")


def test_what_cannot_be_added_says_why(run, site):
    assert "not_found" in run("add", f"{site.url}/nothing", code=1)
    assert "private_address" in run("add", "http://10.0.0.1/feed", code=1)
    with pytest.raises(UserError, match="no kind of source"):
        run("add", f"{site.url}/feed.xml", "--kind", "newspaper")
    with pytest.raises(UserError, match="country"):
        run("add", f"{site.url}/feed.xml", "--country", "Britain")


def test_adding_folders_and_archives(run, tmp_path, database):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("x")
    assert "1 files wait" in run("add", inbox)
    archive(tmp_path / "a.warc.gz", 3)
    said = run("add", tmp_path / "*.warc.gz")
    assert "1 archive" in said
    assert "http://x.example/2" in said


def test_listing_shows_how_sources_fare(run, site, database):
    assert "no sources yet" in run("list")
    for path in ("feed.xml", "broken.xml"):
        run("import", "-", given=f"url\n{site.url}/{path}\n")
    with database.begin() as conn:
        conn.execute(
            text(
                "update dateline.sources set failures = 4, failure_code = 'not_found', last_polled_at = now() where source_id = 2"
            )
        )
    said = run("list")
    assert [line.split()[:2] for line in said.splitlines()[1:3]] == [["2", "failing"], ["1", "new"]]
    assert "4 x not_found" in said
    assert "1 failing, 1 new" in said
    rows = json.loads(run("list", "--json"))
    assert [row["state"] for row in rows] == ["failing", "new"]


def test_testing_stores_nothing(run, site, database):
    run("import", "-", given=f"url\n{site.url}/feed.xml\n{site.url}/none.xml\n")
    said = run("test", code=1)
    assert "12 articles" in said
    assert "not_found 2" in said
    assert "12 articles" in run("test", "1")
    with database.connect() as conn:
        assert (
            conn.execute(text("select count(*) from dateline.sources where last_polled_at is not null")).scalar() == 0
        )
    with pytest.raises(UserError, match="no source has the number 9"):
        run("test", "9")


def test_import_and_export_give_the_same(run, tmp_path, database):
    (tmp_path / "a.csv").write_text(CSV)
    assert "2 sources stored" in run("import", tmp_path / "a.csv")
    exported = run("export")
    assert exported.splitlines()[1:] == [
        "http://x.example/one.xml,feed,One,GBR,,15,spans,,true",
        'http://x.example/map.xml,sitemap,"Map, the",,,60,full,,false',
    ]
    run("import", "-", given=exported)
    run("export", "--format", "csv", "--output", tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text() == exported


def test_opml_in_and_out(run, tmp_path, database):
    (tmp_path / "feeds.opml").write_text(OPML)
    assert "2 sources stored" in run("import", tmp_path / "feeds.opml")
    assert run("export").splitlines()[1:] == [
        "http://x.example/one.xml,feed,One & only,,,60,full,,true",
        "http://x.example/two.xml,feed,Two,,fr,60,full,,true",
    ]
    opml = run("export", "-f", "opml")
    assert 'text="One &amp; only" title="One &amp; only" xmlUrl="http://x.example/one.xml"' in opml
    run("import", "-", given=opml)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("link\nhttp://x.example/a\n", r"-:1: no column `url`"),
        ("url,colour\nhttp://x.example/a,red\n", r"-:1: unknown column 'colour'"),
        ("url,kind\nhttp://x.example/a,feed\nhttp://x.example/b,paper\n", r"-:3: 'paper' is no kind"),
        ("url\nftp://x.example/a\n", r"-:2: 'ftp://x.example/a' is no http or https address"),
        ("url,poll_minutes\nhttp://x.example/a,often\n", r"-:2: 'often' is no number of minutes"),
        ("url,text_policy\nhttp://x.example/a,some\n", r"-:2: 'some' is no text policy"),
        ("url,enabled\nhttp://x.example/a,perhaps\n", r"-:2: 'perhaps' is neither"),
        ("url,language\nhttp://x.example/a,english\n", r"-:2: 'english' is no language code"),
        ("<opml><body/></opml>", r"-: no feeds in it"),
    ],
)
def test_a_wrong_line_is_named(run, body, message):
    with pytest.raises(UserError, match=message):
        run("import", "-", given=body)


def test_checked_import_leaves_out_what_cannot_be_read(run, site, database):
    said = run("import", "--check", "-", given=f"url\n{site.url}/feed.xml\n{site.url}/none.xml\n", code=1)
    assert "1 sources stored" in said
    assert "1 could not be read" in said


def test_captures_in_and_out_of_warc(run, tmp_path, database):
    first = archive(tmp_path / "in.warc.gz", 7)
    assert "7 pages stored, 7 of them" in run("import", first, command=captures.app)
    assert "0 pages stored" in run("import", first, command=captures.app)
    assert "7 pages stored, 0 of them" in run("import", first, "--again", command=captures.app)
    with database.connect() as conn:
        assert conn.execute(text("select count(*) from dateline.captures")).scalar() == 7
        assert conn.execute(text("select count(*) from dateline.frontier where state = 'fetched'")).scalar() == 7
    out = tmp_path / "out.warc.gz"
    assert "7 pages in" in run("export", "--warc", out, command=captures.app)
    assert "7 pages stored, 0 of them" in run("import", out, command=captures.app)
    assert "0 pages in" in run("export", "--warc", out, "--until", "2018-01-01", command=captures.app)
    with pytest.raises(UserError, match="no archive at"):
        run("import", tmp_path / "none.warc.gz", command=captures.app)
    with pytest.raises(UserError, match="must end in"):
        run("export", "--warc", tmp_path / "out.zip", command=captures.app)
