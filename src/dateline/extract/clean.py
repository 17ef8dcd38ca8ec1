"""Drop what is not the article's running text: rules over blocks that were taken, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from dateline.extract.blocks import Block
from dateline.extract.phrases import kind_of, opens_biography, speaks_of_cookies
from dateline.extract.region import PROSE
from dateline.extract.signed import Signed, is_date_line

# hints under which everything is dropped, and those under which only what is no prose is
ALWAYS = frozenset(["footer", "newsletter", "share", "comment", "related", "form"])
LABELS = frozenset(["nav", "promo", "header", "tags", "ad", "meta", "author", "caption", "credit", "aside", "hidden"])
MOSTLY_LINK = 0.9
SMALL = 0.2  # of the article: a box that holds more of it is a part of it, whatever its name hints at
# "HANOI (Agency) —" in an element of its own before the first paragraph: where and by whom it was written
PLACE_LINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .,'’/-]{2,40}(?:, [\w. ]{2,20})?(?: ?\([\w. ]{2,30}\))?\W*$")
LABEL = 24  # word characters; a shorter caption may be a heading's words as well
AD = frozenset(("ad",))
SAME = 100  # word characters from which two equal blocks are one that was doubled


STANDFIRST = frozenset(("standfirst",))
QUOTED = frozenset(("quote", "embed"))
# what an embedded post ends with where its picture was: an address as it is shown, without its scheme
SHOWN_ADDRESS = re.compile(r"(?:\s+(?:https?://)?[\w-]+(?:\.[\w-]+)+/\w{2,})+$")
MOST_TOLD = 2  # paragraphs under a heading that says that they tell of the author
MOST_HEADINGS = 3  # at the end of an article
LAST = 4  # taken blocks among which a biography ends an article


def clean_blocks(
    blocks: list[Block],
    *,
    headline: str | None,
    captions: frozenset[int],
    alternatives: set[str],
    authors: tuple[str, ...] = (),
) -> None:
    """Drop what is furniture from the taken blocks. A caption that stands again as a paragraph is one there too."""
    signed = Signed(authors)
    again = alternatives | {block.key for block in blocks if block.index in captions and len(block.key) > LABEL}
    taken = [block for block in blocks if block.taken]
    prose = [block.index for block in taken if block.prose and block.inside]
    first, last = (prose[0], prose[-1]) if prose else (0, len(blocks))
    start = next((index for index in prose if not blocks[index].hinted(STANDFIRST)), first)
    for block in taken:
        reason = "caption" if block.index in captions and not block.heading else None
        reason = reason or _fault(block, first, last, headline, again)
        if not reason and not start < block.index < last:
            reason = _at_the_edge(block, signed)
        if reason:
            block.taken, block.why = False, reason
        elif block.links and block.hinted(QUOTED):
            block.text = SHOWN_ADDRESS.sub("", block.text)
    _drop_advertising(taken)
    _drop_biography([block for block in blocks if block.taken], signed)
    _drop_doubled([block for block in blocks if block.taken])
    _drop_tail([block for block in blocks if block.taken])


def _fault(block: Block, first: int, last: int, headline: str | None, captions: set[str]) -> str | None:  # noqa: PLR0911 (rules in order: the first that holds decides)
    if not block.key:
        return "no words"
    if block.other:
        return block.other
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
    return f"phrase: {kind}" if (kind := kind_of(block)) else None


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


def _at_the_edge(block: Block, signed: Signed) -> str | None:
    """Say what a line before the first or behind the last paragraph is, where it is no part of the text."""
    if block.prose:
        return None
    if signed.is_byline(block):
        return "byline"
    if is_date_line(block):
        return "date line"
    return "cookies" if speaks_of_cookies(block) else None


def _drop_advertising(taken: list[Block]) -> None:
    """Drop what stands with an advertising label in a box that is named so: name and words agree."""
    named = [block for block in taken if block.hinted(AD)]
    for label in named:
        if label.taken or kind_of(label) != "advertisement":
            continue
        boxes = [box for box in label.boxes if box.hints & AD and not box.around_article and box.share < SMALL]
        _drop((block for block in named if block.taken and any(box in block.boxes for box in boxes)), "box: ad")


def _drop_biography(taken: list[Block], signed: Signed) -> None:
    """Drop what tells of the author at the end: after a heading that says so, or beginning with an author's name."""
    last = taken[-LAST:]
    about = next((at for at, block in enumerate(last) if opens_biography(block)), None)
    if about is not None:
        told = list(takewhile(lambda block: not block.heading, last[about + 1 :]))[:MOST_TOLD]
        _drop([last[about], *told], "biography")
    elif len(taken) > LAST and not signed.speaks(taken):
        about = next((at for at, block in enumerate(last) if signed.is_biography(block)), None)
        if about is not None:
            _drop([last[about], *takewhile(signed.goes_on, last[about + 1 :])], "biography")


def _drop(blocks: Iterable[Block], why: str) -> None:
    for block in blocks:
        block.taken, block.why = False, why


def _drop_doubled(taken: list[Block]) -> None:
    seen: set[str] = set()
    for block in taken:
        if len(block.key) >= SAME and block.prose and block.key in seen:
            _drop([block], "the same words again")
        seen.add(block.key)


def _drop_tail(taken: list[Block]) -> None:
    """Drop headings that nothing follows, where they are few: many are points that the author makes."""
    tail = list(takewhile(lambda block: block.heading, reversed(taken)))
    if len(tail) <= MOST_HEADINGS:
        _drop(tail, "heading with nothing after it")
