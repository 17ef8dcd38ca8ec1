"""Mark what stands below an article in the same frame and is another's: the next articles of an endless page, readers' comments."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from dateline.extract.blocks import Block
from dateline.extract.phrases import opens_comments

OWN_PROSE = 400  # characters of prose that the headline's own frame must hold for another frame to be another article's
ABOVE_COMMENTS = 300  # characters of prose above a line that opens the readers' comments; else it is a link to them
MOST_COMMENTS = 0.5  # of the prose that was taken: more than that is no comments
SIGNED = frozenset(("author", "meta"))


def mark_others(blocks: list[Block]) -> None:
    """Say of blocks whose they are, where they are not the article's."""
    headings = [block for block in blocks if block.tag == "h1"]
    if len(headings) > 1:
        _mark_articles(blocks, headings)
        _mark_frames(blocks, headings)
    for block in blocks:
        if not block.other and (block.heading or not block.links) and opens_comments(block):
            _mark_comments(blocks, block)


def _mark_articles(blocks: list[Block], headings: list[Block]) -> None:
    """Mark <article>s beside the headline's own, each under a headline of its own.

    Headings of the first rank alone say little, for many authors part their texts by them.
    """
    found = [_article_of(block.element) for block in headings]
    main = found[0]
    others = {home for home in found if home is not None and home is not main}
    if main is None or not others:
        return
    homes = [(block, _article_of(block.element)) for block in blocks]
    if _prose_taken(block for block, home in homes if home is main) < OWN_PROSE:
        return
    others = {home for home in others if main not in home.iterancestors() and home not in main.iterancestors()}
    for block, home in homes:
        if home in others:
            block.other = "another article"


def _mark_frames(blocks: list[Block], headings: list[Block]) -> None:
    """Mark frames that are like the headline's own, stand beside it and are dated or signed under a headline of their own."""
    first = headings[0].element
    ways = {heading: {heading.element, *heading.element.iterancestors()} for heading in headings}
    for heading in headings[1:]:
        shared = next(above for above in first.iterancestors() if above in ways[heading])
        main, other = _child_towards(shared, first), _child_towards(shared, heading.element)
        if (
            main is first
            or other is heading.element
            or main.tag != other.tag
            or main.get("class") != other.get("class")
        ):
            continue
        within = [block for block in blocks if other in _up(block.element)]
        signed = any(block.hinted(SIGNED) for block in within) or next(other.iter("time"), None) is not None
        if signed and _prose_taken(block for block in blocks if main in _up(block.element)) >= OWN_PROSE:
            for block in within:
                block.other = "another article"


def _mark_comments(blocks: list[Block], opening: Block) -> None:
    """Mark what follows the line that opens readers' comments, in the frame that holds nothing before that line."""
    if _prose(block for block in blocks[: opening.index]) < ABOVE_COMMENTS:
        return
    before = blocks[opening.index - 1].element
    frame = opening.element
    for above in opening.element.iterancestors():
        if above in _up(before):
            break
        frame = above
    if frame is opening.element:  # nothing is round the comments but what is round the article too
        frame = frame.getparent() if opening.heading else None
    if frame is None:
        return
    comments = [block for block in blocks[opening.index :] if frame in _up(block.element)]
    if _prose_taken(comments) <= MOST_COMMENTS * _prose_taken(blocks):
        for block in comments:
            block.other = "comments"


def _prose(blocks: Iterator[Block] | list[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.prose)


def _prose_taken(blocks: Iterator[Block] | list[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.prose and block.taken)


def _up(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _child_towards(above: HtmlElement, element: HtmlElement) -> HtmlElement:
    """Return the child of `above` that is or holds `element`."""
    return next(step for step in _up(element) if step.getparent() is above)


def _article_of(element: HtmlElement) -> HtmlElement | None:
    return element if element.tag == "article" else next(element.iterancestors("article"), None)
