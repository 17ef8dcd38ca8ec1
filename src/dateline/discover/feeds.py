"""Read feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed; of a broken one, what can be had."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from dateline.discover.dates import read_date
from dateline.discover.markup import child_text, elements, local, xml_text
from dateline.discover.web import Findings, absolute
from dateline.encoding import decode_html
from dateline.errors import DiscoverError

MOST_ENTRIES = 5_000  # of one feed; a hundred are usual
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"

_TAG = re.compile(r"<[^<>]{1,300}>")
_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|rdf|feed|channel)\b", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def read_feed(body: bytes, content_type: str | None, base: str, findings: Findings) -> None:
    """Add a feed's entries. Raises DiscoverError("not_a_feed") for what is none."""
    if (document := _json(body)) is not None:
        _read_json(document, base, findings)
        return
    text, hostile = xml_text(body, content_type)
    if hostile:
        findings.reject("xml_entities", "the feed declares entities of its own; they are not expanded")
    head = text[:2000]
    if not _ROOT.search(head) or _HTML.search(head):
        raise DiscoverError("the address gives no feed", code="not_a_feed")
    for entry in elements(text, "item", "entry"):
        title = child_text(entry, "title")
        at = read_date(child_text(entry, "pubdate", "published", "date", "issued", "updated", "modified"))
        taken = findings.add(
            _link(entry),
            base=_base(entry, base),
            title=plain(title) if title else None,
            at=at,
            language=language_code(child_text(entry, "language")),
        )
        if not taken:
            return


def feed_title(body: bytes, content_type: str | None) -> str | None:
    """Return a feed's own title."""
    if (document := _json(body)) is not None:
        title = document.get("title")
        return plain(title) if isinstance(title, str) else None
    text, _ = xml_text(body, content_type)
    first = re.search(r"<(?:\w+:)?title\b[^>]{0,200}>(.{0,500}?)</(?:\w+:)?title>", text[:20_000], re.DOTALL)
    if first is None:
        return None
    return plain(first.group(1).replace("<![CDATA[", "").replace("]]>", "")) or None


def language_code(value: str | None) -> str | None:
    """Return ISO 639-1 of `en-GB`, or None."""
    code = (value or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if len(code) == len("en") and code.isascii() and code.isalpha() else None


def plain(title: str) -> str:
    """Return a title without the markup that some feeds leave in it, escaped once or twice."""
    text = html.unescape(title)
    return " ".join(_TAG.sub("", html.unescape(text) if "&" in text else text).split())


def _json(body: bytes) -> dict[str, Any] | None:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return None
    try:
        document = json.loads(decode_html(body))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _read_json(document: dict[str, Any], base: str, findings: Findings) -> None:
    items = document.get("items")
    if not isinstance(items, list):
        raise DiscoverError("the address gives JSON, but no JSON Feed", code="not_a_feed")
    for item in items:
        if not isinstance(item, dict):
            findings.reject("bad_entry", f"an item that is no object: {str(item)[:100]}")
            continue
        said = {key: value for key, value in item.items() if isinstance(value, str)}
        url = said.get("url") or said.get("external_url") or said.get("id")
        at = read_date(said.get("date_published") or said.get("date_modified"))
        language = language_code(said.get("language") or str(document.get("language") or ""))
        if not findings.add(url, base=base, title=plain(said.get("title", "")), at=at, language=language):
            return


def _link(entry: Any) -> str | None:
    """Return the address of an entry's page: the original where a proxy stands in between, never an enclosure."""
    original = child_text(entry, "origlink")
    if original:
        return original
    links = [child for child in entry if local(child) == "link"]
    for link in links:
        href = link.get("href")
        if href and (link.get("rel") or "alternate") == "alternate" and "html" in (link.get("type") or "html"):
            return str(href)
    for link in links:
        text = "".join(link.itertext()).strip()
        if text:
            return text
    identity = child_text(entry, "guid", "id")
    if identity and identity.startswith(("http://", "https://")) and not _no_permalink(entry):
        return identity
    about = next((value for name, value in entry.attrib.items() if name.endswith("}about")), None)
    return about or next((str(link.get("href")) for link in links if link.get("href")), None)


def _no_permalink(entry: Any) -> bool:
    return any(local(child) == "guid" and child.get("isPermaLink") == "false" for child in entry)


def _base(entry: Any, base: str) -> str:
    """Resolve `xml:base`, which may stand on the entry and on what holds it."""
    bases = [node.get(XML_BASE) for node in (entry, *entry.iterancestors())]
    for each in reversed([each for each in bases if each]):
        base = absolute(each, base) or base
    return base
