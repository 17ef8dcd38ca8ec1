"""Parse a page once, within bounds: everything else reads this one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser, fromstring

from dateline.errors import ExtractError
from dateline.text import storable

MAX_CHARACTERS = 10_000_000  # the largest real articles, scripts and inline pictures included, stay under five million
MAX_ELEMENTS = 150_000  # a news page has two thousand; what has more is a list, a log or an attack
MAX_DEPTH = 400  # browsers stop at 512; real pages stay under 100
INLINE_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{400,}")  # pictures inside the page
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # what lxml refuses in a tree


@dataclass(slots=True)
class Page:
    """Hold a parsed page and what its head says."""

    root: HtmlElement
    body: HtmlElement
    meta: dict[str, list[str]] = field(default_factory=dict)  # name, property or itemprop, lower case → contents
    links: dict[str, list[str]] = field(default_factory=dict)  # rel of <link> → addresses

    def first(self, *names: str) -> str | None:
        """Return the first content of the first of these meta names that has one."""
        for name in names:
            for content in self.meta.get(name, ()):
                return content
        return None


def parse_page(html: str) -> Page:
    """Parse a page. Raises ExtractError: `empty`, `too_large`, `too_deep`, `not_html`."""
    if len(html) > MAX_CHARACTERS:
        raise ExtractError(f"page of {len(html):,} characters, the limit is {MAX_CHARACTERS:,}", code="too_large")
    text = CONTROLS.sub(" ", storable(html))
    text = XML_DECLARATION.sub("", INLINE_DATA.sub("data:,", text), count=1)
    if not text.strip():
        raise ExtractError("page is empty", code="empty")
    if "<" not in text:
        raise ExtractError("page has no markup", code="not_html")
    parser = HTMLParser(collect_ids=False, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    try:
        # bytes, because libxml2 stops at characters beyond the BMP in wide strings on some systems
        root = fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError) as error:
        raise ExtractError(f"page cannot be parsed: {error}", code="not_html") from error
    _check_size(root)
    body = root.find(".//body")
    page = Page(root, root if body is None else body)
    _read_head(page)
    return page


def _check_size(root: HtmlElement) -> None:
    count = depth = 0
    from lxml.etree import iterwalk

    for event, _ in iterwalk(root, events=("start", "end")):
        if event == "start":
            count += 1
            depth += 1
            if depth > MAX_DEPTH:
                raise ExtractError(f"elements nest deeper than {MAX_DEPTH}", code="too_deep")
            if count > MAX_ELEMENTS:
                raise ExtractError(f"page of more than {MAX_ELEMENTS:,} elements", code="too_large")
        else:
            depth -= 1


def _read_head(page: Page) -> None:
    for element in page.root.iter("meta", "link"):
        if element.tag == "meta":
            name = (
                element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
            )
            content = element.get("content")
            if name and content and content.strip():
                page.meta.setdefault(name.strip().lower(), []).append(" ".join(content.split()))
        elif (rel := element.get("rel")) and (href := element.get("href")):
            page.links.setdefault(rel.strip().lower(), []).append(href.strip())
