"""Show what a source gives, and how sources fare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from dateline.discover.web import Getter
    from dateline.types import Discovery, Rejected, Source

SHOWN = 10
COLOURS = {
    "healthy": "green",
    "new": "cyan",
    "shaky": "yellow",
    "low": "yellow",
    "overdue": "yellow",
    "silent": "red",
    "failing": "red",
    "disabled": "dim",
}
PUSH_COLOURS = {"active": "green", "denied": "yellow", "expired": "yellow", "offered": "dim", "ended": "dim"}
WIDE = 110  # characters of a terminal that has room for every column
UNREMARKABLE = ("offered", "ended")  # of a hub: nothing to do about it
SHORTEST = 60  # seconds that are worth saying
UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))
ORDER = (
    "failing",
    "silent",
    "overdue",
    "low",
    "shaky",
    "new",
    "healthy",
    "disabled",
)  # what needs a person comes first

_HEALTH = text("select * from dateline.source_health order by source_id")


def show_look(
    console: Console, source: Source, client: Getter, *, now: datetime, since: date | None = None, few: int = SHOWN
) -> None:
    """Look at a source and print what it would take. Raises ArticleError where it cannot be read."""
    console.print(_headline(source))
    if source.kind == "inbox":
        _show_inbox(console, source)
    elif source.kind == "archive":
        _show_archive(console, source, few)
    else:
        from dateline.discover import discover

        _show_refs(console, discover(source, client, now=now, since=since), now, few)


def health_rows(conn: Connection) -> list[dict[str, Any]]:
    """Return the view `source_health`, those that need a person first."""
    rows = [dict(row) for row in conn.execute(_HEALTH).mappings()]
    return sorted(rows, key=lambda row: ORDER.index(row["state"]) if row["state"] in ORDER else 0)


def show_health(console: Console, rows: list[dict[str, Any]], *, now: datetime) -> None:
    """Print how sources fare."""
    if not rows:
        console.print("no sources yet: `dateline sources add URL`", highlight=False)
        return
    wide = console.width >= WIDE
    columns = list(_columns(rows, wide=wide))
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.name, justify=column.justify, no_wrap=not column.gives_way, min_width=column.least)
    for row in rows:
        table.add_row(*(column.cell(row, now) for column in columns))
    console.print(table)
    if not wide:
        _show_notes(console, rows, now)
    said = Counter(row["state"] for row in rows)
    console.print(", ".join(f"{said[state]} {state}" for state in ORDER if said[state]), style="dim", highlight=False)
    if said["overdue"]:
        console.print(
            "overdue: nobody looks; is `discover` paused, or the stack down?", style="yellow", highlight=False
        )


class _Column(NamedTuple):
    """Be one column of the table of sources; what gives way is cut or broken where there is little room."""

    name: str
    cell: Callable[[dict[str, Any], datetime], str | Text]
    justify: Literal["left", "right"] = "left"
    gives_way: bool = False
    least: int | None = None


def _columns(rows: list[dict[str, Any]], *, wide: bool) -> Iterator[_Column]:
    """Yield the columns that have something to say, and that there is room for."""
    yield _Column("id", lambda row, _: str(row["source_id"]))
    yield _Column("state", lambda row, _: Text(row["state"], style=COLOURS.get(row["state"], "")))
    yield _Column("source", lambda row, _: _name(row), gives_way=True, least=8)
    if wide:
        yield _Column("kind", lambda row, _: row["kind"])
    yield _Column("looked", lambda row, now: ago(row["last_polled_at"], now))
    yield _Column("next", lambda row, now: due(row["next_due_at"], now))
    if wide:
        yield _Column("every", lambda row, _: _length(row["interval_minutes"] * 60))
    yield _Column("last new", lambda row, now: ago(row["last_new_at"], now))
    yield _Column("week", lambda row, _: f"{row['new_last_week']:,}", justify="right")
    yield _Column("usual", lambda row, _: _rounded(row["new_usual_week"]), justify="right")
    if wide and any(row["push"] for row in rows):
        yield _Column("push", _push, gives_way=True)
    if wide and any(row["failures"] for row in rows):
        yield _Column("failures", lambda row, _: _failures(row), gives_way=True)


def _show_notes(console: Console, rows: list[dict[str, Any]], now: datetime) -> None:
    """Say below a narrow table what there was no room for in it."""
    for row in rows:
        for name, note in (("failures", _failures(row)), ("push", _push(row, now))):
            if note and note.plain not in UNREMARKABLE:
                console.print(Text(f"source {row['source_id']}: {name} "), note, sep="", soft_wrap=True)


def _name(row: dict[str, Any]) -> Text:
    return Text(row["name"] or row["url"].partition("://")[2] or row["url"], overflow="ellipsis", no_wrap=True)


def _rounded(number: Decimal | None) -> str:
    return "" if number is None else f"{number:,.0f}"


def _failures(row: dict[str, Any]) -> Text:
    return Text(f"{row['failures']} x {row['failure_code']}" if row["failures"] else "", style="red")


def ago(at: datetime | None, now: datetime) -> str:
    """Say how long ago something was, shortly."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    if abs(seconds) < SHORTEST:
        return "now"
    return _length(seconds) if seconds > 0 else f"in {_length(-seconds)}"


def due(at: datetime | None, now: datetime) -> str:
    """Say when something is to be done."""
    if at is None:
        return ""
    return "due" if at <= now else ago(at, now)


def _length(seconds: float) -> str:
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), UNITS[-1])
    return f"{seconds / size:.0f} {unit}"


def _push(row: dict[str, Any], now: datetime) -> Text:
    """Say how the subscription at a source's hub stands."""
    said = row["push"] or ""
    if said == "active":
        said += f" {_length((row['push_until'] - now).total_seconds())}"
    if row["deliveries_refused"]:
        said += f", {row['deliveries_refused']:,} refused"
    return Text(said, style=PUSH_COLOURS.get(row["push"], ""))


def _headline(source: Source) -> Text:
    line = Text()
    line.append(f"{source.kind}  ", style="bold cyan")
    line.append(source.url, style="bold")
    about = ", ".join(part for part in (source.name, source.language, source.country) if part)
    line.append(f"  {about}" if about else "", style="dim")
    return line


def _show_refs(console: Console, found: Discovery, now: datetime, few: int) -> None:
    newest = sorted(found.refs, key=lambda ref: ref.published_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    dated = [ref.published_at for ref in newest if ref.published_at is not None]
    said = f"{len(found.refs):,} articles"
    said += f", the newest {ago(dated[0], now)} old, the oldest {ago(dated[-1], now)}" if dated else ""
    console.print(f"  {said}", highlight=False)
    if few and newest:
        table = Table("age", "title", "address", box=None, pad_edge=False, padding=(0, 2, 0, 2))
        for ref in newest[:few]:
            mark = f" ({', '.join(ref.marks)})" if ref.marks else ""
            age = ago(ref.published_at, now) + mark if ref.published_at else "?"
            title = Text(ref.title or "", overflow="ellipsis", no_wrap=True)
            table.add_row(age, title, Text(ref.url, overflow="ellipsis", no_wrap=True, style="dim"))
        console.print(table)
        if len(newest) > few:
            console.print(f"  … and {len(newest) - few:,} more", style="dim", highlight=False)
    if found.hub is not None:
        console.print(Text(f"  offers a hub that pushes what is new: {found.hub.url}", style="dim"), soft_wrap=True)
    _show_faults(console, found.rejected)


def _show_inbox(console: Console, source: Source) -> None:
    from dateline.errors import DiscoverError

    folder = Path(source.url)
    if not folder.is_dir():
        raise DiscoverError(f"{folder} is no folder", code="no_file")
    waiting = [path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    console.print(f"  {len(waiting):,} files wait in it", highlight=False)


def _show_archive(console: Console, source: Source, few: int) -> None:
    """Show the first pages of an archive; reading all of it may take hours."""
    from dateline.discover.archives import archive_names, read_archives

    names = archive_names(source.url)
    console.print(f"  {len(names):,} archive{'s' if len(names) != 1 else ''}", highlight=False)
    if "://" in source.url:
        return
    first = list(islice(read_archives(source.url), max(few, 1)))
    for record in first[:few]:
        if record.page is not None:
            console.print(
                Text(f"  {record.page.fetched_at:%Y-%m-%d}  {record.page.url}", overflow="ellipsis", no_wrap=True)
            )
    _show_faults(console, tuple(record.rejected for record in first if record.rejected is not None))


def _show_faults(console: Console, rejected: tuple[Rejected, ...]) -> None:
    for code, number in Counter(fault.code for fault in rejected).most_common():
        example = next(fault.message for fault in rejected if fault.code == code)
        console.print(f"  [yellow]{code}[/] {number} x {example}", highlight=False, soft_wrap=True)
