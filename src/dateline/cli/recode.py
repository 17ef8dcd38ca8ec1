"""Offer `dateline recode`: code stored texts again, and see what changes before it counts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from dateline.recode import RecodeReport
    from dateline.store.recoding import CodedMention

SHOWN = 20  # rows of each kind; --json has all


def recode(
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="First publication day."),
    until: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Last publication day."),
    source: int = typer.Option(None, help="Number of a source (see `dateline sources list`)."),
    promote: bool = typer.Option(False, "--promote", help="Let the new codings count from now on."),
    as_json: bool = typer.Option(False, "--json", help="Print the whole report as JSON."),
) -> None:
    """Code stored texts again with the coder of today, and list the event mentions gained, lost and changed.

    Without --promote nothing that counts is touched: read the report first. Nothing is fetched. For example:

      dateline recode --since 2018-08-01 --until 2018-08-31

      dateline recode --promote
    """
    from dateline.recode import recode as run
    from dateline.runtime import open_tools
    from dateline.settings import load_settings
    from dateline.store.recoding import Choice

    choice = Choice(since=since.date() if since else None, until=until.date() if until else None, source_id=source)
    console = Console()
    with open_tools(load_settings()) as tools, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("coding texts again", total=None)
        report = run(
            tools, choice, promote=promote, tell=lambda done, total: progress.update(task, completed=done, total=total)
        )
    if as_json:
        typer.echo(json.dumps(report_json(report), ensure_ascii=False))
    else:
        _show(console, report)


def report_json(report: RecodeReport) -> dict[str, Any]:
    """Shape a report for JSON."""
    return {
        "texts": report.texts,
        "failed": report.failed,
        "same": report.same,
        "promoted": report.promoted,
        "gained": [_mention(mention) for mention in report.gained],
        "lost": [_mention(mention) for mention in report.lost],
        "changed": [
            {"before": _mention(change.before), "after": _mention(change.after), "parts": list(change.parts)}
            for change in report.changed
        ],
    }


def _mention(mention: CodedMention) -> dict[str, Any]:
    from dateline.annotate.records import to_json

    return {name: str(value) if name == "mention_key" else value for name, value in to_json(mention).items()}


def _show(console: Console, report: RecodeReport) -> None:
    for title, colour, mentions in (("Gained", "green", report.gained), ("Lost", "red", report.lost)):
        table = Table("event", "who → whom", "sentence", title=f"{title}: {len(mentions)}", title_style=colour)
        for mention in mentions[:SHOWN]:
            table.add_row(_event(mention), _who(mention), _sentence(mention))
        if mentions:
            console.print(table)
    table = Table(
        "before", "after", "differs in", "sentence", title=f"Changed: {len(report.changed)}", title_style="yellow"
    )
    for change in report.changed[:SHOWN]:
        before, after = (
            f"{_event(change.before)}\n{_who(change.before)}",
            f"{_event(change.after)}\n{_who(change.after)}",
        )
        table.add_row(before, after, ", ".join(change.parts), _sentence(change.after))
    if report.changed:
        console.print(table)
    console.print(
        f"{report.texts} texts coded again, {report.failed} failed; {report.same} mentions the same, "
        f"{len(report.gained)} gained, {len(report.lost)} lost, {len(report.changed)} changed",
        highlight=False,
    )
    if report.promoted:
        console.print(f"the new codings of {report.promoted} texts count now", highlight=False)
    elif report.gained or report.lost or report.changed:
        console.print("nothing that counts was touched: `dateline recode --promote` makes it count", highlight=False)


def _event(mention: CodedMention) -> str:
    said = f"{mention.event_type}{' ' + mention.mode if mention.mode else ''}"
    status = ("" if mention.modality == "asserted" else f" ({mention.modality})") + (" not" if mention.negated else "")
    return said + status


def _who(mention: CodedMention) -> str:
    return f"{mention.source_text or '?'} → {mention.target_text or '?'}"


def _sentence(mention: CodedMention) -> Text:
    said = Text(mention.sentence_text or "")
    if mention.trigger_text:
        said.highlight_words([mention.trigger_text], "bold yellow")
    return said
