"""Parse a page once, within bounds: everything else reads this one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import LxmlError, iterwalk, strip_elements
from lxml.html import HtmlElement, HTMLParser, fromstring

from dateline.errors import ExtractError
from dateline.text import storable

MAX_CHARACTERS = 10_000_000  # the largest real articles, scripts and inline pictures included, stay under five million
MAX_ELEMENTS = 150_000  # a news page has two thousand; what has more is a list, a log or an attack
MAX_DEPTH = 400  # browsers stop at 512; real pages stay under 100
INLINE_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{400,}")  # pictures inside the page
UNSEEN = (
    "style",
    "svg",
    "template",
    "object",
    "noscript",
    "iframe",
    "select",
    "datalist",
    "embed",
    "applet",
    "canvas",
    "map",
    "textarea",
)
UNREAD = "unread"  # the tag of scripts, so that one sweep takes them out
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # what lxml refuses in a tree


@dataclass(slots=True)
class Page:
    """Hold a parsed page and what its head says."""

    root: HtmlElement
    body: HtmlElement
    meta: dict[str, list[str]] = field(default_factory=dict)  # name, property or itemprop, lower case → contents
    links: dict[str, list[str]] = field(default_factory=dict)  # rel of <link> → addresses
    elements: list[HtmlElement] = field(default_factory=list)  # kept so that lxml makes each element's proxy once only

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
    if "base64," in text:
        text = INLINE_DATA.sub("data:,", text)
    text = XML_DECLARATION.sub("", text, count=1)
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
    elements = _elements(root)
    _strip(root, elements)
    body = root.find(".//body")
    page = Page(root, root if body is None else body, elements=elements)
    _read_head(page)
    return page


def _elements(root: HtmlElement) -> list[HtmlElement]:
    """Return all elements. Raises ExtractError where they are too many or nest too deep."""
    elements: list[HtmlElement] = []
    depth = 0
    for event, element in iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements.append(element)
        if depth > MAX_DEPTH:
            raise ExtractError(f"elements nest deeper than {MAX_DEPTH}", code="too_deep")
        if len(elements) > MAX_ELEMENTS:
            raise ExtractError(f"page of more than {MAX_ELEMENTS:,} elements", code="too_large")
    return elements


def _strip(root: HtmlElement, elements: list[HtmlElement]) -> None:
    """Take out what nobody reads but structured data: trees are copied several times on the way, and copies cost."""
    for element in elements:
        if element.tag == "script" and "ld+json" not in (element.get("type") or "").lower():
            element.tag = UNREAD
    strip_elements(root, UNREAD, *UNSEEN, with_tail=False)


def _read_head(page: Page) -> None:
    for element in page.elements:
        if element.tag == "meta":
            name = (
                element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
            )
            content = element.get("content")
            if name and content and content.strip():
                page.meta.setdefault(name.strip().lower(), []).append(" ".join(content.split()))
        elif element.tag == "link" and (rel := element.get("rel")) and (href := element.get("href")):
            page.links.setdefault(rel.strip().lower(), []).append(href.strip())
