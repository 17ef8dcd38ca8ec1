"""Parse a page once, within bounds: everything else reads this one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from unicodedata import is_normalized, normalize

from lxml.etree import ElementDefaultClassLookup, LxmlError, XPath, strip_elements
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from dateline.errors import ExtractError
from dateline.text import storable

MAX_CHARACTERS = 10_000_000  # the largest real articles, scripts and inline pictures included, stay under five million
MAX_ELEMENTS = 150_000  # a news page has two thousand; what has more is a list, a log or an attack
MAX_DEPTH = 400  # browsers stop at 512; real pages stay under 100
INLINE_DATA = re.compile(rb"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{400,}")  # pictures inside the page
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
XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])  # what lxml refuses in a tree
SPACED = bytes.maketrans(CONTROLS, b" " * len(CONTROLS))
NOT_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF, which lxml refuses too
TOO_DEEP = XPath("boolean(/" + "*/" * MAX_DEPTH + "*)")


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
    data = _clean_bytes(html)
    if not data.strip():
        raise ExtractError("page is empty", code="empty")
    if b"<" not in data:
        raise ExtractError("page has no markup", code="not_html")
    try:
        # bytes, because libxml2 stops at characters beyond the BMP in wide strings on some systems
        root = document_fromstring(data, parser=_parser())
    except (LxmlError, ValueError) as error:
        raise ExtractError(f"page cannot be parsed: {error}", code="not_html") from error
    _check_bounds(root)
    _strip(root)
    body = root.find(".//body")
    page = Page(root, root if body is None else body, elements=list(root.iter()))
    _read_head(page)
    return page


def _clean_bytes(html: str) -> bytes:
    """Return the page as UTF-8, composed, without what a tree cannot hold and without the pictures that it carries itself."""
    if not html.isascii() and not is_normalized("NFC", html):
        html = normalize("NFC", html)
    try:
        data = html.encode()
    except UnicodeEncodeError:
        data = storable(html).encode()
    data = data.translate(SPACED)
    for wrong in NOT_CHARACTERS:
        if wrong in data:
            data = data.replace(wrong, b" ")
    if b"base64," in data:
        data = INLINE_DATA.sub(b"data:,", data)
    return XML_DECLARATION.sub(b"", data, count=1)


def _parser() -> HTMLParser:
    parser = HTMLParser(collect_ids=False, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    # lxml.html chooses each element's class in Python, for the sake of forms; one class for all saves a tenth of our time
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _check_bounds(root: HtmlElement) -> None:
    """Raise ExtractError where elements are too many or nest too deep."""
    if sum(1 for _ in islice(root.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
        raise ExtractError(f"page of more than {MAX_ELEMENTS:,} elements", code="too_large")
    if TOO_DEEP(root):
        raise ExtractError(f"elements nest deeper than {MAX_DEPTH}", code="too_deep")


def _strip(root: HtmlElement) -> None:
    """Take out what nobody reads but structured data: trees are copied several times on the way, and copies cost."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            script.tag = UNREAD
    strip_elements(root, UNREAD, *UNSEEN, with_tail=False)


def _read_head(page: Page) -> None:
    for element in page.root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if name and content and content.strip():
            page.meta.setdefault(name.strip().lower(), []).append(" ".join(content.split()))
    for element in page.root.iter("link"):
        if (rel := element.get("rel")) and (href := element.get("href")):
            page.links.setdefault(rel.strip().lower(), []).append(href.strip())
