"""Read the small markup of our articles: paragraphs, links, crossheads, quotations, live entries.

A body is blocks with an empty line between them. A block is
    ## words            a crosshead
    > words             a quoted document (a letter, a statement)
    %% 09:04 | words    the head of an entry in a live report
    anything else       a paragraph
Inside a block, `[words](address)` is a link; `@outlet/slug` as address means that article. `)++` after a link glues the next
word to it in the page, as careless editors do; a reader still sees two words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)(\+\+)?")
NBSP = "\u00a0"

BlockKind = Literal["paragraph", "crosshead", "quotation", "entry"]


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one block: its kind, its words in markup, and (of a live entry) its time of day."""

    kind: BlockKind
    words: str
    clock: str | None = None


def read_block(raw: str) -> Block:
    """Tell what kind of block `raw` is."""
    words = " ".join(raw.split())
    if words.startswith("## "):
        return Block("crosshead", words[3:])
    if words.startswith("> "):
        return Block("quotation", words[2:])
    if words.startswith("%% "):
        clock, _, head = words[3:].partition(" | ")
        return Block("entry", head, clock)
    return Block("paragraph", words)


def plain(words: str) -> str:
    """Give the words a reader sees, without links."""
    return LINK.sub(lambda link: link[1] + (" " if link[3] else ""), words)


def running_text(body: Sequence[str]) -> str:
    """Give the article's own running text: paragraphs and quoted documents, one newline between them."""
    blocks = (read_block(raw) for raw in body)
    return "\n".join(plain(block.words) for block in blocks if block.kind in {"paragraph", "quotation"})


def optional_text(body: Sequence[str]) -> tuple[str, ...]:
    """Give the blocks that one reader takes for text and the next does not: crossheads and heads of live entries."""
    blocks = (read_block(raw) for raw in body)
    return tuple(plain(block.words) for block in blocks if block.kind in {"crosshead", "entry"})


def to_html(words: str, *, address: Callable[[str], str], nbsp: bool = False) -> str:
    """Write a block's words as HTML. `nbsp` puts no-break spaces round each link, as some editors' programs do."""
    done, out = 0, []
    for link in LINK.finditer(words):
        before = escape(words[done : link.start()], quote=False)
        if nbsp and before.endswith(" "):
            before = before[:-1] + NBSP
        out += [before, f'<a href="{escape(address(link[2]))}">{escape(link[1], quote=False)}</a>']
        done = link.end()
        if nbsp and words[done : done + 1] == " ":
            out.append(NBSP)
            done += 1
    out.append(escape(words[done:], quote=False))
    return "".join(out)
