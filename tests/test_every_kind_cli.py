"""Each way in which news arrives works from the command line, from the address of the source to coded articles."""

from __future__ import annotations

import psycopg
import pytest
from typer.testing import CliRunner

from dateline.cli.app import app

from .every_kind import plain, publishing


@pytest.fixture
def dateline(monkeypatch, prepared_url, tmp_path):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATELINE_MIN_PACE_SECONDS", "0")
    monkeypatch.setenv("DATELINE_WORKERS", "1")
    monkeypatch.setenv("DATELINE_DATABASE_URL", prepared_url)

    def invoke(*words, code=0):
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return invoke


@pytest.mark.model
def test_each_kind_of_source_gives_coded_articles(dateline, monkeypatch, prepared_url, tmp_path):
    with publishing(tmp_path / "given") as (site, published):
        monkeypatch.setenv("DATELINE_ALLOW_HOSTS", site.host)
        for it in published:
            said = dateline("sources", "add", it.source, *(("--kind", "links") if it.kind == "links" else ()))
            assert "stored as source" in said, it.source
        dateline("discover")
        dateline("ingest")
        with psycopg.connect(prepared_url) as connection:
            found = {
                plain(url): (kind, outcome)
                for url, kind, outcome in connection.execute(
                    "select f.url, s.kind, f.outcome from dateline.frontier f left join dateline.sources s using (source_id)"
                )
            }
        wanted = {url: (it.kind, "coded") for it in published for url in it.urls}
        assert found == wanted
        asked = len(site.paths)
        assert " new" not in dateline("discover")
        dateline("ingest")
        stories = [path for path in site.paths[asked:] if f"{site.url}{path}" in wanted]
        assert stories == []  # nothing is fetched twice
