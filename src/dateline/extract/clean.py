"""Drop what is not the article's running text: rules over blocks that were taken, each with its reason."""

from __future__ import annotations

from dateline.extract.blocks import Block
from dateline.extract.phrases import kind_of

# hints under which everything is dropped, and those under which only what is no prose is
ALWAYS = frozenset("footer newsletter share comment related form".split())
LABELS = frozenset("nav promo header tags ad meta author caption aside hidden".split())
MOSTLY_LINK = 0.9


def clean_blocks(blocks: list[Block], *, headline: str | None, captions: set[str]) -> None:
    """Drop what is furniture from the taken blocks."""
    taken = [block for block in blocks if block.taken]
    prose = [block.index for block in taken if block.prose and block.inside]
    first, last = (prose[0], prose[-1]) if prose else (0, len(blocks))
    for block in taken:
        reason = _fault(block, first, last, headline, captions)
        if reason:
            block.taken, block.why = False, reason
    _drop_tail([block for block in blocks if block.taken])


def _fault(block: Block, first: int, last: int, headline: str | None, captions: set[str]) -> str | None:
    if not block.key:
        return "no words"
    if block.tag == "h1":
        return "headline"
    if headline and block.key == headline:
        return "headline repeated"
    if block.key in captions:
        return "caption"
    if block.index > last and not block.inside:
        return "after the article, outside its region"
    if block.index < first and not block.inside and not block.prose:
        return "before the article, outside its region"
    if block.hinted(ALWAYS):
        return "box: " + ", ".join(sorted(block.hints & ALWAYS))
    if not block.prose and block.hinted(LABELS):
        return "label: " + ", ".join(sorted(block.hints & LABELS))
    if not block.prose and block.link_share >= MOSTLY_LINK:
        return "nothing but link"
    kind = kind_of(block)
    return f"phrase: {kind}" if kind else None


def _drop_tail(taken: list[Block]) -> None:
    """Drop headings that nothing follows."""
    for block in reversed(taken):
        if not block.heading:
            return
        block.taken, block.why = False, "heading with nothing after it"
