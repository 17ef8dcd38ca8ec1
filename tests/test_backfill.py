"""Archives are taken by files, globs and days, and a run that ended goes on at the record where it stood."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from dateline import pipeline
from dateline.discover.receive import Days, receive
from dateline.errors import DiscoverError
from dateline.runtime import open_tools
from dateline.settings import Settings
from dateline.types import Source
from tests.hostile import PAGE
from tests.test_discover_archives import NOW, archive, record


@pytest.fixture
def settings(prepared_url, tmp_path):
    return Settings(home=tmp_path / "home", database_url=prepared_url, workers=1)


def rows(settings, sql):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(sql).fetchall()


def test_an_archive_is_taken_once_and_what_is_added_later_too(settings, tmp_path):
    archive(tmp_path / "a.warc.gz", 60)
    with open_tools(settings) as tools:
        pattern = str(tmp_path / "*.warc.gz")
        first = pipeline.backfill(tools, [pattern])
        assert (first["found"], first["new"], first["sources"]) == (60, 60, 1)
        assert pipeline.backfill(tools, [pattern])["found"] == 0
        archive(tmp_path / "b.warc.gz", 5, first=60)
        assert pipeline.backfill(tools, [pattern])["found"] == 5
        assert pipeline.backfill(tools, [pattern], again=True)["found"] == 65
        assert pipeline.discover(tools)["sources"] == 0  # no look at all sources touches it
    assert rows(settings, "select count(*) from dateline.captures") == [(65,)]
    placed = rows(
        settings, "select warc_file, count(distinct warc_offset) from dateline.captures group by 1 order by 1"
    )
    assert placed == [(str(tmp_path / "a.warc.gz"), 60), (str(tmp_path / "b.warc.gz"), 5)]
    assert rows(settings, "select distinct stage, ok from dateline.runs where stage = 'backfill'") == [
        ("backfill", True)
    ]


def test_a_run_that_was_ended_goes_on_where_it_stood(settings, tmp_path):
    path = str(archive(tmp_path / "a.warc.gz", 120))
    taken = []

    def end(counts):
        taken.append(counts["given"])
        if len(taken) == 1:
            raise KeyboardInterrupt

    with open_tools(settings) as tools:
        with pytest.raises(KeyboardInterrupt):
            pipeline.backfill(tools, [path], tell=end)
        assert rows(settings, "select count(*) from dateline.captures") == [(taken[0],)]
        pipeline.backfill(tools, [path], tell=end)
    assert sum(taken) == 120
    ended = rows(settings, "select ok, message from dateline.runs where stage = 'backfill' order by run_id")
    assert ended == [(False, "it was ended"), (True, None)]


def test_only_some_days_of_it(settings, tmp_path):
    from warcio.warcwriter import WARCWriter

    path = tmp_path / "days.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for day in (23, 24, 25, 26):
            when = {"WARC-Date": f"2018-08-{day}T17:05:00Z"}
            record(writer, f"http://x.example/{day}", PAGE, warc=when)
    with open_tools(settings) as tools:
        some = Days(date(2018, 8, 24), date(2018, 8, 25))
        assert pipeline.backfill(tools, [str(path)], days=some)["found"] == 2
        assert pipeline.backfill(tools, [str(path)], days=some)["found"] == 0
        assert pipeline.backfill(tools, [str(path)], days=Days(since=date(2018, 8, 26)))["found"] == 1
        assert pipeline.backfill(tools, [str(path)])["found"] == 4  # the other days were not taken yet
    found = rows(settings, "select url from dateline.frontier order by 1")
    assert [url[-2:] for (url,) in found] == ["23", "24", "25", "26"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("CC-NEWS-20180824113045-00123.warc.gz", True),
        ("CC-NEWS-20180823233045-00123.warc.gz", True),  # may reach into the next day
        ("CC-NEWS-20180822113045-00123.warc.gz", False),
        ("https://data.example/CC-NEWS-20180826113045-00123.warc.gz", False),
        ("news-20180101.warc.gz", True),  # no time stamp of an archiver: perhaps of the download
        ("20189999999999.warc.gz", True),
    ],
)
def test_files_of_other_days_are_not_opened(name, wanted):
    assert Days(date(2018, 8, 24), date(2018, 8, 25)).in_file(name) == wanted


def test_no_such_file_is_said_before_anything_is_taken(settings, tmp_path):
    with open_tools(settings) as tools, pytest.raises(DiscoverError, match="no archive at"):
        pipeline.backfill(tools, [str(archive(tmp_path / "a.warc.gz", 3)), str(tmp_path / "none.warc.gz")])
    assert rows(settings, "select count(*) from dateline.sources") == [(0,)]


def test_what_is_no_article_page_is_a_reject_here_as_on_the_web(settings, tmp_path):
    from warcio.warcwriter import WARCWriter

    path = tmp_path / "odd.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        record(writer, "http://x.example/a", PAGE)
        record(writer, "http://x.example/b", b"<html><title>404 Page not found</title><p>Sorry.</p></html>")
        record(
            writer,
            "http://x.example/c",
            PAGE.replace(b"</head>", b'<script>{"isAccessibleForFree": false}</script></head>'),
        )
    with open_tools(settings) as tools:
        assert pipeline.backfill(tools, [str(path)])["rejected"] == 1
    assert rows(settings, "select stage, code from dateline.rejects") == [("discover", "soft_404")]
    assert rows(settings, "select url, marks from dateline.captures order by 1") == [
        ("http://x.example/a", []),
        ("http://x.example/c", ["paywall"]),
    ]


def test_marks_of_days_are_understood(tmp_path):
    path = str(archive(tmp_path / "a.warc.gz", 3))
    source = Source(url=path, kind="archive", id=1)
    (delivery,) = receive(source, now=NOW, days=Days(since=date(2018, 1, 1)))
    assert delivery.mark is not None
    assert delivery.mark.endswith("#2018-01-01..")
    assert len(delivery.places) == len(delivery.pages) == 3
