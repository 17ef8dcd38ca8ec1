"""Sources that change often are asked often, within bounds, and only for what changed; those that fell silent are flagged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner

from dateline import intake
from dateline.cli import sources as command
from dateline.discover.cadence import adapted_minutes
from dateline.errors import UserError
from dateline.runtime import open_tools
from dateline.settings import Settings
from dateline.store import migrate, sources
from dateline.store.engine import open_engine
from dateline.types import Source

from .hostile import answer, send, serving
from .websub_parties import Clock, running_hub

BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BETWEEN = (10, 1440)


def minutes(current, elapsed, new, asked=60, between=BETWEEN):
    passed = timedelta(minutes=elapsed) if elapsed is not None else None
    return adapted_minutes(current, given=asked, elapsed=passed, new=new, between=between)


# -------------------------------------------------------------------------------------------------- the decision


@pytest.mark.parametrize(
    ("current", "elapsed", "new", "then"),
    [
        (60, None, 500, None),  # the first look finds the stock
        (60, 60, 1, 60),  # one new article a look is what is aimed at
        (60, 60, 2, 42),
        (60, 60, 40, 30),  # one burst halves at most
        (60, 60, 0, 85),
        (60, 2, 0, 60),  # nothing new in two minutes tells nothing
        (60, 1440, 1, 120),
        (60, 1440, 24, 60),  # looked at a day later: the rate counts, not the number
        (60, 0, 3, 30),
        (15, 15, 9, 15),  # a quarter of what was asked for is the least
        (1440, 1440, 0, 1440),
        (20, 1e9, 0, 40),
    ],
)
def test_the_next_interval(current, elapsed, new, then):
    assert minutes(current, elapsed, new) == then


@pytest.mark.parametrize(
    ("asked", "between", "least", "most"),
    [(60, (10, 1440), 15, 1440), (15, (10, 1440), 10, 1440), (15, (1, 120), 3, 120), (10_080, (10, 1440), 2520, 10_080),
     (5, (10, 1440), 10, 1440), (60, (500, 100), 500, 500)],
)  # fmt: skip
def test_bounds(asked, between, least, most):
    busy = quiet = asked
    for _ in range(30):
        busy = minutes(busy, busy, 1000, asked, between)
        quiet = minutes(quiet, quiet, 0, asked, between)
    assert (busy, quiet) == (least, most)


@pytest.mark.parametrize(
    ("gap", "low", "high"), [(5, 15, 15), (30, 20, 60), (240, 150, 480), (1440, 700, 1440), (10_000, 1200, 1440)]
)
def test_the_interval_comes_to_what_a_source_publishes(gap, low, high):
    """One article every `gap` minutes: after a while a look finds about one."""
    interval, at, seen = 60, 0, []
    for _ in range(200):
        later = at + interval
        interval = minutes(interval, later - at, later // gap - at // gap)
        at = later
        seen.append(interval)
    late = seen[100:]
    assert low <= sum(late) / len(late) <= high


@settings(max_examples=200, deadline=None)
@given(
    current=st.integers(1, 50_000), asked=st.integers(1, 44_640), elapsed=st.none() | st.floats(0, 1e7),
    new=st.integers(0, 10**6), least=st.integers(1, 2000), most=st.integers(1, 10_000),
)  # fmt: skip
def test_it_is_always_within_bounds(current, asked, elapsed, new, least, most):
    found = minutes(current, elapsed, new, asked, (least, most))
    assert (found is None) == (elapsed is None)
    assert found is None or max(least, asked // 4) <= found <= max(least, most, asked)


# ------------------------------------------------------------------------------------------------ over real HTTP


@pytest.fixture(scope="module")
def engine(postgres_server, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE polling")
    engine = open_engine(postgres_server.url("polling"), role="owner")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


class Feed:
    """Be a feed on loopback, with or without validators that are true."""

    def __init__(self, site) -> None:
        self.site, self.count, self.etag, self.says_unchanged = site, 3, None, False
        self.conditions: list[tuple[str | None, str | None]] = []
        site.routes["/feed.xml"] = self.serve

    def serve(self, handler) -> None:
        asked = handler.headers.get("If-None-Match")
        self.conditions.append((asked, handler.headers.get("If-Modified-Since")))
        if self.says_unchanged and asked == self.etag:
            send(handler, b"", status=304)
            return
        items = "".join(f"<item><link>{self.site.url}/{n}</link></item>" for n in range(self.count))
        validators = {"ETag": self.etag or "", "Last_Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}
        send(handler, f"<rss><channel>{items}</channel></rss>".encode(), kind="text/xml", **validators)


@pytest.fixture
def world(engine, tmp_path):
    with engine.begin() as conn:
        conn.execute(text("truncate dateline.sources, dateline.frontier, dateline.rejects restart identity cascade"))
    with serving({"/robots.txt": answer(status=404)}) as site:
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        chosen = Settings(home=tmp_path, database_url=url, allow_hosts=site.host, min_pace_seconds=0)
        with open_tools(chosen) as tools:
            with engine.begin() as conn:
                sources.save_sources(conn, [Source(url=f"{site.url}/feed.xml", kind="feed")])
            yield replace(tools, now=Clock(BEGIN)), Feed(site)


def one(tools):
    with tools.engine.connect() as conn:
        return sources.load_sources(conn)[0]


def test_a_busy_source_is_asked_more_often_and_a_quiet_one_less(world):
    tools, feed = world
    intake.discover(tools, due=True)
    assert one(tools).adapted_minutes is None  # the first look tells nothing
    tools.now.on(minutes=59)
    assert intake.discover(tools, due=True)["sources"] == 0
    seen = []
    for new in (30, 30, 30, 0, 0, 0, 0):
        tools.now.at = one(tools).last_polled_at + timedelta(minutes=one(tools).interval_minutes)
        feed.count += new
        counts = intake.discover(tools, due=True)
        assert (counts["sources"], counts["new"]) == (1, new)
        seen.append(one(tools).adapted_minutes)
    assert seen == [30, 15, 15, 21, 30, 42, 59]


def test_what_did_not_change_counts_as_nothing_new(world):
    tools, feed = world
    feed.etag, feed.says_unchanged = '"1"', True
    intake.discover(tools)
    tools.now.on(hours=1)
    counts = intake.discover(tools)
    assert feed.conditions == [(None, None), ('"1"', "Mon, 02 Nov 2026 08:00:00 GMT")]  # both validators are sent back
    assert (counts["new"], counts["found"]) == (0, 0)
    assert one(tools).adapted_minutes == 85


def test_validators_that_lie(world):
    """An ETag that changes with every answer: the body decides."""
    tools, feed = world
    for number in range(3):
        feed.etag = f'"{number}"'
        found = intake.discover(tools)["found"]
        assert found == (3 if number == 0 else 0)
        tools.now.on(hours=1)
    feed.count = 4
    assert intake.discover(tools)["new"] == 1


def test_a_server_that_always_says_that_nothing_changed_is_asked_for_the_whole_once_a_day(world):
    tools, feed = world
    feed.etag, feed.says_unchanged = '"1"', True
    intake.discover(tools)
    feed.count = 5
    new = []
    for _ in range(8):
        tools.now.on(hours=12)
        new.append(intake.discover(tools)["new"])
    assert new == [0, 2, 0, 0, 0, 0, 0, 0]
    assert [etag for etag, _ in feed.conditions] == [None, '"1"', None, '"1"', None, '"1"', None, '"1"', None]


def test_a_changed_interval_begins_anew(world):
    tools, _ = world
    intake.discover(tools)
    tools.now.on(hours=1)
    intake.discover(tools)
    assert one(tools).interval_minutes == 85
    with tools.engine.begin() as conn:
        assert sources.save_sources(conn, [one(tools)])[0].interval_minutes == 85
        sources.save_sources(conn, [replace(one(tools), poll_minutes=30)])
    assert one(tools).interval_minutes == 30


def test_a_source_that_fails_is_asked_ever_later_from_its_own_interval(world):
    tools, feed = world
    intake.discover(tools)
    feed.site.routes["/feed.xml"] = answer(status=500)
    tools.now.on(hours=1)
    assert intake.discover(tools, due=True)["failed"] == 1
    assert one(tools).interval_minutes == 60
    tools.now.on(minutes=119)
    assert intake.discover(tools, due=True)["sources"] == 0
    tools.now.on(minutes=1)
    assert intake.discover(tools, due=True)["failed"] == 1
    feed.serve_again = feed.site.routes.update({"/feed.xml": feed.serve})
    tools.now.on(hours=4)
    feed.count += 7
    assert intake.discover(tools, due=True)["new"] == 7
    assert one(tools).adapted_minutes == 60  # seven in the seven hours since it last answered


def test_an_inbox_without_files_was_looked_at(world, tmp_path):
    tools, _ = world
    (tmp_path / "in").mkdir()
    with tools.engine.begin() as conn:
        sources.save_sources(conn, [Source(url=str(tmp_path / "in"), kind="inbox")])
    intake.discover(tools)
    with tools.engine.connect() as conn:
        looked = [source.last_success_at for source in sources.load_sources(conn)]
    assert looked == [tools.now(), tools.now()]


# -------------------------------------------------------------------------------------------------- how they fare


def fare(store, name, days, *, first=None, success=0.0, kind="feed", new=True):
    """Add a source that told of something new so many days ago."""
    moment = "now() - make_interval(secs => 86400 * {})"
    (source,) = sources.save_sources(store, [Source(url=f"http://{name}.example/", kind=kind, name=name)])
    store.execute(
        text(
            f"update dateline.sources set last_polled_at = {moment.format(success)}, last_success_at = {moment.format(success)}, "
            f"first_success_at = {moment.format(first) if first else 'null'}, last_new_at = {'now()' if new else 'null'} "
            "where source_id = :id"
        ),
        {"id": source.id},
    )
    for number, ago in enumerate(days):
        store.execute(
            text(
                "insert into dateline.frontier (key, url, host, host_slot, source_id, discovered_at, next_attempt_at) values "
                f"(:url, :url, 'x', 1, :id, {moment.format(float(ago))}, now())"
            ),
            {"url": f"http://{name}.example/{number}", "id": source.id},
        )


def health(store):
    rows = store.execute(text("select * from dateline.source_health")).mappings()
    return {row["name"]: row for row in rows}


def spread(first, last, count):
    return [first + (last - first) * n / (count - 1) for n in range(count)]


def test_sources_that_fell_silent_are_flagged(store):
    fare(store, "busy", spread(0.1, 30, 300), first=60)
    fare(store, "busy-then-silent", spread(3.5, 30, 300), first=60)  # three days are long for seventy a week
    fare(store, "weekend", spread(2.5, 30, 300), first=60)
    fare(store, "slow", spread(5, 34, 10), first=60)  # two a week: five days are usual
    fare(store, "slow-then-silent", spread(7.5, 34, 10), first=60)
    fare(store, "we-did-not-look", spread(8, 30, 300), first=60, success=7.9)
    fare(store, "less", [1, *spread(8, 30, 100)], first=60)
    fare(store, "never-anything", [], first=8, new=False)
    fare(store, "never-but-new", [], first=3, new=False)
    fare(store, "archive", [], first=8, kind="archive", new=False)
    states = {name: row["state"] for name, row in health(store).items()}
    assert states == {
        "busy": "healthy", "busy-then-silent": "silent", "weekend": "healthy", "slow": "healthy", "slow-then-silent": "silent",
        "we-did-not-look": "overdue", "less": "low", "never-anything": "silent", "never-but-new": "healthy", "archive": "healthy",
    }  # fmt: skip


def test_the_stock_of_the_first_look_is_not_what_is_usual(store):
    fare(store, "added-lately", [10.0] * 200 + [9, 8, 2, 1], first=9.99)
    fare(store, "added-a-while-ago", [21.5] * 200 + [20, 18, 15, 13, 11, 9, 8, 7.5, 3, 1], first=21.4)
    found = health(store)
    assert (found["added-lately"]["new_last_week"], found["added-lately"]["new_usual_week"]) == (2, None)
    assert found["added-lately"]["state"] == "healthy"
    row = found["added-a-while-ago"]
    assert (row["new_last_week"], float(row["new_usual_week"])) == (2, 3.9)  # eight in fourteen days


# ------------------------------------------------------------------------------------------------ the command line


@pytest.fixture
def run(engine, world, tmp_path, monkeypatch):
    _, feed = world
    monkeypatch.setenv("COLUMNS", "180")
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATELINE_ALLOW_HOSTS", feed.site.host)
    monkeypatch.setenv("DATELINE_MIN_PACE_SECONDS", "0")
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("DATELINE_DATABASE_URL", address)

    def invoke(*words, code=0):
        result = CliRunner().invoke(command.app, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return invoke


def test_the_list_says_when_a_source_is_asked_next(run, world):
    tools, feed = world
    tools.now.at = datetime.now(UTC) - timedelta(hours=2)
    intake.discover(tools)
    tools.now.on(hours=2)
    feed.count = 203
    intake.discover(tools)
    head, line, *_ = run("list").splitlines()
    assert " ".join(head.split()) == "id state source kind looked next every last new week usual"
    assert "now" in line
    assert "in 30 min" in line or "in 29 min" in line
    assert "30 min" in line
    assert line.split()[-1] == "200"  # this week; the stock is not counted, and a week was not observed
    (row,) = json.loads(run("list", "--json"))
    assert (row["interval_minutes"], row["push"], row["new_usual_week"]) == (30, None, None)
    tools.now.on(hours=-1)
    with tools.engine.begin() as conn:
        conn.execute(text("update dateline.sources set last_polled_at = now() - interval '1 day'"))
    assert "due" in run("list")


def test_hubs_on_the_command_line(run, world, monkeypatch):
    tools, feed = world
    with running_hub() as hub:
        body = f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="{hub.url}"/></feed>'.encode()
        feed.site.routes["/feed.xml"] = answer(body, kind="application/atom+xml")
        assert f"offers a hub that pushes what is new: {hub.url}" in run("test", "1")
        with pytest.raises(UserError, match="DATELINE_PUBLIC_URL"):
            run("subscribe", "1")
        monkeypatch.setenv("DATELINE_PUBLIC_URL", "https://news.example.org")
        monkeypatch.setenv("DATELINE_ALLOW_HOSTS", f"{feed.site.host},{hub.host}")
        assert "offers no hub" in run("subscribe", "1", code=1)  # it was not looked at yet
        intake.discover(tools)
        assert "offered" in run("list")
        assert "was asked to push" in run("subscribe", "1")
        (form,) = hub.forms
        assert form["hub.callback"].startswith("https://news.example.org/websub/")
        assert "asked" in run("list")
        with tools.engine.begin() as conn:
            conn.execute(
                text(
                    "update dateline.websub_subscriptions set state = 'active', refused = 3, "
                    "expires_at = now() + interval '100 hours'"
                )
            )
        assert "active 4 d, 3 refused" in run("list")
        hub.answers = [(500, b"broken", {})]
        assert "server_error" in run("unsubscribe", "1", code=1)
        assert "is to push no more" in run("unsubscribe", "1")
        assert hub.forms[-1]["hub.mode"] == "unsubscribe"
    with pytest.raises(UserError, match="no source has the number 9"):
        run("subscribe", "9")


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_list_fits_the_terminal(width):
    import io

    from rich.console import Console

    from dateline.cli.sources_show import show_health

    usual = {
        "state": "healthy", "name": "The Daily Example of the Northern Counties", "url": "http://x.example/", "kind": "feed",
        "last_polled_at": BEGIN, "next_due_at": BEGIN + timedelta(minutes=20), "interval_minutes": 42, "last_new_at": None,
        "new_last_week": 12_345, "new_usual_week": None, "push": None, "push_until": None, "deliveries_refused": None,
        "failures": 0, "failure_code": None,
    }  # fmt: skip
    rows = [
        usual | {"source_id": 1, "state": "failing", "failures": 12, "failure_code": "private_address"},
        usual | {"source_id": 2, "push": "active", "push_until": BEGIN + timedelta(days=5), "deliveries_refused": 7},
    ]
    out = io.StringIO()
    show_health(Console(file=out, width=width), rows, now=BEGIN)
    said = out.getvalue()
    assert max(map(len, said.splitlines())) <= width
    for word in ("failing", "12,345", "in 20 min", "never", "The D", "private_address", "active 5 d", "refused"):
        assert word in said
