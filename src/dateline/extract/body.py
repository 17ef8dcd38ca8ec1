"""Choose the blocks that are the article: trafilatura's choice, found again in our blocks, and our second opinion."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from dateline.extract.blocks import Block, block_of_line, key_of, tidy
from dateline.extract.others import mark_others
from dateline.extract.page import Page
from dateline.extract.region import (
    FOREIGN,
    PROSE_LINKS,
    distrust_hints,
    find_region,
    is_prose,
    is_witness,
    mark_boxes,
    mark_inside,
)

AGREEMENT = 0.7  # of the region's prose: from which on trafilatura's choice is taken as it is, with small repairs
COHERENT = (
    600  # characters of prose that trafilatura took: beside so much, a paragraph alone in its element is a teaser
)
PART = 0.3  # of the region's prose: less is too little to go by
FIGURE = frozenset(("figure",))  # its prose is a caption or a quotation set apart, which the text has too
PARAGRAPHS = frozenset(("p", "li", "blockquote"))  # what authors write in; other elements hold labels too
MATCH = 0.5  # of a block's word characters that must be in trafilatura's text for the block to count as taken

# What trafilatura takes out itself in the first place, but only after it has made several copies of the tree
HELD = 0.5  # of the page's characters that must be left
UNASKED = ("meta", "link", "title", "aside", "footer", "nav", "menu", "picture", "button", "input")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Say how the article's blocks were chosen."""

    mode: str  # "trafilatura", "trafilatura+region", "region", "jsonld"
    coverage: float  # share of the region's prose that trafilatura took
    lost: int  # word characters of trafilatura's text that are in no block


def choose_blocks(page: Page, blocks: list[Block]) -> Choice:
    """Mark the blocks that trafilatura takes, and those that it misses."""
    lines = ask_trafilatura(page.root)
    lost = align(lines, blocks)
    for block in blocks:
        block.prose = is_prose(block)
    mark_others(blocks)
    mark_boxes(blocks)
    distrust_hints(blocks)
    mark_inside(find_region(page, blocks), blocks)
    own = [block for block in blocks if block.inside and is_witness(block)]
    mass = sum(len(block.text) for block in own)
    coverage = sum(len(block.text) for block in own if block.taken) / mass if mass else 1.0
    if lost > sum(len(block.key) for block in blocks if block.taken):
        blocks.extend(_outside_blocks(lines, blocks, page.body))
        mode = "trafilatura's own text"
    elif coverage >= AGREEMENT:
        rescued = _rescue(blocks, own)
        mode = "trafilatura+siblings" if rescued else "trafilatura"
    else:
        _take_region(blocks, own)
        mode = "trafilatura+region" if coverage > 0 else "region"
    return Choice(mode=mode, coverage=round(coverage, 3), lost=lost)


def _outside_blocks(lines: list[str], blocks: list[Block], body: HtmlElement) -> Iterator[Block]:
    """Make blocks of text that stands in no element: in scripts or structured data."""
    for block in blocks:
        block.taken = False
    for index, line in enumerate(map(tidy, lines), start=len(blocks)):
        if line:
            yield block_of_line(index, line, body, why="structured data")


def _thinned(root: HtmlElement) -> HtmlElement:
    """Return a copy without what trafilatura never reads; the tree itself where an unclosed one of these holds the page."""
    tree = copy(root)
    strip_elements(tree, *UNASKED, with_tail=False)
    if tree.find(".//table") is None:
        strip_elements(tree, "figure", with_tail=False)
    return tree if _size(tree) > HELD * _size(root) else root


def _size(tree: HtmlElement) -> int:
    """Return the characters of a tree's text, scripts left out."""
    return len(tree.text_content()) - sum(len(script.text or "") for script in tree.iter("script"))


def ask_trafilatura(root: HtmlElement) -> list[str]:
    """Return trafilatura's text for the page, in its fast mode, line by line."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = _thinned(root)
    try:
        found = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):  # its own faults on broken trees
        return []
    text = getattr(found, "text", None)
    return text.split("\n") if text else []


def align(lines: list[str], blocks: list[Block]) -> int:
    """Mark the blocks whose text is in `lines`, in reading order where it occurs twice. Return what was found in none."""
    starts: list[int] = []
    position = 0
    for block in blocks:
        starts.append(position)
        position += len(block.key)
    whole = "".join(block.key for block in blocks)
    covered = [0] * len(blocks)
    last = lost = 0
    for key in map(key_of, lines):
        if not key:
            continue
        at = whole.find(key, last)
        if at < 0:
            at = whole.find(key)
        if at < 0:
            lost += len(key)
            continue
        last = at + len(key)
        index = bisect_right(starts, at) - 1
        while index < len(blocks) and starts[index] < last:
            end = starts[index] + len(blocks[index].key)
            covered[index] += min(end, last) - max(starts[index], at)
            index += 1
    for count, block in zip(covered, blocks, strict=True):
        if block.key and count >= MATCH * len(block.key):
            block.taken, block.why = True, "trafilatura"
    return lost


def _parents(blocks: list[Block]) -> set[HtmlElement]:
    return {parent for block in blocks if (parent := block.element.getparent()) is not None}


def _rescue(blocks: list[Block], own: list[Block]) -> bool:
    """Take the region's prose that trafilatura lost: beside prose that it took, or between the headline and its last prose."""
    taken = [block for block in own if block.taken]
    homes = _parents(taken)
    top = next((block.index for block in blocks if block.tag == "h1"), len(blocks))
    last = taken[-1].index if taken else -1
    rescued = False
    for block in own:
        if block.taken:
            continue
        if block.element.getparent() in homes:
            block.why = "prose beside prose that was taken"
        elif top < block.index < last and (block.tag in PARAGRAPHS or not block.hints) and not block.hinted(FIGURE):
            block.why = "prose between headline and end"
        else:
            continue
        block.taken = rescued = True
    return _rescue_between(blocks) or rescued


def _rescue_between(blocks: list[Block]) -> bool:
    """Take list items between prose that was taken, and headings of what was taken, where no name speaks against it."""
    taken = [block.index for block in blocks if block.taken and block.prose]
    if not taken:
        return False
    rescued = followed = False
    for block in reversed(blocks[taken[0] : taken[-1]]):
        plain = block.inside and block.link_share < PROSE_LINKS and not block.hinted(FOREIGN | FIGURE)
        if not block.taken and plain and (block.tag == "li" or (block.heading and followed)):
            block.taken, block.why, rescued = True, "between prose that was taken", True
        followed = block.taken
    return rescued


def _take_region(blocks: list[Block], own: list[Block]) -> None:
    """Take the region's prose, and the headings, lists and short paragraphs between it."""
    runs = Counter(block.element.getparent() for block in own)
    taken = sum(len(block.text) for block in own if block.taken)
    strict = taken >= max(COHERENT, PART * sum(len(block.text) for block in own))
    own = [block for block in own if block.taken or not strict or runs[block.element.getparent()] > 1]
    for block in own:
        if not block.taken:
            block.taken, block.why = True, "prose of the region"
    homes = _parents(own)
    first, last = own[0].index, own[-1].index
    for block in blocks[first:last]:
        if block.taken or not block.inside or block.hinted(FOREIGN):
            continue
        parent = block.element.getparent()
        if (block.heading and block.link_share < 1) or (parent in homes and block.tag in PARAGRAPHS):
            block.taken, block.why = True, "between the region's prose"
