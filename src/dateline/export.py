"""Write views to files: CSV or Parquet, one folder a view and one file a month, as DuckDB, pandas and Spark read them.

    <folder>/event_report/month=2024-05/part.parquet

A file appears whole or not at all, and the same rows give the same CSV bytes, so that exporting twice changes nothing.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from psycopg import Connection as DriverConnection
from psycopg import sql
from sqlalchemy import Connection, Engine, text

from dateline.errors import UserError

Format = Literal["csv", "parquet"]

# Which day a row belongs to: that of the event where it is known, else of its first report.
DAYS = {
    "event_report": "coalesce(date_from, first_reported_on)",
    "mention_report": "published_on",
    "gdelt_events": "to_date(\"SQLDATE\"::text, 'YYYYMMDD')",
    "gdelt_mentions": "to_date(left(\"MentionTimeDate\"::text, 8), 'YYYYMMDD')",
    "polecat_events": '"Event Date"',
    "icews_events": '"Event Date"',
    "phoenix_events": "to_date(\"Date\"::text, 'YYYYMMDD')",
    "dyad_month": "month",
    "exposure_day": "published_on",
}
UNDATED = "__HIVE_DEFAULT_PARTITION__"  # what readers of such folders take for null
ROWS_AT_ONCE = 10_000  # in memory
LEVEL = 6  # of gzip

_COLUMNS = text("""
    select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = to_regclass('dateline.' || :view) and attnum > 0 and not attisdropped order by attnum
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Name a file that was written."""

    view: str
    path: Path
    rows: int


class Period(NamedTuple):
    """Be the days that are asked for; None sets no limit."""

    since: date | None
    until: date | None

    def holds(self, month: date | None) -> bool:
        """Say whether a month has such days; what has no date belongs to no limited period."""
        if month is None:
            return self == (None, None)
        first = None if self.since is None else self.since.replace(day=1)
        return (first is None or month >= first) and (self.until is None or month <= self.until)


Column = tuple[str, str]  # name and SQL type
Writer = Callable[["DriverConnection[Any]", sql.Composed, Sequence[Column], Path], int]


def export_views(
    engine: Engine,
    folder: Path,
    *,
    views: Sequence[str] = ("event_report",),
    format: Format = "csv",  # noqa: A002 (the word that users know)
    since: date | None = None,
    until: date | None = None,
) -> list[Exported]:
    """Write the months that touch `since` to `until` of each view; a month that holds no rows any more loses its file.

    All files show one state of the database. Raises UserError for an unknown view, or for Parquet without pyarrow.
    """
    if unknown := [view for view in views if view not in DAYS]:
        raise UserError(f"no view {unknown[0]} to export: choose from {', '.join(DAYS)}", code="no_view")
    write, name = (_write_csv, "part.csv.gz") if format == "csv" else (_parquet_writer(), "part.parquet")
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn, conn.begin():
        return [
            file for view in views for file in _export(conn, view, folder / view / name, write, Period(since, until))
        ]


def _export(conn: Connection, view: str, place: Path, write: Writer, period: Period) -> Iterator[Exported]:
    below = conn.connection.driver_connection
    assert isinstance(below, DriverConnection)
    columns = [(row.name, row.type) for row in conn.execute(_COLUMNS, {"view": view})]
    day = DAYS[view]
    months = conn.execute(text(f"select distinct date_trunc('month', {day})::date from dateline.{view} order by 1"))  # noqa: S608 (ours)
    wanted = [month for month in months.scalars() if period.holds(month)]
    for month in wanted:
        path = place.parent / f"month={_label(month)}" / place.name
        query = sql.SQL(
            "select {columns} from dateline.{view} where {month} is not distinct from {value} order by 1, 2, 3"
        ).format(
            columns=sql.SQL(", ").join(map(_selected, columns)),
            view=sql.Identifier(view),
            month=sql.SQL(f"date_trunc('month', {day})::date"),  # ours
            value=sql.Literal(month),
        )
        yield Exported(view=view, path=path, rows=_whole(path, lambda part, q=query: write(below, q, columns, part)))  # type: ignore[misc]
    _remove_empty(place, {_label(month) for month in wanted}, period)


def _label(month: date | None) -> str:
    return UNDATED if month is None else f"{month:%Y-%m}"


def _remove_empty(place: Path, written: set[str], period: Period) -> None:
    for path in place.parent.glob(f"month=*/{place.name}"):
        label = path.parent.name.removeprefix("month=")
        month = date.fromisoformat(f"{label}-01") if re.fullmatch(r"\d{4}-\d\d", label) else None
        if label not in written and period.holds(month):
            path.unlink()


def _selected(column: Column) -> sql.Composable:
    """Select a column as files can hold it: lists joined by ; in CSV are left to the writer, ids and JSON are text."""
    name, kind = column
    if kind in {"uuid", "jsonb"}:
        return sql.SQL("{0}::text as {0}").format(sql.Identifier(name))
    return sql.Identifier(name)


def _whole(path: Path, write: Callable[[Path], int]) -> int:
    """Write a file beside its place, and put it there when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        rows = write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _write_csv(conn: DriverConnection[Any], query: sql.Composed, columns: Sequence[Column], path: Path) -> int:
    """Write gzipped CSV with a header; lists are joined by ;, null is empty."""
    joined = sql.SQL(", ").join(
        sql.SQL("array_to_string({0}, ';') as {0}").format(sql.Identifier(name))
        if kind.endswith("[]")
        else sql.Identifier(name)
        for name, kind in columns
    )
    statement = sql.SQL("copy (select {} from ({}) q) to stdout (format csv, header)").format(joined, query)
    # no name and no time in the gzip header: the same rows are the same bytes
    with path.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file, conn.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for data in copy:
                file.write(bytes(data))
        return cursor.rowcount


def _parquet_writer() -> Writer:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UserError(
            "Parquet needs pyarrow: `pip install 'dateline[parquet]'`, or export CSV", code="no_pyarrow"
        ) from error

    kinds = {
        "bigint": pa.int64(), "integer": pa.int32(), "smallint": pa.int16(), "numeric": pa.float64(),
        "double precision": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(), "text[]": pa.list_(pa.string()),
        "timestamp with time zone": pa.timestamp("us", "UTC"),
    }  # fmt: skip

    def write(conn: DriverConnection[Any], query: sql.Composed, columns: Sequence[Column], path: Path) -> int:
        schema = pa.schema([(name, kinds.get(kind, pa.string())) for name, kind in columns])
        rows = 0
        with conn.cursor("dateline_export") as cursor, pq.ParquetWriter(path, schema, compression="zstd") as file:
            cursor.execute(query)
            while batch := cursor.fetchmany(ROWS_AT_ONCE):
                values = [list(column) for column in zip(*batch, strict=True)]
                arrays = [_array(pa, part, field.type) for part, field in zip(values, schema, strict=True)]
                file.write_table(pa.table(arrays, schema=schema))
                rows += len(batch)
        return rows

    return write


def _array(pa: Any, values: list[Any], kind: Any) -> Any:
    if kind == pa.float64():
        values = [None if value is None else float(value) for value in values]  # numeric comes as Decimal
    return pa.array(values, kind)
