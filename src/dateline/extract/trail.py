"""Read the section from a page's breadcrumb trail: "Home > Islands > the article"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from dateline.extract.blocks import key_of, tidy
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of, types_of
from dateline.extract.tables import read_table

TRAIL = re.compile(r"bread-?_?crumbs?|\btrail\b", re.IGNORECASE)
PLACES = ("nav", "ol", "ul", "div", "p")
NAMED = frozenset(("class", "id", "itemtype", "aria-label", "typeof"))
LONGEST = 40  # characters of a section's name
MOST = 6  # steps of a trail; a menu has more


def section_in_trail(page: Page, nodes: Iterable[Node], titles: Iterable[str | None], sites: set[str]) -> str | None:
    """Return the first step of the trail that is neither the home page nor the article; its data before its links."""
    trails = [_steps(node) for node in nodes if "BreadcrumbList" in types_of(node)]
    own = {key_of(title) for title in titles if title}
    for trail in (*trails, *_shown(page)):
        for name, address in trail if len(trail) <= MOST else ():
            key = key_of(name)
            if (
                key in own
                or len(name) > LONGEST
                or any(key and title.startswith(key) and len(key) > 3 * MOST for title in own)
            ):
                break  # the article itself
            if key and key not in _homes() and key not in sites and not _is_root(address):
                return name
    return None


@cache
def _homes() -> frozenset[str]:
    return frozenset(
        key_of(word) for _, row in read_table("homes.tsv", ("language", "words")) for word in row["words"].split("|")
    )


def _steps(node: Node) -> list[tuple[str, str | None]]:
    """Return the names and addresses of a BreadcrumbList, in its order."""
    items = node.get("itemListElement")
    found: list[tuple[float, str, str | None]] = []
    for at, item in enumerate(items if isinstance(items, list) else [items]):
        if isinstance(item, dict) and (name := text_of(item.get("name")) or text_of(item.get("item"))):
            place = str(item.get("position", ""))
            found.append((float(place) if place.isdigit() else at, name, _address(item.get("item"))))
    return [(name, address) for _, name, address in sorted(found, key=lambda step: step[0])]


def _address(item: Any) -> str | None:
    if isinstance(item, dict):
        item = item.get("@id") or item.get("url")
    return item if isinstance(item, str) else None


def _shown(page: Page) -> Iterator[list[tuple[str, str | None]]]:
    """Yield the links of elements that are named as a trail."""
    for element in page.root.iter(*PLACES):
        names = " ".join([value for name, value in element.items() if name in NAMED])
        if names and TRAIL.search(names):
            yield [(name, link.get("href")) for link in element.iter("a") if (name := _name(link))]


def _name(link: HtmlElement) -> str:
    return tidy("".join(link.itertext()))


def _is_root(address: str | None) -> bool:
    """Say whether an address is a site's first page."""
    if not address:
        return False
    try:
        return not urlsplit(address.strip()).path.strip("/")
    except ValueError:
        return False
