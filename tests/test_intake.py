"""What there is to read gets onto the frontier, from wherever it comes; what cannot be used is a reject."""

from __future__ import annotations

import json
import time

import pytest

from dateline import pipeline
from dateline.runtime import is_dead, open_tools, save_sources, waiting, worker_name
from dateline.settings import Settings
from dateline.types import ArticleRef, Source


@pytest.fixture
def settings(prepared_url, tmp_path):
    return Settings(home=tmp_path, database_url=prepared_url, workers=1)


def test_references_are_counted_and_bad_ones_are_rejects(settings):
    with open_tools(settings) as tools:
        refs = [
            ArticleRef(url=url, discovered_at=tools.now()) for url in ("https://example.org/a", "ftp://x/y", "nonsense")
        ]
        first = pipeline.enqueue(tools, refs)
        assert (first["found"], first["new"], first["rejected"]) == (3, 1, 2)
        assert pipeline.enqueue(tools, refs)["new"] == 0
        with tools.engine.connect() as conn:
            assert conn.exec_driver_sql("select count(*) from dateline.rejects").scalar() == 2
    assert waiting(settings) == {"queued": 1}


def test_the_inbox_is_taken_once(settings, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    lines = [{"url": f"https://example.org/{n}", "text": f"Number {n}. " * 30, "title": "T"} for n in range(3)]
    (inbox / "some.jsonl").write_text("\n".join(json.dumps(line) for line in lines) + "\nnot json\n", encoding="utf-8")
    time.sleep(1.1)  # a file that was just written may still be growing
    with open_tools(settings) as tools:
        taken = pipeline.take_inbox(tools, inbox)
        assert (taken["given"], taken["rejected"]) == (3, 1)
        assert sum(pipeline.take_inbox(tools, inbox).values()) == 0
    assert (inbox / "failed" / "some.jsonl.reason.txt").exists()
    assert waiting(settings) == {"fetched": 3}


def test_a_folder_that_is_not_there_is_an_empty_inbox(settings, tmp_path):
    with open_tools(settings) as tools:
        assert sum(pipeline.take_inbox(tools, tmp_path / "nowhere").values()) == 0


def test_a_source_that_fails_does_not_stop_the_others(settings, tmp_path):
    urls = tmp_path / "urls.txt"
    urls.write_text("https://example.org/one\nhttps://example.org/two\n", encoding="utf-8")
    sources = [
        Source(url="http://127.0.0.1:9/feed.xml", kind="feed"),  # private, and not allowed
        Source(url=str(urls), kind="list"),
        Source(url=str(tmp_path / "no-folder"), kind="inbox"),
    ]
    save_sources(settings, sources)
    with open_tools(settings) as tools:
        counts = pipeline.discover(tools)
    assert (counts["sources"], counts["failed"], counts["new"]) == (3, 2, 2)


def test_a_worker_that_lives_is_not_dead_and_one_that_ended_is():
    import subprocess
    import sys

    assert not is_dead(worker_name())
    code = "from dateline.runtime import worker_name; print(worker_name())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert is_dead(ended)
    assert not is_dead("another-host:12:34.00")
    assert not is_dead("rubbish")
