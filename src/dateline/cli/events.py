"""Offer `dateline events`: a readable listing, each event with the sentence it was read from and its link."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, get_args

import typer
from rich.console import Console, Group
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from dateline.errors import UserError
from dateline.settings import Settings, load_settings
from dateline.store.queries import EventRow, Order, list_events
from dateline.types import EventType, Modality

COLOURS = {1: "green", 2: "bright_green", 3: "yellow", 4: "red"}
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
}
ALL = "all"


def events(
    *,
    type: list[str] = typer.Option([], "--type", "-t", help="PLOVER types, such as SANCTION; may be given again."),
    country: str | None = typer.Option(None, help="Either side or the place: ISO 3166-1 alpha-3, or IGO."),
    source_country: str | None = typer.Option(None, help="Who did it: ISO 3166-1 alpha-3, or IGO."),
    target_country: str | None = typer.Option(None, help="To whom: ISO 3166-1 alpha-3, or IGO."),
    since: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="First day."),
    until: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="Last day."),
    actor: str | None = typer.Option(None, help="An id of the actor list, or a part of a name."),
    modality: str = typer.Option("asserted", help="asserted, planned, threatened, … or all (negated ones too)."),
    order: str = typer.Option("newest", help="newest, or reported: what most independent sources tell of first."),
    limit: int = typer.Option(50, min=1, help="At most so many."),
    as_json: bool = typer.Option(False, "--json", help="JSON Lines."),
    as_csv: bool = typer.Option(False, "--csv", help="CSV."),
) -> None:
    """List events, newest first, each with the sentence that it was read from.

    Examples:
      dateline events --type SANCTION --source-country USA --since 2018-01-01

      dateline events --actor Pompeo --json | jq .sentence

    """
    found = _read(
        load_settings(),
        types=tuple(_one_of(name.upper(), get_args(EventType), "--type") for name in type),
        country=_upper(country),
        source_country=_upper(source_country),
        target_country=_upper(target_country),
        since=since.date() if since else None,
        until=until.date() if until else None,
        actor=actor,
        modality=None if modality == ALL else _one_of(modality, (*get_args(Modality), ALL), "--modality"),
        limit=limit,
        order=_one_of(order, get_args(Order), "--order"),
    )
    if as_json:
        for row in found:
            typer.echo(json.dumps(asdict(row), ensure_ascii=False, default=_plain))
    elif as_csv:
        _print_csv(found)
    else:
        _print(Console(), found)


def print_events(console: Console, settings: Settings, limit: int, *, order: Order = "newest") -> None:
    """Print the newest or the most reported events, each with its sentence and link."""
    _print(console, _read(settings, limit=limit, order=order) if limit > 0 else [])


def _read(settings: Settings, **filters: Any) -> list[EventRow]:
    from dateline.store.engine import open_engine
    from dateline.store.migrate import require_head

    engine = open_engine(settings.require_database_url())
    try:
        require_head(engine)
        with engine.connect() as conn:
            return list_events(conn, **filters)
    finally:
        engine.dispose()


def _print(console: Console, found: Sequence[EventRow]) -> None:
    if not found:
        console.print("no such events")
        return
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(ratio=1)
    for row in found:
        table.add_row(_day(row), Padding(Group(_headline(row), _sentence(row), _origin(row)), (0, 0, 1, 1)))
    console.print(table)
    console.print(f"{len(found)} event{'s' if len(found) != 1 else ''}", style="dim")


def _day(row: EventRow) -> str:
    if row.date_from is None:
        return f"≤ {row.first_reported_on}" if row.first_reported_on else "undated"
    if row.date_precision in {"day", None} or row.date_to is None:
        return row.date_from.isoformat()
    if row.date_precision == "month":
        return row.date_from.strftime("%Y-%m")
    if row.date_precision == "year":
        return row.date_from.strftime("%Y")
    return f"{row.date_from} … {row.date_to:%m-%d}"


def _headline(row: EventRow) -> Text:
    line = Text(overflow="fold")
    line.append(_side(row.source_name, row.source_text, row.source_country, row.source_sectors))
    line.append("  ")
    kind = row.event_type + (f"/{row.mode}" if row.mode else "")
    line.append(kind, style=f"bold {COLOURS[QUADS.get(row.event_type, 4)]}")
    if row.negated or row.modality != "asserted":
        line.append(f" ({'not, ' if row.negated else ''}{row.modality})", style="magenta")
    line.append("  ")
    line.append(_side(row.target_name, row.target_text, row.target_country, row.target_sectors))
    if row.place_name:
        line.append(f"  in {row.place_name}", style="cyan")
        if row.place_country and row.place_country != row.place_name:
            line.append(f" {row.place_country}", style="dim cyan")
    return line


def _side(name: str | None, words: str | None, country: str | None, sectors: Sequence[str]) -> Text:
    shown = Text(name or words or "—", style="bold" if name else "")
    codes = " ".join(part for part in (country, "/".join(sectors[:2])) if part)
    if codes:
        shown.append(f" [{codes}]", style="dim")
    return shown


def _sentence(row: EventRow) -> Text:
    """Return the sentence, with the words that tell of the event marked."""
    if row.sentence is None:
        return Text("(the source's text policy keeps no sentence)", style="dim")
    shown = Text(" ".join(row.sentence.split()), style="italic")
    words = " ".join((row.trigger_text or "").split())
    # offsets point into the whole text; the sentence was stripped, so that it may begin a little later
    guess = max(0, (row.trigger_start or 0) - (row.sentence_start or 0) - len(words))
    at = shown.plain.find(words, min(guess, len(shown.plain))) if words else -1
    at = at if at >= 0 or not words else shown.plain.find(words)
    if at >= 0:
        shown.stylize("underline bold not italic", at, at + len(words))
    return shown


def _origin(row: EventRow) -> Text:
    line = Text(style="dim")
    line.append(row.outlet or "unknown outlet")
    if row.published_on:
        line.append(f", {row.published_on}")
    if row.independent_sources > 1:
        line.append(f" · {row.independent_sources} independent sources", style="green")
    elif row.articles > 1:
        line.append(f" · {row.articles} copies")
    if row.attribution:
        line.append(f" · says {row.attribution}")
    line.append(f" · {row.confidence:.0%} sure")
    if row.url:
        line.append("\n")
        line.append(row.url, style=Style(link=row.url, color="blue"))
    return line


def _print_csv(found: Sequence[EventRow]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = [field.name for field in fields(EventRow)]
    writer.writerow(names)
    for row in found:
        writer.writerow([_cell(getattr(row, name)) for name in names])


def _cell(value: Any) -> Any:
    return ";".join(value) if isinstance(value, tuple) else value


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _upper(value: str | None) -> str | None:
    return value.upper() if value else None


def _one_of(value: str, known: Sequence[str], option: str) -> str:
    if value not in known:
        raise UserError(f"{option} {value}: choose one of {', '.join(known)}", code="bad_option")
    return value
