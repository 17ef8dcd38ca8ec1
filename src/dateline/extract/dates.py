"""Find when an article was published and last modified, as exactly as its publisher says it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lxml.html import HtmlElement

from dateline.extract.blocks import Block, tidy
from dateline.extract.daywords import days_in
from dateline.extract.page import Page
from dateline.extract.stamps import day_of, parse_date
from dateline.extract.structured import Node, text_of
from dateline.types import PubDate

EARLIEST = date(1990, 1, 1)  # the web's own first year; earlier days are the event's, or a clock that was never set
DAY = timedelta(days=1)  # two witnesses in different zones may differ by so much and still agree
SLACK = timedelta(hours=26)  # a publisher's clock and zone may be ahead of ours by so much

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "publication_date", "publish-date", "publish_date", "pubdate", "published", "published_time", "date.published",
    "publishdate", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date",
    "citation_date", "citation_online_date", "article_date_original", "originalpublicationdate", "displaydate", "vr:published_time",
    "ptime", "iso-8601-publish-date", "article.published", "article.created", "datecreated", "date_published", "lp.article:published_time",
    "og:pubdate", "bt:pubdate", "rnews:datepublished", "published-date", "created", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "article:modified", "datemodified",
    "last-modified", "lastmod", "modified", "dcterms.modified", "dc.date.modified", "article.updated", "revised",
    "cxenseparse:modifiedtime", "bt:moddate", "moddate", "utime",
)  # fmt: skip
HEADLINES = frozenset(("h1", "h2", "h3"))
STAMP = 60  # characters of a line that is a date, with a name or a label
ELSEWHERE = frozenset(("quote", "embed", "comment", "related"))  # whoever is dated there is not the article
TOLD = frozenset(("standfirst", "caption", "related"))  # what stands there tells the story's days, or another's
BARE = 20  # characters of a line that is a day and nothing else
ADDRESS_DAY = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/")
LINE = 160  # characters of a line that tells when; longer ones tell a story
UPDATE = re.compile(
    r"updat|modif|revis|aktualis|mis \u00e0 jour|actualiz|aggiorn|atualiz|bijgewerkt|oppdater|uppdater|\u043e\u0431\u043d\u043e\u0432",
    re.IGNORECASE,
)
PUBLISHED = re.compile(
    r"^\W*(?:first |originally )?(?:publi|post(?:ed|ado)|ver\u00f6ffentlicht|erschienen|erstellt|mis en ligne|gepubliceerd|geplaatst"
    r"|udgivet|julkaistu|opublikowan|zve\u0159ejn\u011bn|megjelen|yay\u0131n|\u043e\u043f\u0443\u0431\u043b\u0438\u043a|\u516c\u958b|\u63b2\u8f09|\u53d1\u5e03|\u767c\u5e03|\ub4f1\ub85d|\uc785\ub825)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Hold what was found, and each witness that was heard."""

    published: PubDate | None
    modified: PubDate | None
    votes: tuple[tuple[str, str], ...]  # basis, what it says


def find_dates(
    page: Page, article: Node, blocks: list[Block], near: list[Block], *, url: str | None, seen_at: datetime
) -> Dates:
    """Hear all witnesses and choose; dates after `seen_at` are never believed. `near`: the blocks round the headline."""
    near = [block for block in near if not block.hinted(ELSEWHERE)]
    published = [vote for vote in _published_votes(page, article) if _possible(vote, seen_at)]
    modified = [vote for vote in _modified_votes(page, article) if _possible(vote, seen_at)]
    if not published:
        published = [vote for vote in _visible_votes(page, near) if _possible(vote, seen_at)]
    if not published:
        published = _far_votes(page, blocks, seen_at)
    if not published:
        vote = _searched(page.root, url, seen_at)
        published = [vote] if vote else []
    elif any(abs(vote.on - published[0].on) > DAY for vote in published):
        published = _by_majority(published, [v for v in _visible_votes(page, near) if _possible(v, seen_at)])
    elif seen := _seen_day(page, near, url):
        published = _by_reader(published, seen)
    first, last = _localised(published), _localised(modified)
    if first and last and last.on < first.on:
        last = None
    votes = tuple((vote.basis, vote.value.isoformat()) for vote in [*published, *modified])
    return Dates(published=first, modified=last, votes=votes)


def _far_votes(page: Page, blocks: list[Block], seen_at: datetime) -> list[PubDate]:
    """Hear what a line says that tells of publication, wherever it stands; else the only day that has a line to itself."""
    lines = [block for block in blocks if len(block.text) <= STAMP and not block.other and not block.hinted(ELSEWHERE)]
    labelled = [block for block in lines if PUBLISHED.match(block.text)]
    told = [vote for vote in _visible_votes(page, labelled) if _possible(vote, seen_at)]
    if not told:
        bare = [block for block in lines if len(block.text) <= BARE and not UPDATE.search(block.text)]
        told = [vote for vote in _visible_votes(page, bare) if vote.basis == "text" and _possible(vote, seen_at)]
        told = told if len({vote.on for vote in told}) == 1 else []
    return told[:1]


def _by_majority(votes: list[PubDate], visible: list[PubDate]) -> list[PubDate]:
    """Where witnesses contradict each other, hear what a reader sees too, and put first the day that most kinds name.

    A site that moved to another system often gives the day of the move in its structured data.
    """

    def kinds(vote: PubDate) -> int:
        return len({other.basis for other in [*votes, *visible] if abs(other.on - vote.on) <= DAY})

    best = max(votes, key=kinds)  # the first of equals
    if kinds(best) <= kinds(votes[0]):
        return votes
    return sorted(votes, key=lambda vote: abs(vote.on - best.on) > DAY)


def _seen_day(page: Page, near: list[Block], url: str | None) -> PubDate | None:
    """Return the one day that short lines round the headline name; None where they name several or an update. Else the address's."""
    short = [block for block in near if len(block.text) <= STAMP and not block.hinted(TOLD)]
    days = {vote.on: vote for vote in _visible_votes(page, short) if vote.basis == "text"}
    if days:
        return next(iter(days.values())) if len(days) == 1 and not any(UPDATE.search(b.text) for b in short) else None
    if found := ADDRESS_DAY.search(url or ""):
        day = day_of(*map(int, found.groups()))
        return PubDate(value=day, basis="url") if day else None
    return None


def _by_reader(votes: list[PubDate], seen: PubDate) -> list[PubDate]:
    """Believe the day that readers see beside the headline, where the page's data give an instant in UTC only, or speak alone.

    An evening's article has the next day in UTC; the publisher's day is the one it shows. A single kind of witness that
    gives a later day than the page shows tells when the page was put into another system.
    """
    first = votes[0]
    away = seen.on - first.on
    if abs(away) == DAY and all(vote.offset_minutes == 0 for vote in votes):
        return [seen, *votes]
    alone = len({vote.basis for vote in votes}) == 1
    return [seen, *votes] if alone and seen.basis == "text" and away < -DAY else votes


def _localised(votes: list[PubDate]) -> PubDate | None:
    """Take the first witness; where another gives the same instant in the publisher's own zone, take its writing."""
    if not votes:
        return None
    first = votes[0]
    if isinstance(first.value, date) and not isinstance(first.value, datetime):
        return next((vote for vote in votes if vote.at and vote.on == first.on), first)
    if first.offset_minutes == 0:
        return next((vote for vote in votes if vote.at == first.at and vote.offset_minutes), first)
    return first


def _possible(vote: PubDate, seen_at: datetime) -> bool:
    if vote.on < EARLIEST:
        return False
    return vote.at <= seen_at + SLACK if vote.at else vote.on <= (seen_at + SLACK).date()


def _published_votes(page: Page, article: Node) -> Iterator[PubDate]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if value := _parsed(text_of(article.get(name))):
            yield PubDate(value=value, basis="jsonld")
            break
    for name in PUBLISHED_META:
        for content in page.meta.get(name, ()):
            if value := _parsed(content):
                yield PubDate(value=value, basis="meta")
                break
    for element in page.root.iter("time", "span", "div", "p", "abbr", "meta"):
        if (element.get("itemprop") or "").lower() in {"datepublished", "datecreated"}:
            value = _parsed(element.get("datetime") or element.get("content") or element.get("title"))
            if value:
                yield PubDate(value=value, basis="microdata")
                break


def _modified_votes(page: Page, article: Node) -> Iterator[PubDate]:
    if value := _parsed(text_of(article.get("dateModified"))):
        yield PubDate(value=value, basis="jsonld")
    for name in MODIFIED_META:
        for content in page.meta.get(name, ()):
            if value := _parsed(content):
                yield PubDate(value=value, basis="meta")
                break


def _visible_votes(page: Page, near: list[Block]) -> Iterator[PubDate]:
    """Read what stands round the headline: <time> first, then days written out, those called updates last."""
    month_first = (page.first("og:locale") or _claimed(page)).lower().replace("-", "_") == "en_us"
    for element in _times(near):
        if value := _parsed(element.get("datetime")):
            yield PubDate(value=value, basis="time")
    late: list[PubDate] = []
    for block in near:
        if len(block.text) > LINE or block.tag in HEADLINES:
            continue
        for day in days_in(block.text, month_first=month_first):
            vote = PubDate(value=day, basis="text")
            if UPDATE.search(block.text):
                late.append(vote)
            else:
                yield vote
    yield from late


def _times(near: list[Block]) -> Iterator[HtmlElement]:
    """Yield the <time> elements whose words stand in these blocks, not elsewhere in the elements around them."""
    for block in near:
        for element in block.element.iter("time"):
            if tidy("".join(element.itertext())) in block.text:
                yield element


def _claimed(page: Page) -> str:
    html = page.root if page.root.tag == "html" else page.root.find(".//html")
    return (html.get("lang") or "") if html is not None else ""


def _parsed(raw: str | None) -> datetime | date | None:
    return parse_date(raw) if raw else None


def _searched(root: HtmlElement, url: str | None, seen_at: datetime) -> PubDate | None:
    """Ask htmldate; without its search through all words, for what is found there is rarely the article's day (a third of 47)."""
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    found = find_date(
        root, original_date=True, extensive_search=False, url=url, min_date=EARLIEST.isoformat(),
        max_date=(seen_at + SLACK).date().isoformat(), outputformat="%Y-%m-%d",
    )  # fmt: skip
    value = parse_date(found) if found else None
    if value and value.month == value.day == 1:  # what it answers where it found a year only
        return None
    return PubDate(value=value, basis="text") if value else None
