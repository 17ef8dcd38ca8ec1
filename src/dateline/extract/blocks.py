"""Read a page's tree into blocks: the runs of text a reader sees as paragraphs, headings, list items and cells.

The walk keeps what later decisions need: where a block stands, how much of it is link, and what the names of the
elements around it hint at. It joins words as a browser shows them: nothing between inline elements, a break at blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lxml.html import HtmlElement

from dateline.extract.hints import Hints
from dateline.extract.tables import read_table

# elements whose text a reader never reads as part of an article
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "applet",
        "audio",
        "video",
        "canvas",
        "map",
        "select",
        "option",
        "datalist",
        "button",
        "input",
        "textarea",
        "progress",
        "meter",
        "head",
        "link",
        "meta",
        "title",
        "rp",
        "rt",
        "dialog",
    ]
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "output",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "ruby",
        "rb",
    ]
)
STRONG = frozenset(("b", "strong", "em", "i"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NOT_WORD = re.compile(r"[\W_]+")
NOT_WORD_BYTES = bytes(code for code in range(128) if not chr(code).isalnum())
FIRST_WORD = re.compile(r"[^\W\d_]+")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\xad"))


@dataclass(slots=True, eq=False)
class Box:
    """Be an element whose names hint at something; it matters only where it is not around the article itself."""

    hints: frozenset[str]
    prose: int = 0  # characters of prose in it
    taken: int = 0  # characters that trafilatura took
    share: float = 0.0  # those, of all that it took
    around_article: bool = False


@dataclass(slots=True, eq=False)
class Block:
    """Be one run of text: `tag` is the element it stands in, `boxes` are the elements around it that hint at something.

    The later fields are filled step by step while the article is chosen; `why` says which step decided, for people.
    """

    index: int
    tag: str
    text: str
    key: str  # the text's word characters, lower case: what two copies of it have in common
    links: int  # characters of the text that are inside links
    strong: int  # characters in bold or italics
    element: HtmlElement
    boxes: tuple[Box, ...]
    prose: bool = False  # reads like running text
    other: str = ""  # whose it is, where it is not the article's: another article, comments
    inside: bool = False  # stands in the page's region of prose
    taken: bool = False  # is part of the article
    why: str = ""

    @property
    def hints(self) -> frozenset[str]:
        """Return what the names around it hint at, those around the whole article left out."""
        return frozenset(hint for box in self.boxes if not box.around_article for hint in box.hints)

    def hinted(self, hints: frozenset[str]) -> bool:
        """Say whether the names around it hint at any of these."""
        return any(not box.around_article and not box.hints.isdisjoint(hints) for box in self.boxes)

    @property
    def heading(self) -> bool:
        """Say whether this is a heading."""
        return self.tag in HEADINGS

    @property
    def link_share(self) -> float:
        """Return how much of the text is link, 0 to 1."""
        return min(1.0, self.links / max(1, len(self.text)))

    @property
    def strong_share(self) -> float:
        """Return how much of the text is bold or italic, 0 to 1."""
        return min(1.0, self.strong / max(1, len(self.text)))


def block_of_line(index: int, line: str, body: HtmlElement, *, why: str) -> Block:
    """Make a block of the article from a line that stands in no element of the page: in a script or its structured data."""
    return Block(index, "p", line, key_of(line), 0, 0, body, (), prose=True, inside=True, taken=True, why=why)


def key_of(text: str) -> str:
    """Return the word characters of `text`, in lower case."""
    if text.isascii():  # most lines are, and bytes are several times as quick
        return text.encode().translate(None, NOT_WORD_BYTES).lower().decode()
    return NOT_WORD.sub("", text).lower()


def tidy(text: str) -> str:
    """Make every run of white space one space (no-break, thin and ideographic too) and drop invisible characters."""
    return " ".join((text if text.isascii() else text.translate(INVISIBLE)).split())


# where the walk stands: the block element that text found here belongs to, the boxes around it, whether inside a link,
# inside bold or italics, and whether text here is not read
_Place = tuple[HtmlElement, tuple[Box, ...], bool, bool, bool]


@cache
def _never_endings() -> frozenset[str]:
    return frozenset(
        word for _, row in read_table("joined.tsv", ("language", "words")) for word in row["words"].split()
    )


class _Reader:
    """Gather text into blocks while the walk goes on."""

    def __init__(self, hints: Hints) -> None:
        self.hints = hints
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.links = self.strong = self.breaks = 0
        self.spoken = False  # some of the parts is more than white space

    def descend(self, element: HtmlElement, place: _Place) -> None:
        """Read what is below an element. Recursion is safe: `parse_page` bounds the depth."""
        owner, boxes, link, strong, hidden = place
        for child in element:
            tag = child.tag
            if tag in INLINE:
                within = hidden or self.hints.hides(child)
                inner = (owner, boxes, link or tag == "a", strong or tag in STRONG, within)
                self.take(child.text, inner)
                self.descend(child, inner)
            elif tag == "br":
                self.line_break(place)
            elif tag in SKIPPED:
                self.end(place)
            else:
                self.end(place)
                own = self.hints.of(child)
                inner = (child, (*boxes, Box(own)) if own else boxes, link, strong, hidden)
                self.take(child.text, inner)
                self.descend(child, inner)
                self.end(inner)
            if tail := child.tail:
                if tag == "a":
                    self.part_words(tail)
                self.take(tail, place)

    def take(self, text: str | None, place: _Place) -> None:
        """Add text to the block being read."""
        if not text or place[4]:
            return
        self.parts.append(text)
        if not text.isspace():
            self.spoken = True
            self.breaks = 0
            if place[2]:
                self.links += len(text.strip())
            if place[3]:
                self.strong += len(text.strip())

    def part_words(self, tail: str) -> None:
        """Put a space between a link's last word and a word that never ends another: "boasted" + "that"."""
        if self.parts and self.parts[-1][-1:].isalpha() and tail[0].islower():
            following = FIRST_WORD.match(tail)
            if following and following[0] in _never_endings():
                self.parts.append(" ")

    def line_break(self, place: _Place) -> None:
        """Read a <br>: one is a space, two end a paragraph."""
        self.breaks += 1
        if self.breaks > 1:
            self.end(place)
        else:
            self.parts.append(" ")

    def end(self, place: _Place) -> None:
        """End the block being read."""
        if self.spoken:
            text = tidy("".join(self.parts))
            if text:
                owner, boxes = place[0], place[1]
                self.blocks.append(
                    Block(len(self.blocks), owner.tag, text, key_of(text), self.links, self.strong, owner, boxes)
                )
            self.parts = []
            self.links = self.strong = 0
            self.spoken = False
        elif self.parts:  # most runs are the white space between two tags
            self.parts.clear()


def read_blocks(body: HtmlElement, hints: Hints) -> list[Block]:
    """Walk the tree below `body` once, and return its blocks in reading order."""
    reader = _Reader(hints)
    place: _Place = (body, (), False, False, False)
    reader.take(body.text, place)
    reader.descend(body, place)
    reader.end(place)
    return reader.blocks
