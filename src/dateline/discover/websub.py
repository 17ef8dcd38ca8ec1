"""Read what WebSub (W3C Recommendation, 2018) has to do with feeds: which hub one names, and what a hub delivers."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator
from typing import Any

from dateline.discover.feeds import MOST_ENTRIES, read_feed
from dateline.discover.markup import elements, local, xml_text
from dateline.discover.web import Findings, absolute
from dateline.encoding import decode_html
from dateline.types import Discovery, Hub, RawPage, Source

METHODS = ("sha256", "sha384", "sha512")
WEAK = "sha1"  # most hubs sign with it still; enough only where TLS protects the way as well (section 8.3)
MOST_LINKS = 100  # links of a Link header or a feed's head that are looked at

_LINK = re.compile(r"<([^<>]{1,2048})>([^<]{0,2048})")
_REL = re.compile(r"""(?:^|[;\s])rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"']+))""", re.IGNORECASE)
_HOLDERS = ("feed", "channel", "rss", "rdf")  # what a feed's own links stand in; those of entries are not the feed's

Links = dict[str, str]  # the first address of each relation that matters


def find_hub(page: RawPage) -> Hub | None:
    """Return the hub that a feed names: in its answer's Link headers, else in the feed itself (section 4).

    A feed that does not say its own address has the one that answered.
    """
    base = page.final_url
    said = _first(_header_links(page), base)
    if "hub" not in said and (b"hub" in page.body or b"h\0u\0b" in page.body):
        said = _first(_body_links(page), base) | said
    if "hub" not in said:
        return None
    return Hub(url=said["hub"], topic=said.get("self", base))


def is_genuine(body: bytes, signature: str | None, secret: str, *, weak: bool = False) -> bool:
    """Say whether a delivery's `X-Hub-Signature` (`method=hex`) was made with our secret. `weak`: SHA-1 will do."""
    method, _, digest = (signature or "").strip().partition("=")
    name = method.strip().lower()
    if name not in METHODS and not (weak and name == WEAK):
        return False
    expected = hmac.new(secret.encode(), body, name).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode("utf-8", "replace"))


def read_delivery(body: bytes, content_type: str | None, findings: Findings, *, topic: str) -> Discovery:
    """Return what a delivery tells of, as a look at the feed would. Raises DiscoverError for what is no feed."""
    read_feed(body, content_type, topic, findings)
    return Discovery(source=findings.source, refs=tuple(findings.refs.values()), rejected=tuple(findings.rejected))


def findings_for(source: Source, **how: Any) -> Findings:
    """Make what collects a delivery's entries, with a feed's limits."""
    return Findings(source, most=MOST_ENTRIES, **how)


def _header_links(page: RawPage) -> Iterator[tuple[str, str]]:
    for name, value in page.headers:
        if name.lower() != "link":
            continue
        for found in _LINK.finditer(value):
            rel = _REL.search(found.group(2))
            if rel is not None:
                yield next(filter(None, rel.groups()), ""), found.group(1)


def _body_links(page: RawPage) -> Iterator[tuple[str, str]]:
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        yield from _json_links(page.body)
        return
    text, _ = xml_text(page.body, page.header("Content-Type"))
    for link in elements(text, "link", "item", "entry"):  # entries are walked over, so that they are forgotten
        holder = link.getparent()
        if local(link) == "link" and holder is not None and local(holder) in _HOLDERS and link.get("href"):
            yield link.get("rel") or "", link.get("href")


def _json_links(body: bytes) -> Iterator[tuple[str, str]]:
    """Read `hubs` and `feed_url` of a JSON Feed."""
    try:
        document = json.loads(decode_html(body))
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    hubs = document.get("hubs")
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and str(hub.get("type")).lower() == "websub" and isinstance(hub.get("url"), str):
            yield "hub", hub["url"]
    if isinstance(document.get("feed_url"), str):
        yield "self", document["feed_url"]


def _first(links: Iterator[tuple[str, str]], base: str) -> Links:
    """Return the first usable hub and the first usable own address."""
    found: Links = {}
    for number, (relations, target) in enumerate(links):
        if number >= MOST_LINKS or len(found) == len(("hub", "self")):
            break
        for relation in relations.lower().split():
            if relation in ("hub", "self") and relation not in found and (url := absolute(target, base)):
                found[relation] = url
    return found
