"""Read the article on a page: the stage's steps, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from dateline.encoding import decode_html
from dateline.errors import ExtractError
from dateline.extract import furnishings, language
from dateline.extract.authors import Authors, find_authors, round_the_text
from dateline.extract.blocks import Block, key_of, read_blocks
from dateline.extract.body import Choice, choose_blocks
from dateline.extract.captions import alternative_keys, captions_of, mark_captions
from dateline.extract.clean import clean_blocks
from dateline.extract.dates import Dates, find_dates
from dateline.extract.front import is_front
from dateline.extract.given import is_given, read_given
from dateline.extract.hints import open_hints
from dateline.extract.notes import find_note, placed
from dateline.extract.page import Page, parse_page
from dateline.extract.scripts import add_script_text, take_whole
from dateline.extract.standfirst import find_standfirst
from dateline.extract.structured import Node, choose_article, completed, read_nodes, text_of
from dateline.extract.titles import Title, find_title, site_keys
from dateline.extract.trail import section_in_trail
from dateline.types import Article, RawPage

EXTRACTOR = "dateline-extract/1 trafilatura/2.3.1"
WHOLE = "text is the structured data's: the page shows a part of it"
SITE_META = ("application-name", "apple-mobile-web-app-title", "twitter:site")


@dataclass(slots=True, kw_only=True)
class Trace:
    """Keep how an article was read, for people: `dateline extract --explain`."""

    page: Page | None = None
    article: Node = field(default_factory=dict)  # the structured data's
    blocks: list[Block] = field(default_factory=list)
    captions: frozenset[int] = frozenset()  # indices of blocks
    choice: Choice | None = None
    title: Title | None = None
    authors: Authors | None = None
    dates: Dates | None = None


def read_page(
    html: str, *, url: str | None = None, seen_at: datetime | None = None, trace: Trace | None = None
) -> Article:
    """Read the article on a page. Raises ExtractError where there is none, or where the page is out of bounds.

    `seen_at`: when the page was fetched; no date after it is believed. `trace` is filled on the way.
    """
    trace = trace or Trace()
    page = parse_page(html)
    try:
        return _read(page, url, seen_at or datetime.now(UTC), trace)
    except ExtractError as error:
        if error.code != "no_article" or not add_script_text(page, html):
            raise
    return _read(page, url, seen_at or datetime.now(UTC), trace)


def _read(page: Page, url: str | None, seen_at: datetime, trace: Trace) -> Article:
    blocks = trace.blocks = read_blocks(page.body, open_hints())
    canonical = furnishings.absolute(next(iter(page.links.get("canonical", [])), None) or page.first("og:url"), url)
    nodes = read_nodes(page.root)
    article = _article_node(page, blocks, nodes, [address for address in (url, canonical) if address])
    trace.page, trace.article = page, article
    trace.choice = choose_blocks(page, blocks)
    site = furnishings.site_of(page, article, canonical or url)
    sites = site_keys(
        [
            site,
            page.first("og:site_name"),
            text_of(article.get("publisher")),
            *(page.first(name) for name in SITE_META),
        ],
        [canonical, url],
    )
    title = trace.title = find_title(page, article, blocks, sites)
    authors = trace.authors = find_authors(page, article, blocks, sites)
    dates = trace.dates = find_dates(
        page, article, blocks, round_the_text(blocks)[0], url=url or canonical, seen_at=seen_at
    )
    noted = find_note(blocks, article)
    captions = trace.captions = mark_captions(page, blocks)
    standfirst = _clean(page, article, blocks, key_of(title.text or ""), captions, authors.names)
    whole = take_whole(blocks, article, drop={key_of(title.text or ""), key_of(standfirst or "")}, body=page.body)
    text = "\n".join(block.text for block in blocks if block.taken)
    if not text:
        raise ExtractError("page holds no article", code="no_article")
    if is_front(page, blocks, named_article="@type" in article):
        raise ExtractError("page is a list of other articles", code="not_article")
    code, warning = language.detect_language(text, language.claimed_language(page))
    section = furnishings.section_of(page, article) or section_in_trail(
        page, nodes, [title.text, *(text for _, text in title.votes)], sites
    )
    note = placed(*noted, blocks) if noted else None
    return Article(
        url=url or canonical or "",
        text=text,
        extractor=EXTRACTOR,
        canonical_url=canonical,
        title=title.text,
        standfirst=standfirst,
        authors=authors.names,
        published=dates.published,
        modified=dates.modified,
        site_name=site,
        language=code,
        captions=captions_of(blocks, captions),
        links=furnishings.links_of(blocks, canonical or url),
        section=section,
        tags=furnishings.tags_of(page, article),
        image=furnishings.image_of(page, article, canonical or url),
        paywalled=furnishings.paywalled(page, article),
        kind=furnishings.kind_of_article(article, section, canonical or url, title.text),
        corrected=note.text if note else None,
        note_kind=note.kind if note else None,
        note_start=note.start if note else None,
        note_end=note.end if note else None,
        warnings=tuple(filter(None, (warning, _doubt(trace.choice), WHOLE if whole else None))),
    )


def _article_node(page: Page, blocks: list[Block], nodes: list[Node], addresses: list[str]) -> Node:
    titles = [block.text for block in blocks if block.tag == "h1"] + page.meta.get("og:title", [])
    return completed(choose_article(nodes, titles=titles, addresses=addresses), nodes)


def _clean(  # noqa: PLR0917 (what was read before, in that order)
    page: Page, article: Node, blocks: list[Block], headline: str, captions: frozenset[int], authors: tuple[str, ...]
) -> str | None:
    """Leave the running text alone taken; return the standfirst."""
    clean_blocks(blocks, headline=headline, captions=captions, alternatives=alternative_keys(page), authors=authors)
    standfirst = find_standfirst(page, article, blocks, headline)
    for block in standfirst:
        block.taken, block.why = False, "standfirst"
    return "\n".join(block.text for block in standfirst) or None


def _doubt(choice: Choice) -> str | None:
    """Say where the article's place on the page is less than sure."""
    if choice.mode in {"trafilatura", "trafilatura+siblings"}:
        return None
    return f"text chosen by {choice.mode}: trafilatura took {choice.coverage:.0%} of the page's prose"


def extract_page(page: RawPage) -> Article:
    """Read the article on a page as its server sent it. Raises ExtractError."""
    if is_given(page):
        return read_given(page)
    html = decode_html(page.body, page.header("content-type"))
    return read_page(html, url=page.final_url or page.url, seen_at=page.fetched_at)
