"""Read a page's tree into blocks: the runs of text a reader sees as paragraphs, headings, list items and cells.

The walk keeps what later decisions need: where a block stands, how much of it is link, and what the names of the
elements around it hint at. It joins words as a browser shows them: nothing between inline elements, a break at blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from dateline.extract.hints import NO_HINTS, Hints

# elements whose text a reader never reads as part of an article
SKIPPED = frozenset(
    "script style noscript template svg math iframe object embed applet audio video canvas map select option datalist "
    "button input textarea progress meter head link meta title rp rt dialog".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q s samp small span "
    "strike strong sub sup time tt u var wbr ruby rb".split()
)
STRONG = frozenset(("b", "strong", "em", "i"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NOT_WORD = re.compile(r"[\W_]+")
SPACES = re.compile(r"\s+")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\xad"))


@dataclass(slots=True)
class Block:
    """Be one run of text: `tag` is the element it stands in, `hints` what the names around it say."""

    index: int
    tag: str
    text: str
    key: str  # the text's word characters, lower case: what two copies of it have in common
    links: int  # characters of the text that are inside links
    strong: int  # characters in bold or italics
    element: HtmlElement
    hints: frozenset[str]

    @property
    def heading(self) -> bool:
        """Say whether this is a heading."""
        return self.tag in HEADINGS

    @property
    def link_share(self) -> float:
        """Return how much of the text is link, 0 to 1."""
        return min(1.0, self.links / max(1, len(self.text)))


def key_of(text: str) -> str:
    """Return the word characters of `text`, in lower case."""
    return NOT_WORD.sub("", text).lower()


def tidy(text: str) -> str:
    """Make every run of white space one space (no-break, thin and ideographic too) and drop invisible characters."""
    return SPACES.sub(" ", text.translate(INVISIBLE)).strip()


@dataclass(slots=True)
class _Place:
    """Be where the walk stands: what text found here belongs to."""

    owner: HtmlElement  # the block element
    hints: frozenset[str]
    link: bool = False
    strong: bool = False
    skipped: bool = False


class _Reader:
    """Gather text into blocks while the walk goes on."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.links = self.strong = self.breaks = 0

    def take(self, text: str | None, place: _Place) -> None:
        """Add text to the block being read."""
        if not text or place.skipped:
            return
        self.parts.append(text)
        size = len(text.strip())
        if size:
            self.breaks = 0
            self.links += size if place.link else 0
            self.strong += size if place.strong else 0

    def line_break(self, place: _Place) -> None:
        """Read a <br>: one is a space, two end a paragraph."""
        self.breaks += 1
        if self.breaks > 1:
            self.flush(place)
        else:
            self.parts.append(" ")

    def flush(self, place: _Place) -> None:
        """End the block being read."""
        if self.parts:
            text = tidy("".join(self.parts))
            if text:
                tag = place.owner.tag
                found = Block(
                    len(self.blocks), tag, text, key_of(text), self.links, self.strong, place.owner, place.hints
                )
                self.blocks.append(found)
            self.parts = []
            self.links = self.strong = 0


def read_blocks(body: HtmlElement, hints: Hints) -> list[Block]:
    """Walk the tree below `body` once, without recursion (pages nest deep), and return its blocks in reading order."""
    reader = _Reader()
    places = [_Place(body, NO_HINTS)]
    walk = iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            place = places.pop()
            if tag not in INLINE and tag != "br":
                reader.flush(place)
            if element is not body:
                reader.take(element.tail, places[-1])
            continue
        around = places[-1]
        if not isinstance(tag, str) or tag in SKIPPED:
            walk.skip_subtree()
            places.append(_Place(around.owner, around.hints, skipped=True))
        elif tag == "br":
            reader.line_break(around)
            places.append(around)
        elif tag in INLINE:
            own = hints.of(element)
            hidden = around.skipped or "hidden" in own
            link, strong = around.link or tag == "a", around.strong or tag in STRONG
            places.append(_Place(around.owner, around.hints, link, strong, hidden))
            reader.take(element.text, places[-1])
        else:
            reader.flush(around)
            own = hints.of(element)
            places.append(_Place(element, around.hints | own if own else around.hints, around.link, around.strong))
            reader.take(element.text, places[-1])
    return reader.blocks
