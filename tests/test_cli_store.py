"""`dateline events`, `report` and `db`: from the command line to a real database."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest

from dateline.cli import main
from dateline.resolve import resolve
from dateline.store import migrate
from dateline.store.engine import open_engine
from tests import factories as make
from tests import store_help as walk


@pytest.fixture
def call(database_url, monkeypatch, capsys):
    """Run `dateline …` and return its status, output and errors."""
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["dateline", *words])
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return run


@pytest.fixture(scope="module")
def filled_url(postgres_server):
    with walk.database(postgres_server, "listed") as url:
        engine = open_engine(url)
        migrate.upgrade(engine)
        with engine.begin() as conn:
            for name in ("a", "b"):
                walk.code(conn, make.article(f"http://news.example/{name}"))
        resolve(engine, now=make.NOW)
        engine.dispose()
        yield url


@pytest.fixture
def filled(call, filled_url, monkeypatch):
    monkeypatch.setenv("DATELINE_DATABASE_URL", filled_url)


@pytest.mark.usefixtures("filled")
def test_events_are_listed_for_people_and_programs(call):
    status, shown, _ = call("events")
    assert status == 0
    for words in (
        "France",
        "SANCTION",
        "Russia",
        "France sanctioned Russia on Thursday.",
        "http://news.example/",
        "2 independent sources",
    ):
        assert words in shown
    (line,) = call("events", "--json")[1].splitlines()
    assert json.loads(line)["sentence"] == "France sanctioned Russia on Thursday."
    (row,) = csv.DictReader(io.StringIO(call("events", "--csv")[1]))
    assert (row["event_type"], row["source_sectors"]) == ("SANCTION", "GOV")
    assert "no such events" in call("events", "--type", "aid")[1]
    assert "no such events" in call("events", "--since", "2024-05-03", "--country", "fra")[1]


@pytest.mark.usefixtures("filled")
def test_the_report_is_for_people_and_programs(call):
    status, shown, _ = call("report")
    assert status == 0
    assert "found" in shown
    funnel = json.loads(call("report", "--json")[1])["funnel"]
    assert (funnel["found"], funnel["annotated"], funnel["events"]) == (2, 2, 1)


@pytest.mark.parametrize(
    "words",
    [("events", "--type", "WAR"), ("events", "--modality", "maybe"), ("events", "--limit", "0"), ("report", "--no")],
)
def test_a_wrong_call_is_one_clear_line(call, words):
    status, _, said = call(*words)
    assert status == 2
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["events", "report"])
def test_an_empty_database_says_what_to_do(call, command):
    status, _, said = call(command)
    assert status == 2
    assert "dateline db upgrade" in said


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "mysql://a/b"])
def test_no_database_says_what_to_do(call, monkeypatch, url):
    monkeypatch.setenv("DATELINE_DATABASE_URL", url)
    status, _, said = call("events")
    assert status == 2
    assert len(said.strip().splitlines()) == 1


def test_the_database_is_upgraded_once(call, database_url):
    assert call("db", "current")[0] == 1
    engine = open_engine(database_url)
    migrate.upgrade(engine)
    engine.dispose()
    status, shown, _ = call("db", "current")
    assert (status, shown.split()) == (0, ["database", f"{migrate.head()},", "needed", migrate.head()])
    assert call("db", "psql-url")[1].startswith("postgresql://")
