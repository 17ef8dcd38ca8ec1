"""Show how a page was read: which mode was taken, what was dropped and why, and who said what of the metadata."""

from __future__ import annotations

import gzip
from collections import Counter
from itertools import groupby
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from dateline.encoding import decode_html
from dateline.errors import ExtractError, UserError
from dateline.extract.blocks import Block
from dateline.extract.read import EXTRACTOR, Trace, read_page
from dateline.types import Article, PubDate

SHOWN = 110  # characters of a block's beginning
NOTED = 3  # dropped blocks in a row that are shown one by one; of more, the first and a count
GZIP = b"\x1f\x8b"


def explain(path: Path, *, url: str | None = None, console: Console | None = None) -> int:
    """Explain the page in a file (packed or not). Return 0, or 1 where the page holds no article.

    Raises UserError where the file cannot be read.
    """
    console = console or Console()
    try:
        body = path.read_bytes()
        body = gzip.decompress(body) if body.startswith(GZIP) else body
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise UserError(f"cannot read {path}: {error}") from error
    trace = Trace()
    try:
        article = read_page(decode_html(body), url=url, trace=trace)
    except ExtractError as error:
        console.print(Panel(f"[red]{error.code}[/red]  {error.message}", title=str(path), title_align="left"))
        console.print(_blocks(trace.blocks))
        return 1
    console.print(_head(article, path))
    console.print(_votes(article, trace))
    console.print(_choice(trace))
    console.print(_blocks(trace.blocks))
    for warning in article.warnings:
        console.print(f"[yellow]warning[/yellow] {warning}")
    return 0


def _head(article: Article, path: Path) -> RenderableType:
    lines: list[RenderableType] = [Text(article.title or "no title", style="bold")]
    if article.standfirst:
        lines.append(Text(article.standfirst, style="italic"))
    facts = {
        "authors": ", ".join(article.authors),
        "published": _when(article.published),
        "modified": _when(article.modified),
        "site": article.site_name,
        "section": article.section,
        "language": article.language,
        "kind": article.kind,
        "paywalled": None if article.paywalled is None else str(article.paywalled).lower(),
        "tags": ", ".join(article.tags),
        "address": article.canonical_url,
    }
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(name, style="dim"), Text(value) if value else Text("unknown", style="dim"))
    lines.append(table)
    lines.extend(Text(f"caption  {caption}", style="dim") for caption in article.captions[:NOTED])
    return Panel(Group(*lines), title=f"{path}  ·  {EXTRACTOR}", title_align="left")


def _when(date: PubDate | None) -> str | None:
    return f"{date.value.isoformat()}  (by {date.basis}, to the {date.precision})" if date else None


def _votes(article: Article, trace: Trace) -> RenderableType:
    table = Table(title="who said what", title_justify="left", show_edge=False, header_style="dim")
    table.add_column("field")
    table.add_column("witness", style="cyan")
    table.add_column("says", overflow="fold")
    chosen = {article.title, *(date.value.isoformat() for date in (article.published, article.modified) if date)}
    witnesses = (
        ("title", trace.title.votes if trace.title else ()),
        ("authors", trace.authors.votes if trace.authors else ()),
        ("date", trace.dates.votes if trace.dates else ()),
    )
    for name, votes in witnesses:
        for place, (witness, says) in enumerate(votes):
            table.add_row(
                name if not place else "", witness, Text(says[:SHOWN], style="bold" if says in chosen else "")
            )
        if not votes:
            table.add_row(name, "", Text("nobody", style="dim"))
    return table


def _choice(trace: Trace) -> RenderableType:
    if trace.choice is None:
        return Text()
    kept = sum(block.taken for block in trace.blocks)
    dropped = Counter(block.why for block in trace.blocks if block.why and not block.taken)
    line = Text.assemble(
        "\nmode ", (trace.choice.mode, "bold"), f"   trafilatura took {trace.choice.coverage:.0%} of the page's prose",
        f"   {kept} of {len(trace.blocks)} blocks kept",
    )  # fmt: skip
    reasons = "   ".join(f"{why} {count} times" for why, count in dropped.most_common(6))
    return Group(line, Text(f"dropped after it was taken: {reasons}" if reasons else "nothing dropped", style="dim"))


def _blocks(blocks: list[Block]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for column in ("dim", "", "", "dim"):
        table.add_column(style=column, no_wrap=column == "dim")
    for key, run in groupby(blocks, key=lambda block: (block.taken, bool(block.why))):
        members = list(run)
        if not any(key) and len(members) > NOTED:
            _row(table, members[0])
            table.add_row("", "", Text(f"… {len(members) - 1} more blocks that nothing took", style="dim"), "")
            continue
        for block in members:
            _row(table, block)
    return table


def _row(table: Table, block: Block) -> None:
    mark, style = ("✓", "green") if block.taken else ("✗", "red") if block.why else ("·", "dim")
    text = block.text if len(block.text) <= SHOWN else block.text[: SHOWN - 1] + "…"
    hints = " ".join(sorted(block.hints))
    why = block.why or hints
    table.add_row(block.tag, Text(mark, style=style), Text(text, style="" if block.taken else "dim"), why)
