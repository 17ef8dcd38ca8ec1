"""Read what else a page tells of its article: links, section, tags, picture, paywall, kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
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
    r"^(?:opinions?|op-?ed|comment(?:ary|isfree)?|columns?|columnists?|editorials?|letters?|meinung(?:en)?|kommentare?|kolumnen?|leitartikel|"
    r"gastbeitrag|debatte|opinion(?:e|i|es)?|opini[o\u00f3]n|tribunes?|chroniques?|idees|editoriali?|commenti|opini[a\u00e3]o|meninger|debatt|ledare?|"
    r"kronikk?|mening|felieton(?:y)?|komentar(?:e|ze)?)$"
)
LIVE = re.compile(
    r"(?:^|[/\W_])(?:live-?(?:blog|ticker|updates?)|liveblog|liveticker|newsblog|minuto-a-minuto|en-direct|diretta)(?:$|[/\W_])"
)


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


def section_of(page: Page, article: Node) -> str | None:
    """Return the section that the publisher files the article under."""
    return text_of(article.get("articleSection")) or page.first("article:section", "parsely-section", "section")


def tags_of(page: Page, article: Node) -> tuple[str, ...]:
    """Return the publisher's keywords, each once."""
    given: list[str] = [*page.meta.get("article:tag", ()), *_texts(article.get("keywords"))]
    given += page.meta.get("news_keywords", ()) or page.meta.get("keywords", ())
    found: dict[str, str] = {}
    for text in given:
        for part in re.split(r"[,;]", text):
            tag = tidy(part)
            if tag and len(tag) <= LONGEST_TAG and key_of(tag):
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


def kind_of_article(article: Node, section: str | None, url: str | None) -> ArticleKind:
    """Tell live blogs and opinion from news, by what the publisher says."""
    path = ""
    with suppress(ValueError):
        path = urlsplit(url or "").path.lower()
    types = {name.lower() for name in types_of(article)}
    if any("liveblog" in name for name in types) or LIVE.search(path):
        return "liveblog"
    labels = [key.lower() for key in (section or "", *path.split("/")[1:-1])]
    if any("opinion" in name for name in types) or any(OPINION.match(label.strip()) for label in labels):
        return "opinion"
    return "news"


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    text = text_of(value)
    return [text] if text else []
