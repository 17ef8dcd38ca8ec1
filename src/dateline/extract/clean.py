"""Drop what is not the article's running text: rules over blocks that were taken, each with its reason."""

from __future__ import annotations

import re

from dateline.extract.blocks import Block
from dateline.extract.phrases import kind_of
from dateline.extract.region import PROSE

# hints under which everything is dropped, and those under which only what is no prose is
ALWAYS = frozenset(["footer", "newsletter", "share", "comment", "related", "form"])
LABELS = frozenset(["nav", "promo", "header", "tags", "ad", "meta", "author", "caption", "credit", "aside", "hidden"])
MOSTLY_LINK = 0.9
SMALL = 0.2  # of the article: a box that holds more of it is a part of it, whatever its name hints at
# "HANOI (Agency) —" in an element of its own before the first paragraph: where and by whom it was written
PLACE_LINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .,'’/-]{2,40}(?:, [\w. ]{2,20})?(?: ?\([\w. ]{2,30}\))?\W*$")
LABEL = 24  # word characters; a shorter caption may be a heading's words as well
SAME = 100  # word characters from which two equal blocks are one that was doubled


def clean_blocks(
    blocks: list[Block], *, headline: str | None, captions: frozenset[int], alternatives: set[str]
) -> None:
    """Drop what is furniture from the taken blocks. A caption that stands again as a paragraph is one there too."""
    again = alternatives | {block.key for block in blocks if block.index in captions and len(block.key) > LABEL}
    taken = [block for block in blocks if block.taken]
    prose = [block.index for block in taken if block.prose and block.inside]
    first, last = (prose[0], prose[-1]) if prose else (0, len(blocks))
    for block in taken:
        reason = "caption" if block.index in captions and not block.heading else None
        reason = reason or _fault(block, first, last, headline, again)
        if reason:
            block.taken, block.why = False, reason
    _drop_doubled([block for block in blocks if block.taken])
    _drop_tail([block for block in blocks if block.taken])


def _fault(block: Block, first: int, last: int, headline: str | None, captions: set[str]) -> str | None:  # noqa: PLR0911 (rules in order: the first that holds decides)
    if not block.key:
        return "no words"
    if block.other:
        return "another article"
    if block.tag == "h1":
        return "headline"
    if headline and block.key == headline:
        return "headline repeated"
    if block.key in captions and not (block.heading and block.link_share < MOSTLY_LINK):
        return "caption"  # headings of lists stand in their pictures' descriptions too
    if block.index > last and not block.inside:
        return "after the article, outside its region"
    if block.index < first and not block.inside and not block.prose:
        return "before the article, outside its region"
    if found := _small_boxes(block) & ALWAYS:
        return "box: " + ", ".join(sorted(found))
    if not block.prose and (found := _small_boxes(block, over_prose=block.heading) & LABELS):
        return "label: " + ", ".join(sorted(found))
    if not block.prose and block.link_share >= MOSTLY_LINK:
        return "nothing but link"
    if block.index < first and PLACE_LINE.match(block.text):
        return "place line"
    kind = kind_of(block)
    return f"phrase: {kind}" if kind else None


def _small_boxes(block: Block, *, over_prose: bool = False) -> frozenset[str]:
    """Return the hints of the boxes that hold a small part of the article only.

    `over_prose`: a heading stays with the prose that was taken from its box, whatever the box is called.
    """
    least = len(block.text) + PROSE if over_prose else 0
    return frozenset(
        hint
        for box in block.boxes
        if not box.around_article and box.share < SMALL and not (over_prose and box.taken >= least)
        for hint in box.hints
    )


def _drop_doubled(taken: list[Block]) -> None:
    seen: set[str] = set()
    for block in taken:
        if len(block.key) >= SAME and block.prose and block.key in seen:
            block.taken, block.why = False, "the same words again"
        seen.add(block.key)


def _drop_tail(taken: list[Block]) -> None:
    """Drop headings that nothing follows."""
    for block in reversed(taken):
        if not block.heading:
            return
        block.taken, block.why = False, "heading with nothing after it"
