"""Read the article on a page: the stage's steps, in order."""

from __future__ import annotations

from datetime import UTC, datetime

from dateline.encoding import decode_html
from dateline.errors import ExtractError
from dateline.extract import language
from dateline.extract.authors import find_authors, round_the_text
from dateline.extract.blocks import key_of, read_blocks
from dateline.extract.body import choose_blocks
from dateline.extract.clean import clean_blocks
from dateline.extract.dates import find_dates
from dateline.extract.front import is_front
from dateline.extract.given import is_given, read_given
from dateline.extract.hints import open_hints
from dateline.extract.page import parse_page
from dateline.extract.standfirst import find_standfirst
from dateline.extract.structured import choose_article, read_nodes, text_of
from dateline.extract.titles import find_title, site_keys
from dateline.types import Article, RawPage

EXTRACTOR = "dateline-extract/1 trafilatura/2.3.1"


def read_page(html: str, *, url: str | None = None, seen_at: datetime | None = None) -> Article:
    """Read the article on a page. Raises ExtractError where there is none, or where the page is out of bounds."""
    page = parse_page(html)
    seen_at = seen_at or datetime.now(UTC)
    blocks = read_blocks(page.body, open_hints())
    choice = choose_blocks(page, blocks)
    nodes = read_nodes(page.root)
    titles = [block.text for block in blocks if block.tag == "h1"] + page.meta.get("og:title", [])
    canonical = next(iter(page.links.get("canonical", [])), None) or page.first("og:url")
    article = choose_article(nodes, titles=titles, addresses=[a for a in (url, canonical) if a])
    site = page.first("og:site_name")
    publisher = article.get("publisher")
    names = [site, text_of(publisher), page.first("application-name"), page.first("twitter:site"), page.first("apple-mobile-web-app-title")]
    sites = site_keys(names, [canonical, page.first("og:url"), url])
    title = find_title(page, article, blocks, sites)
    authors = find_authors(page, article, blocks, sites)
    dates = find_dates(page, article, round_the_text(blocks)[0], url=url, seen_at=seen_at)
    captions = {block.key for block in blocks if block.hinted(frozenset(("caption",))) and len(block.key) > 20}
    clean_blocks(blocks, headline=key_of(title.text or ""), captions=captions)
    standfirst = find_standfirst(page, article, blocks, key_of(title.text or ""))
    for block in standfirst:
        block.taken, block.why = False, "standfirst"
    text = "\n".join(block.text for block in blocks if block.taken)
    if not text:
        raise ExtractError("page holds no article", code="no_article")
    if is_front(page, blocks, named_article=bool(article)):
        raise ExtractError("page is a list of other articles", code="not_article")
    claimed = language.claimed_language(page)
    code, warning = language.detect_language(text, claimed)
    return Article(
        url=url or canonical or "", text=text, extractor=EXTRACTOR, canonical_url=canonical, title=title.text,
        authors=authors.names, published=dates.published, modified=dates.modified, site_name=site, language=code,
        standfirst="\n".join(block.text for block in standfirst) or None,
        warnings=(warning,) if warning else (),
    )  # fmt: skip


def extract_page(page: RawPage) -> Article:
    """Read the article on a page as its server sent it. Raises ExtractError."""
    if is_given(page):
        return read_given(page)
    html = decode_html(page.body, page.header("content-type"))
    return read_page(html, url=page.final_url or page.url, seen_at=page.fetched_at)
