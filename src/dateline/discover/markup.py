"""Walk XML that may be broken or hostile: entities are never expanded, nothing is loaded, memory stays flat."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.entities import html5
from io import BytesIO
from typing import Any

from lxml import etree

from dateline.encoding import decode_html
from dateline.text import REPLACEMENT

_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]{0,2000}(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!#\d{1,12};|#[xX][0-9a-fA-F]{1,12};|[A-Za-z][A-Za-z0-9]{1,30};)")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|(\d{1,12}));")
_KNOWN_TO_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def xml_text(body: bytes, content_type: str | None) -> tuple[str, bool]:
    """Return a document as text that a strict parser can read, and whether it declared entities (which are dropped)."""
    text = _DECLARATION.sub("", decode_html(body, content_type).lstrip("\ufeff \t\r\n"), count=1)
    head = text[:100_000]
    hostile = "<!ENTITY" in head
    if "<!DOCTYPE" in head.upper():
        text = _DOCTYPE.sub("", text, count=1)
    if "&" in text:
        parts = _CDATA.split(text)  # what stands in CDATA means itself
        parts[::2] = [_plain(part) for part in parts[::2]]
        text = "".join(parts)
    return _NOT_XML.sub("", text), hostile


def elements(text: str, *names: str) -> Iterator[Any]:
    """Yield each element with one of these local names when it is complete, then forget it. Never raises."""
    source = BytesIO(text.encode("utf-8"))
    tags = [tag for name in names for tag in (name, "{*}" + name)]
    walk = etree.iterparse(
        source, events=("end",), tag=tags, recover=True, resolve_entities=False, no_network=True, encoding="utf-8",
        load_dtd=False, huge_tree=True,
    )  # fmt: skip
    try:
        for _, element in walk:
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        return  # what came before the fault has been given


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def child_text(element: Any, *names: str) -> str | None:
    """Return the text of the first child with one of these names, in the order of the names; None where it is empty.

    Where there is none, it may have slipped into a neighbour whose tags do not fit.
    """
    for nodes in (element, element.iterdescendants()):
        found: dict[str, str] = {}
        for child in nodes:
            name = local(child)
            if name in names and name not in found:
                text = "".join(child.itertext()).strip()
                if text:
                    found[name] = text
        if found:
            return next(found[name] for name in names if name in found)
    return None


def _plain(text: str) -> str:
    """Leave in a text only the references that XML knows."""
    return _BARE.sub("&amp;", _NUMBERED.sub(_plain_number, _NAMED.sub(_plain_entity, text)))


def _plain_number(found: re.Match[str]) -> str:
    """Drop references to characters that there are not: the parser would hand them on, and fail over them later."""
    number = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    exists = number <= sys.maxunicode and not _NOT_XML.match(chr(number))
    return found.group() if exists else REPLACEMENT


def _plain_entity(found: re.Match[str]) -> str:
    """Write HTML's entities as characters; XML does not know them, and drops what it does not know."""
    name = found.group(1)
    if name in _KNOWN_TO_XML:
        return found.group()
    char = html5.get(name + ";")
    return char if char is not None and char not in "<>&" else "&amp;" + name + ";"
