"""Read what else a page tells of its article: links, section, tags, picture, paywall, kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from dateline.extract.blocks import Block, key_of, tidy
from dateline.extract.page import Page
from dateline.extract.structured import Node, text_of, types_of
from dateline.types import ArticleKind

MOST_LINKS = 200
MOST_TAGS = 30
LONGEST_TAG = 80
OPINION = re.compile(
    r"^(?:opinions?|op-?ed|comment(?:ary|isfree)?|columns?|columnists?|editorials?|letters?|meinung(?:en)?|(?:gast)?kommentare?|kolumnen?|leitartikel|"
    r"gastbeitr[aä]ge?|debatte|opinion(?:e|i|es)?|opini[oó]n|tribunes?|chroniques?|id[eé]es|[eé]ditori(?:al|aux|ali|ale)|commenti|opini[aã]o|meninger|debatt|"
    r"ledare?|kronikk?|mening|opinie|felieton(?:y)?|komentar(?:e|ze|z|ji)?|n[aá]zory?|nuomon[eė]s|mielipide|v[eé]lem[eé]ny|opinii|yazarlar|g[oö]r[uü]ş|"
    r"мнени[ея]|думки|社説|社论|社論|评论|評論|コラム|사설|칼럼|오피니언)$"
)
LIVE = re.compile(
    r"(?:^|[/\W_])(?:live-?(?:blog|ticker|updates?)|liveblog|liveticker|newsblog|minuto-a-minuto|en-direct|diretta)(?:$|[/\W_])"
)
LIVE_TITLE = re.compile(
    r"^(?i:live|en direct|diretta|en vivo|ao vivo|na żywo)\s*[:|–—]|\bLIVE\s*[:|–—]|\b(?i:live-?blog|live-?ticker|newsblog)\b"
)
# what systems write among a page's keywords: identifiers, names of fields, kinds of entities
MACHINE_TAG = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{16,}|\d+|.*:|@.*|.*\b(?:PERSON|GOVERNMENT_FIGURE|ORGANIZATION)\b.*|[\w-]*_[\w-]*"
)
SLOGAN = re.compile(r"\s+[|•·–—-]\s+")
LIST_COMMAS = 2  # a section with so many names is a list of sections


def absolute(address: str | None, base: str | None) -> str | None:
    """Return an address in full, None where it is none that a browser would follow to a page."""
    if not address:
        return None
    try:
        full = urljoin(base or "", address.strip())
        parts = urlsplit(full)
    except ValueError:
        return None
    return full if parts.scheme in {"http", "https"} and parts.hostname else None


def links_of(blocks: Iterable[Block], base: str | None) -> tuple[str, ...]:
    """Return where the article's own text links to, each address once."""
    found: dict[str, None] = {}
    for block in blocks:
        if block.taken and block.links:
            for link in block.element.iter("a"):
                address = absolute(link.get("href"), base)
                if address:
                    found.setdefault(address)
    return tuple(found)[:MOST_LINKS]


def site_of(page: Page, article: Node, address: str | None) -> str | None:
    """Return the site's name, without the slogan that some put after it."""
    name = page.first("og:site_name") or text_of(article.get("publisher")) or page.first("application-name")
    name = tidy(unescape(name)) if name else ""
    if not key_of(name):
        return None
    parts = [part for part in SLOGAN.split(name) if key_of(part)]
    host = key_of((urlsplit(address).hostname or "") if address else "")
    return next((part for part in parts if key_of(part) in host), parts[0]) if len(parts) > 1 else name


def section_of(page: Page, article: Node) -> str | None:
    """Return the section that the publisher files the article under."""
    named = text_of(article.get("articleSection")) or page.first("article:section", "parsely-section", "section")
    if not named:
        return None
    listed = named.count(",") >= LIST_COMMAS or ("," in named and ", " not in named)
    return tidy(unescape(named.split(",")[0] if listed else named)) or None


def tags_of(page: Page, article: Node) -> tuple[str, ...]:
    """Return the publisher's keywords, each once."""
    given: list[str] = [*page.meta.get("article:tag", ()), *_texts(article.get("keywords"))]
    given += page.meta.get("news_keywords", ()) or page.meta.get("keywords", ())
    found: dict[str, str] = {}
    for text in given:
        for part in re.split(r"[,;]", unescape(unescape(text))):
            tag = tidy(part)
            if tag and len(tag) <= LONGEST_TAG and key_of(tag) and not MACHINE_TAG.fullmatch(tag):
                found.setdefault(key_of(tag), tag)
    return tuple(found.values())[:MOST_TAGS]


def image_of(page: Page, article: Node, base: str | None) -> str | None:
    """Return the address of the main picture."""
    image = article.get("image")
    while isinstance(image, list) and image:
        image = image[0]
    stated = image.get("url") if isinstance(image, dict) else image
    for address in (page.first("og:image", "og:image:url", "twitter:image"), stated):
        if isinstance(address, str) and (full := absolute(address, base)):
            return full
    return None


def paywalled(page: Page, article: Node) -> bool | None:
    """Say whether the page says that its text is not free; None where it says nothing."""
    stated = article.get("isAccessibleForFree")
    if isinstance(stated, str):
        stated = {"true": True, "false": False}.get(stated.strip().lower())
    if isinstance(stated, bool):
        return not stated
    tier = (page.first("article:content_tier", "og:article:content_tier") or "").lower()
    return {"free": False, "metered": True, "locked": True}.get(tier)


def kind_of_article(article: Node, section: str | None, url: str | None, title: str | None = None) -> ArticleKind:
    """Tell live blogs and opinion from news, by what the publisher says: its types, section, address and label before the title."""
    path = ""
    with suppress(ValueError):
        path = urlsplit(url or "").path.lower()
    types = {name.lower() for name in types_of(article)}
    title = title or ""
    if any("liveblog" in name for name in types) or LIVE.search(path) or LIVE_TITLE.search(title):
        return "liveblog"
    label = re.split(r"\s*[:|]\s", title, maxsplit=1)
    labels = [key.lower() for key in (section or "", *path.split("/")[1:-1], label[0] if len(label) > 1 else "")]
    if any("opinion" in name for name in types) or any(OPINION.match(label.strip()) for label in labels):
        return "opinion"
    return "news"


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    text = text_of(value)
    return [text] if text else []
