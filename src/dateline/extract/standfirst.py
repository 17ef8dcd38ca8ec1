"""Find the standfirst: the summary that a publisher sets between the headline and the text."""

from __future__ import annotations

from html import unescape

from dateline.extract.blocks import Block, key_of
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of

SHORTEST = 25  # characters; less is a label
LONGEST = 1_000
BULLETS = 6  # a summary in points has no more
LEAD = 30  # word characters by which a shortened description is known again
BEFORE = 12  # blocks above the headline where a few templates set it

HINT = frozenset(("standfirst",))
NEVER = frozenset(
    [
        "caption",
        "credit",
        "author",
        "meta",
        "tags",
        "share",
        "nav",
        "comment",
        "newsletter",
        "related",
        "form",
        "footer",
        "figure",
    ]
)


def find_standfirst(page: Page, article: Node, blocks: list[Block], headline: str) -> list[Block]:
    """Return the blocks that are the standfirst, in order; none where the page sets none apart from its text."""
    first = next((block.index for block in blocks if block.taken and block.prose and not block.hinted(HINT)), None)
    top = next((block.index for block in blocks if block.tag == "h1" and _same(block.key, headline)), None)
    if top is None:
        top = next((block.index for block in blocks if block.key and block.key == headline), None)
    if top is None:
        top = next((block.index for block in blocks if block.tag == "h1"), None)
    if first is None or top is None:
        return []
    said = _descriptions(page, article)
    after = [block for block in blocks[top + 1 : first + 1] if _possible(block, headline)]
    for block in after:
        if block.hinted(HINT):
            return _with_companions(block, after)
    for block in after:
        if not block.inside and any(_tells(said_key, block.key) for said_key in said):
            return _with_companions(block, after)
    above = blocks[max(0, top - BEFORE) : top]
    return [block for block in above if _possible(block, headline) and block.hinted(HINT)][:1]


def _descriptions(page: Page, article: Node) -> list[str]:
    """Return the keys of what the page's cards and data say the article is about."""
    given = [
        page.first("og:description"), page.first("twitter:description"), page.first("description"),
        text_of(article.get("description")), text_of(article.get("alternativeHeadline")), text_of(article.get("abstract")),
    ]  # fmt: skip
    return [key for text in given if text and len(key := key_of(unescape(text))) >= LEAD]


def _tells(said: str, key: str) -> bool:
    """Say whether a description is the block's text, or cut from it, or goes on after it."""
    return len(key) >= LEAD and (said[:LEAD] == key[:LEAD] or key in said)


def _same(key: str, headline: str) -> bool:
    return bool(headline) and (key in headline or headline in key)


def _possible(block: Block, headline: str) -> bool:
    return (
        SHORTEST <= len(block.text) <= LONGEST
        and block.tag not in {"h1", "figcaption", "td", "dt", "dd"}
        and block.link_share < 0.5  # noqa: PLR2004
        and block.key != headline
        and not block.hinted(NEVER)
    )


def _with_companions(block: Block, after: list[Block]) -> list[Block]:
    """Return the block, and the points beside it where it is one of a list."""
    if block.tag != "li":
        return [block]
    parent = block.element.getparent()
    return [other for other in after if other.element.getparent() is parent][:BULLETS]
