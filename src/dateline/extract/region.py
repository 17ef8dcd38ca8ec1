"""Find the part of a page that holds the article's prose, without asking any extractor: a second opinion."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from dateline.extract.blocks import HEADINGS, Block, Box
from dateline.extract.page import Page
from dateline.extract.phrases import speaks_of_cookies

PROSE = 80  # characters from which a run of text that ends like a sentence is prose, not a label or a teaser
PROSE_LINKS = 0.3  # at most that share of it is link
DOWN = 0.8  # go down into a child that holds at least this share of its parent's prose
LABEL_WEIGHT = 0.5  # of a short text that trafilatura took, beside prose
AROUND = 0.5  # an element that holds more than this share of the page's prose is around the article
NEARLY_ALL = 0.9  # then it is around, whatever its name and whatever trafilatura took
PART_TAKEN = 0.2  # and at least that share of what trafilatura took: else it is a sidebar beside a short article
BESIDE = frozenset(("aside", "footer", "comment", "nav", "promo", "newsletter"))
SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964][\"')\]\u2019\u201d\u00bb\u203a]*(?:\s|$)")
DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # scripts that say more in a character
DENSITY = 2  # how many more characters they would need in an alphabet

WRONG = 3  # times as much prose under a hint as everywhere else, for the hint to be distrusted
LEAST = 800  # characters of prose that a hint must be wrong about to be distrusted
SOFT = frozenset(("embed", "media", "meta", "promo", "tags", "ad"))  # names that templates use for all kinds of things
# hints under which no part of an article stands, unless they are around all of it
FOREIGN = frozenset(
    [
        "nav",
        "related",
        "newsletter",
        "author",
        "comment",
        "share",
        "tags",
        "ad",
        "footer",
        "aside",
        "hidden",
        "caption",
        "credit",
        "form",
        "promo",
        "embed",
        "media",
        "meta",
    ]
)


def width(text: str) -> int:
    """Return the length of a text as an alphabet would have it."""
    return len(text) if text.isascii() else len(text) + DENSITY * len(DENSE.findall(text))


def is_prose(block: Block) -> bool:
    """Say whether a block reads like running text."""
    return (
        block.tag not in HEADINGS
        and width(block.text) >= PROSE
        and block.link_share < PROSE_LINKS
        and not speaks_of_cookies(block)
        and SENTENCE_END.search(block.text) is not None
    )


def mark_boxes(blocks: list[Block]) -> None:
    """Find out which hinting elements are around the article: their hints say nothing of what is in them."""
    prose = taken = 0
    for block in blocks:
        size = len(block.text)
        if block.prose:
            prose += size
        if block.taken:
            taken += size
        for box in block.boxes:
            box.prose += size * block.prose
            box.taken += size * block.taken
    for block in blocks:
        for box in block.boxes:
            box.around_article = _around(box, prose, taken)
            box.share = box.taken / taken if taken else 0.0


def _around(box: Box, prose: int, taken: int) -> bool:
    """Say whether a box holds most of the article. A sidebar may hold most of the prose beside a short article."""
    if box.taken > AROUND * taken or box.prose > NEARLY_ALL * prose:
        return True
    return box.prose > AROUND * prose and (box.taken >= PART_TAKEN * taken or box.hints.isdisjoint(BESIDE))


def distrust_hints(blocks: list[Block]) -> None:
    """Drop hints that, on this page, stand round more prose than everything else holds: its template means another thing."""
    prose = [block for block in blocks if block.prose]
    other = sum(len(block.text) for block in prose if is_witness(block))
    for hint in sorted(SOFT):
        under = [block for block in prose if not block.taken and block.hinted(frozenset((hint,)))]
        only = [block for block in under if not block.hinted(FOREIGN - SOFT)]
        if sum(len(block.text) for block in only) > max(WRONG * other, LEAST):
            for box in {box for block in only for box in block.boxes}:
                box.hints -= {hint}


def is_witness(block: Block) -> bool:
    """Say whether a block shows where the article is: prose that trafilatura took, or that stands under no foreign hint."""
    return block.prose and not block.other and (block.taken or not block.hinted(FOREIGN))


def find_region(page: Page, blocks: list[Block]) -> HtmlElement:
    """Return the smallest element that holds (nearly) everything that shows where the article is."""
    mass: dict[HtmlElement, float] = {}
    for block in blocks:
        weight = 1.0 if is_witness(block) else LABEL_WEIGHT if block.taken and block.link_share < PROSE_LINKS else 0.0
        if weight:
            mass[block.element] = mass.get(block.element, 0.0) + weight * len(block.text)
    for element in reversed(page.elements):  # children before parents
        if element in mass and (parent := element.getparent()) is not None:
            mass[parent] = mass.get(parent, 0.0) + mass[element]
    node = page.body
    while mass:
        child = max(node, key=lambda child: mass.get(child, 0.0), default=None)
        if child is None or mass.get(child, 0.0) < DOWN * mass[node] or child.tag == "p":
            break
        node = child
    return node


def mark_inside(region: HtmlElement, blocks: list[Block]) -> None:
    """Mark the blocks that stand in the region."""
    known: dict[HtmlElement, bool] = {region: True}
    for block in blocks:
        path = []
        element = block.element
        while element is not None and element not in known:
            path.append(element)
            element = element.getparent()
        inside = element is not None and known[element]
        for passed in path:
            known[passed] = inside
        block.inside = inside
