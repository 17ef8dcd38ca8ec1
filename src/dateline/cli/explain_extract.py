"""Show how a page was read: the article, where each field came from, how its text was chosen, and why blocks were left out."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from dateline.cli.explain_fields import fields_of
from dateline.encoding import decode_html
from dateline.errors import ExtractError, UserError
from dateline.extract.blocks import Block, key_of
from dateline.extract.phrases import kind_of, speaks_of_cookies
from dateline.extract.read import EXTRACTOR, Trace, read_page
from dateline.extract.signed import Signed, is_date_line
from dateline.types import Article

SHOWN = 140  # characters of a block's beginning
RUN = (
    3  # blocks in a row left out for the same reason are shown one by one up to so many; of more, the first and a count
)
CAPTIONS = 3
REASONS = 8
LINK = 0.9
GZIP = b"\x1f\x8b"
MODES = {
    "trafilatura": "trafilatura's choice, nothing added",
    "trafilatura+siblings": "trafilatura's choice, and what it lost beside or between its paragraphs",
    "trafilatura+region": "trafilatura found too little: the prose of the article's region was taken with it",
    "region": "trafilatura found nothing there: the prose of the article's region was taken",
    "trafilatura's own text": "trafilatura's text stands in no element of the page (structured data or script)",
}
# what the names round a block hint at, in words
NAMED = {
    "ad": "advertising", "aside": "aside", "author": "byline or biography", "caption": "caption", "comment": "comments", "credit": "credit",
    "embed": "embedded post", "footer": "footer", "form": "form", "header": "header", "hidden": "hidden", "media": "player",
    "meta": "date or label", "nav": "navigation", "newsletter": "newsletter", "promo": "promotion", "related": "related links",
    "share": "share buttons", "standfirst": "standfirst's place", "tags": "tags",
}  # fmt: skip


# what a line is by its words, in words
SAID = {
    "advertisement": "advertising label", "byline": "byline", "comments": "comments", "contact": "how to reach the newsroom",
    "date line": "date line", "disclaimer": "disclaimer", "embedded content": "notice of an embedded part",
    "embedded post": "embedded post's frame", "filed under": "tags", "media": "player or picture label", "newsletter": "newsletter line",
    "note": "note on the article", "read more": "read-more line", "reading time": "reading time", "share": "share line",
    "subscription": "subscription line",
}  # fmt: skip
KEPT = {"trafilatura": "trafilatura's choice"}


def explain(path: Path, *, url: str | None = None, console: Console | None = None) -> int:
    """Explain the page in a file (packed or not). Return 0, or 1 where the page holds no article.

    Raises UserError where the file cannot be read.
    """
    console = console or Console()
    trace = Trace()
    try:
        article = read_page(decode_html(_read(path)), url=url, trace=trace)
    except ExtractError as error:
        said = Text.assemble((error.code, "bold red"), f"  {error.message}")
        console.print(Panel(said, title=f"{path}: no article", title_align="left", border_style="red"))
        console.print(_blocks(trace))
        return 1
    console.print(_head(article, trace, path))
    for warning in article.warnings:
        console.print(Text.assemble(("! ", "bold yellow"), (warning, "yellow")))
    console.print(_choice(article, trace))
    console.print(_blocks(trace))
    return 0


def _read(path: Path) -> bytes:
    try:
        body = path.read_bytes()
        return gzip.decompress(body) if body.startswith(GZIP) else body
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise UserError(f"cannot read {path}: {error}") from error


def _head(article: Article, trace: Trace, path: Path) -> RenderableType:
    lines: list[RenderableType] = [Text(article.title or "no title", style="bold")]
    if article.standfirst:
        lines.append(Text(article.standfirst, style="italic"))
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=2, style="cyan")
    missing: list[str] = []
    for field in fields_of(article, trace):
        if not field.value and not field.others:
            missing.append(field.name)
            continue
        table.add_row(field.name, Text(field.value or "–"), field.origin)
        for witness, says in field.others:
            table.add_row("", Text(f"{witness} says: {says}", style="yellow"), "")
    if missing:
        table.add_row("not found", Text(", ".join(missing), style="dim"), "")
    lines.append(Padding(table, (1, 0, 0, 0)))
    lines += [Text.assemble(("caption  ", "dim"), caption) for caption in article.captions[:CAPTIONS]]
    if len(article.captions) > CAPTIONS:
        lines.append(Text(f"and {len(article.captions) - CAPTIONS} more captions", style="dim"))
    return Panel(Group(*lines), title=f"{path.name}  ·  {EXTRACTOR}", title_align="left")


def _choice(article: Article, trace: Trace) -> RenderableType:
    paragraphs = article.text.count("\n") + 1
    words = len(article.text.split())
    lines = [
        Text.assemble(("\nText  ", "bold"), f"{words:,} words in {paragraphs:,} {_plural('paragraph', paragraphs)}")
    ]
    if trace.choice:
        share = f"trafilatura took {trace.choice.coverage:.0%} of the prose that stands together on the page"
        mode = trace.choice.mode
        lines.append(Text.assemble(("Mode  ", "bold"), mode, (f": {MODES.get(mode, mode)}; {share}", "dim")))
    out = Counter(reason_of(block, trace) for block in trace.blocks if not block.taken)
    told = [f"{count} {why}" for why, count in out.most_common(REASONS)]
    rest = sum(out.values()) - sum(count for _, count in out.most_common(REASONS))
    if rest:
        told.append(f"{rest} for other reasons")
    lines.append(Text.assemble(("Out   ", "bold"), (" · ".join(told) or "nothing", "dim")))
    return Group(
        *lines,
        Text.assemble("\n", ("✓", "green"), " kept   ", ("✗", "red"), " taken at first, then dropped   · never taken"),
    )


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _blocks(trace: Trace) -> RenderableType:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=3)
    table.add_column(ratio=1, style="dim")
    for (taken, reason), members in _runs(trace):
        shown = members if taken or len(members) <= RUN else members[:1]
        for block in shown:
            mark, style = ("✓", "green") if block.taken else ("✗", "red") if block.why else ("·", "dim")
            text = block.text if len(block.text) <= SHOWN else block.text[: SHOWN - 1] + "…"
            table.add_row(Text(mark, style=style), block.tag, Text(text, style="" if block.taken else "dim"), reason)
        if len(shown) < len(members):
            table.add_row("", "", Text(f"… and {len(members) - len(shown)} more such blocks", style="dim italic"), "")
    return table


def _runs(trace: Trace) -> Iterator[tuple[tuple[bool, str], list[Block]]]:
    """Group what stands together and has the same reason; of a header or footer of many kinds one line is enough."""
    prose = [block.index for block in trace.blocks if block.taken]
    first, last = (prose[0], prose[-1]) if prose else (0, len(trace.blocks))
    headline = next((block.index for block in trace.blocks if block.tag == "h1" and block.index <= first), first)

    def key(block: Block) -> tuple[bool, str]:
        if (
            not block.why
            and not block.taken
            and not headline <= block.index <= last
            and block.index not in trace.captions
        ):
            return False, "before the article" if block.index < headline else "after the article"
        return block.taken, reason_of(block, trace)

    for named, members in groupby(trace.blocks, key=key):
        yield named, list(members)


def reason_of(block: Block, trace: Trace) -> str:  # noqa: PLR0911 (rules in order: the first that holds is told)
    """Say why a block was taken or left out, in words."""
    if block.taken:
        return KEPT.get(block.why, block.why)
    if block.why and block.why != "trafilatura":
        return _in_words(block.why)
    if block.other:
        return block.other
    if block.index in trace.captions:
        return "caption"
    if trace.title and trace.title.text and block.key == key_of(trace.title.text):
        return "headline"
    if kind := kind_of(block):
        return SAID.get(kind, kind)
    named = [NAMED[hint] for hint in sorted(block.hints) if hint in NAMED]
    if named:
        return named[0]
    if trace.authors and Signed(trace.authors.names).is_byline(block):
        return "byline"
    if is_date_line(block):
        return "date line"
    if speaks_of_cookies(block):
        return "consent dialog"
    if block.link_share >= LINK:
        return "nothing but link"
    return (
        "no running text"
        if not block.prose
        else "outside the article's region"
        if not block.inside
        else "trafilatura left it out"
    )


def _in_words(why: str) -> str:
    """Say in words what a step wrote down in its own."""
    kind, _, told = why.partition(": ")
    if kind == "phrase":
        return SAID.get(told, told)
    if kind in {"box", "label"}:
        return ", ".join(NAMED.get(hint, hint) for hint in told.split(", "))
    return "consent dialog" if why == "cookies" else why
