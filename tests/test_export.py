"""Export: whole files, the same again, and readable by others."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from importlib.util import find_spec

import pytest
from sqlalchemy import text

from dateline.errors import UserError
from dateline.export import DAYS, UNDATED, export_views
from dateline.resolve import resolve
from dateline.store import migrate
from dateline.store.engine import open_engine
from dateline.types import PubDate
from tests import factories as make
from tests import store_help as walk


@pytest.fixture(scope="module")
def engine(postgres_server):
    with walk.database(postgres_server, "exported") as url:
        engine = open_engine(url)
        migrate.upgrade(engine)
        with engine.begin() as conn:
            for number, day in enumerate([date(2024, 4, 30), date(2024, 5, 1), None]):
                published = None if day is None else PubDate(value=day, basis="meta")
                article = make.article(f"http://news.example/{number}", published=published)
                walk.code(conn, article, make.event(day=day, mode='a "mode", no less', contexts=("economic", "legal")))
        resolve(engine, now=make.NOW)
        yield engine
        engine.dispose()


def read(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_a_month_and_again_the_same_bytes(engine, tmp_path):
    done = export_views(engine, tmp_path)
    names = [file.path.relative_to(tmp_path).as_posix() for file in done]
    assert names == [f"event_report/month={month}/part.csv.gz" for month in ("2024-04", "2024-05", UNDATED)]
    ((row,), *_) = [read(file.path) for file in done]
    assert (row["mode"], row["contexts"], row["source_name"], row["place_name"]) == (
        'a "mode", no less',
        "economic;legal",
        "France",
        "",
    )
    before = {file.path: file.path.read_bytes() for file in done}
    assert export_views(engine, tmp_path) == done
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["part.csv.gz"] * 3


def test_days_choose_whole_months(engine, tmp_path):
    done = export_views(engine, tmp_path, since=date(2024, 5, 20), until=date(2024, 6, 1))
    assert [file.path.parent.name for file in done] == ["month=2024-05"]


def test_a_month_without_rows_loses_its_file(engine, tmp_path):
    export_views(engine, tmp_path)
    with engine.begin() as conn:
        conn.execute(text("update dateline.events set superseded_at = now() where date_from = '2024-04-30'"))
    export_views(engine, tmp_path)
    with engine.begin() as conn:
        conn.execute(text("update dateline.events set superseded_at = null"))
    assert sorted(path.parent.name for path in tmp_path.rglob("part.*")) == ["month=2024-05", f"month={UNDATED}"]


def test_every_view_can_be_exported(engine, tmp_path):
    done = export_views(engine, tmp_path, views=tuple(DAYS))
    assert {file.view for file in done} == set(DAYS)
    assert all(len(read(file.path)) == file.rows for file in done)


def test_an_unknown_view_is_one_clear_line(engine, tmp_path):
    with pytest.raises(UserError, match="choose from"):
        export_views(engine, tmp_path, views=("frontier; drop table x",))


def test_parquet_keeps_types(engine, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    done = export_views(engine, tmp_path, views=tuple(DAYS), format="parquet")
    report = next(file for file in done if file.view == "event_report")
    (row,) = parquet.ParquetFile(report.path).read().to_pylist()
    assert (row["date_from"], row["contexts"], row["independent_sources"]) == (
        date(2024, 4, 30),
        ["economic", "legal"],
        1,
    )


@pytest.mark.skipif(find_spec("pyarrow") is not None, reason="pyarrow is there")
def test_parquet_without_pyarrow_says_what_to_do(engine, tmp_path):
    with pytest.raises(UserError, match="pyarrow"):
        export_views(engine, tmp_path, format="parquet")
