"""Tell the front of a section from an article: a list of headlines with a line under each is nobody's running text."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.extract.blocks import Block
from dateline.extract.page import Page

HEADLINE_CHARACTERS = 20  # shorter links are navigation, which articles have too
HEADLINE_LINK_SHARE = 0.6  # of a block that is somebody's headline; its date may stand beside it
HEADLINES = 5  # fewer are an article's related links
MOST_PROSE = 0.3  # of the characters taken; real articles are nearly all prose
PROSE_CHARACTERS = 140  # of a paragraph; the line under a headline is shorter


def is_front(page: Page, blocks: Sequence[Block], *, named_article: bool) -> bool:
    """Say whether what was taken for an article is a list of other articles.

    `named_article`: the page's structured data say that it is an article. Only what stands between the first and the last
    block that was taken counts, so that an article's own related links do not.
    """
    if named_article or (page.first("og:type") or "").lower() == "article":
        return False
    taken = [block.index for block in blocks if block.taken]
    if not taken:
        return False
    within = [block for block in blocks if taken[0] - 1 <= block.index <= taken[-1] + 1]
    headlines = sum(
        block.link_share >= HEADLINE_LINK_SHARE and len(block.text) >= HEADLINE_CHARACTERS for block in within
    )
    characters = sum(len(block.text) for block in blocks if block.taken)
    prose = sum(
        len(block.text)
        for block in blocks
        if block.taken
        and (block.prose or len(block.text) >= PROSE_CHARACTERS)
        and block.link_share < HEADLINE_LINK_SHARE
    )
    return headlines >= HEADLINES and prose < MOST_PROSE * characters
