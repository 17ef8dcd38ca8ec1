"""Find what stands under pictures and videos: by the names of elements, by what pictures say describes them, by place."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.html import HtmlElement

from dateline.extract.blocks import INLINE, Block, key_of, tidy
from dateline.extract.hints import open_hints
from dateline.extract.page import Page

LONGEST = 1_500  # characters
SHORTEST = 12  # characters; less is a credit or a label
BEFORE, AFTER = 40, 5  # blocks before and after the article in which its pictures stand
CLOSE = 3  # levels up to the element that holds both the picture and its credit
CAPTION = frozenset(("caption",))
FIGURE = frozenset(("figure",))
LINKED = 0.5  # of its text: what is link leads to another video, or to the gallery
CREDIT = frozenset(("credit",))
BYLINE = frozenset(("author", "meta"))
PICTURES = frozenset(("img", "picture", "video", "amp-img", "amp-video", "figure"))
DESCRIBED = ("aria-describedby", "aria-labelledby")


def mark_captions(page: Page, blocks: list[Block]) -> frozenset[int]:
    """Return the indices of the blocks that are captions or credits, in and near the article."""
    taken = [block.index for block in blocks if block.taken]
    if not taken:
        return frozenset()
    described = _described(page)
    holds: dict[HtmlElement, bool] = {}
    near = blocks[max(0, taken[0] - BEFORE) : taken[-1] + AFTER + 1]
    return frozenset(block.index for block in near if _is_caption(block, described, holds))


def captions_of(blocks: list[Block], captions: frozenset[int]) -> tuple[str, ...]:
    """Return the captions in and near the article, each once; a credit of its own follows its caption."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.index in captions and not block.taken:
            text = block.text
            linked = block.link_share >= LINKED and block.tag != "figcaption"
            if SHORTEST <= len(text) <= LONGEST and not linked:
                found.setdefault(block.key, text)
    return tuple(found.values())


def alternative_keys(page: Page) -> set[str]:
    """Return the keys of the pictures' alternative texts: a paragraph that only repeats one is a caption."""
    alternatives = (element.get("alt") for element in page.elements if element.tag == "img")
    return {key for text in alternatives if text and len(key := key_of(text)) > 2 * SHORTEST}


def _is_caption(block: Block, described: frozenset[str], holds: dict[HtmlElement, bool]) -> bool:
    if block.boxes and block.hinted(CAPTION):
        return True
    if block.boxes and block.hinted(CREDIT):
        return not block.hinted(BYLINE) and (block.hinted(FIGURE) or _beside_picture(block.element, holds))
    if described and any(element.get("id") in described for element in _up(block.element)):
        return True
    return (
        len(block.element) > 0 and len(block.text) <= LONGEST and _holds(block.element, holds) and _named_inside(block)
    )


def _described(page: Page) -> frozenset[str]:
    """Return the ids of what pictures name as their description."""
    ids: set[str] = set()
    for element in page.elements:
        if element.tag in PICTURES:
            for name in DESCRIBED:
                ids.update((element.get(name) or "").split())
    return frozenset(ids)


def _up(element: HtmlElement) -> Iterable[HtmlElement]:
    """Yield an element and those around it, a few levels up."""
    for _ in range(CLOSE):
        yield element
        parent = element.getparent()
        if parent is None:
            return
        element = parent


def _beside_picture(element: HtmlElement, holds: dict[HtmlElement, bool]) -> bool:
    return any(around.tag in PICTURES or _holds(around, holds) for around in _up(element))


def _holds(element: HtmlElement, holds: dict[HtmlElement, bool]) -> bool:
    """Say whether a picture stands right in an element, or in a link or box of its own there."""
    known = holds.get(element)
    if known is None:
        known = holds[element] = any(child.tag in PICTURES or _nothing_else(child) for child in element)
    return known


def _nothing_else(element: HtmlElement) -> bool:
    return len(element) == 1 and element[0].tag in PICTURES and not (element.text or "").strip()


def _named_inside(block: Block) -> bool:
    """Say whether the whole block is the text of an inline element that is named like a caption."""
    for child in block.element.iterdescendants():
        if child.tag in INLINE and not CAPTION.isdisjoint(open_hints().of(child)):
            return key_of(tidy("".join(child.itertext()))) == block.key
    return False
