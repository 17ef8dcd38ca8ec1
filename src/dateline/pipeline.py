"""Run the stages in order.

    sources ─discover─► frontier ─fetch─► captures ─extract─► texts ─group─► copies known ─annotate─► codings ─resolve─► events

Each stage drains: it claims tickets that wait for it, works on a batch, stores the batch in one transaction, and goes on
until none waits. So a stage can be run by hand, by several workers at once, or again after a crash: what was claimed
comes back when its lease ends, and every write is an upsert. A ticket ends in exactly one outcome.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from random import Random

from spacy.language import Language
from sqlalchemy import Engine

from dateline.annotate.coding import annotate_texts
from dateline.discover import discover as look
from dateline.errors import ArticleError, FetchError
from dateline.extract import extract_pages
from dateline.fetch.client import Client
from dateline.fetch.keys import canonical_key
from dateline.fetch.pages import fetch_pages
from dateline.fetch.retries import next_attempt
from dateline.fetch.robots import Robots
from dateline.resolve import resolve as resolve_events
from dateline.store import articles, captures, codings, frontier, groups, rejects, runs, sources
from dateline.store.pace import PostgresPace
from dateline.types import Article, ArticleRef, Discovery, RawPage, Rejected, Source, TextInput, Ticket

log = logging.getLogger(__name__)

Counts = Counter[str]

LEASE = timedelta(minutes=15)  # longer than any batch takes; a killed worker's tickets come back after it
FETCH_BATCH = 100  # tickets; spread over hosts, so that a slow host holds few of them
STORE_EVERY = 20  # pages fetched between two commits: what a crash can cost a publisher
EXTRACT_BATCH = 64  # pages; their bodies are in memory together
GROUP_BATCH = 500  # texts; one transaction under the grouping lock
ANNOTATE_BATCH = 64  # texts; four batches of spaCy's, one transaction
SOURCES_AT_ONCE = 8  # sources looked at side by side; each is one connection, to its own host


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Hold what the stages need of the world. `runtime` opens it; each part is made on first use."""

    engine: Engine
    client: Callable[[], Client]
    robots: Callable[[], Robots]
    nlp: Callable[[], Language]
    versions: Callable[[], codings.CoderVersions]
    now: Callable[[], datetime]
    worker: str  # names host and process, so that the tickets of a dead one can be freed
    min_pace: float  # seconds between two requests to one host and port
    workers: int = 1  # processes for extraction
    rng: Random


def discover(
    tools: Tools, *, only: Sequence[int] | None = None, due: bool = False, since: date | None = None
) -> Counts:
    """Look at sources (all enabled ones, those in `only`, or those due now) and put what is new on the frontier."""
    with _run(tools, "discover") as counts:
        with tools.engine.begin() as conn:
            wanted = sources.load_sources(conn, ids=only, due_at=tools.now() if due else None)
        client = tools.client()

        def attempt(source: Source) -> tuple[Source, Discovery | ArticleError]:
            try:
                return source, look(source, client, now=tools.now(), since=since)
            except ArticleError as error:
                return source, error

        with ThreadPoolExecutor(SOURCES_AT_ONCE) as pool:
            for source, found in pool.map(attempt, wanted):
                counts.update(_store_look(tools, source, found))
    return counts


def fetch(tools: Tools) -> Counts:
    """Fetch every page that waits, politely, and store it raw."""
    with _run(tools, "fetch") as counts:
        pace = PostgresPace(tools.engine)
        while tickets := _claim(tools, "queued", FETCH_BATCH):
            done: list[tuple[Ticket, RawPage | FetchError]] = []
            for outcome in fetch_pages(
                tickets, tools.client(), pace, robots=tools.robots(), min_pace=tools.min_pace, now=tools.now
            ):
                done.append(outcome)
                if len(done) >= STORE_EVERY:
                    counts.update(_store_pages(tools, done))
                    done = []
            counts.update(_store_pages(tools, done))
    return counts


def extract(tools: Tools) -> Counts:
    """Read the article on every page that waits."""
    with _run(tools, "extract") as counts:
        while tickets := _claim(tools, "fetched", EXTRACT_BATCH):
            with tools.engine.begin() as conn:
                pages = captures.load_pages(conn, tickets)
            read = list(extract_pages(pages, workers=tools.workers))
            good = [(ticket, article) for ticket, article in read if isinstance(article, Article)]
            with tools.engine.begin() as conn:
                frontier.advance(conn, articles.save_articles(conn, good), "extracted")
                for ticket, error in read:
                    if isinstance(error, ArticleError):
                        frontier.reject(conn, ticket, _rejected(error, ticket))
            counts.update(articles=len(good), rejected=len(read) - len(good))
    return counts


def group(tools: Tools) -> Counts:
    """Find the copies and the stories among the texts that wait. One worker at a time groups; others wait for it."""
    with _run(tools, "group") as counts:
        while tickets := _claim(tools, "extracted", GROUP_BATCH):
            with tools.engine.begin() as conn:
                grouped = groups.group_texts(conn, articles.load_texts(conn, tickets), now=tools.now())
                holders = frontier.text_holders(conn, tickets)
                copies, rest = [], []
                for ticket, grouping in grouped:
                    first = grouping.duplicate_of is None and holders[_text_id(ticket)] == ticket.id
                    (rest if first else copies).append(ticket)
                frontier.finish(conn, copies, "duplicate")
                frontier.advance(conn, rest, "grouped")
            counts.update(duplicates=len(copies), texts=len(rest))
    return counts


def annotate(tools: Tools) -> Counts:
    """Code every text that waits."""
    with _run(tools, "annotate") as counts:
        while tickets := _claim(tools, "grouped", ANNOTATE_BATCH):
            with tools.engine.begin() as conn:
                texts = articles.load_texts(conn, tickets)
            by_text = {str(ticket.text_id): ticket for ticket, _ in texts}
            asked = [text_input(ticket, article) for ticket, article in texts]
            read = [(by_text[item.id], answer) for item, answer in annotate_texts(tools.nlp(), asked)]
            coded = [(ticket, answer) for ticket, answer in read if not isinstance(answer, ArticleError)]
            with tools.engine.begin() as conn:
                codings.save_codings(conn, [(_text_id(ticket), answer) for ticket, answer in coded], tools.versions())
                frontier.finish(conn, [ticket for ticket, _ in coded], "coded")
                for ticket, error in read:
                    if isinstance(error, ArticleError):
                        frontier.reject(conn, ticket, _rejected(error, ticket))
            counts.update(coded=len(coded), events=sum(len(answer.events) for _, answer in coded))
    return counts


def resolve(tools: Tools) -> Counts:
    """Join event mentions that tell of one happening into events."""
    with _run(tools, "resolve") as counts:
        counts.update(asdict(resolve_events(tools.engine, now=tools.now())))
    return counts


def ingest(tools: Tools, *, tell: Callable[[str, Counts], None] = lambda _stage, _counts: None) -> dict[str, Counts]:
    """Take everything that waits on the frontier all the way to events; `tell` hears of each stage that ends."""
    done: dict[str, Counts] = {}
    for stage in (fetch, extract, group, annotate, resolve):
        done[stage.__name__] = stage(tools)
        tell(stage.__name__, done[stage.__name__])
    return done


def enqueue(tools: Tools, refs: Sequence[ArticleRef], *, again: bool = False) -> Counts:
    """Put references on the frontier. One whose URL cannot be used becomes a reject."""
    with tools.engine.begin() as conn:
        keyed, bad = _keyed(refs)
        added = frontier.enqueue(conn, keyed, again=again)
        for rejected in bad:
            rejects.record(conn, rejected, now=tools.now())
    return Counter(found=len(refs), new=added.new, known=added.known, rejected=len(bad))


def give(tools: Tools, pages: Sequence[RawPage]) -> Counts:
    """Take pages that came without the network (pasted text, inbox files, archives) as if they had just been fetched."""
    counts: Counts = Counter()
    with tools.engine.begin() as conn:
        for page in pages:
            try:
                key = canonical_key(page.url)
            except FetchError as error:
                bad = Rejected(stage="discover", code=error.code, message=error.message, url=page.url)
                rejects.record(conn, bad, now=tools.now())
                counts["rejected"] += 1
                continue
            ref = ArticleRef(url=page.url, discovered_at=page.fetched_at)
            added = frontier.enqueue(conn, [(key, ref)], again=True)
            tickets = frontier.claim_keys(conn, [key], worker=tools.worker, lease=LEASE, now=tools.now())
            stored = [captures.save_capture(conn, ticket, page) for ticket in tickets]
            frontier.advance(conn, stored, "fetched")
            counts.update(given=1, new=added.new, known=added.known)
    return counts


@contextmanager
def _run(tools: Tools, stage: str) -> Iterator[Counts]:
    """Keep a row in `runs` for one run of a stage, and say in one log line how it ended."""
    counts: Counts = Counter()
    began = time.monotonic()
    with tools.engine.begin() as conn:
        run = runs.start_run(conn, stage, now=tools.now(), versions={})
    ok = False
    try:
        yield counts
        ok = True
    finally:
        with tools.engine.begin() as conn:
            runs.finish_run(conn, run, counts=counts, now=tools.now(), ok=ok)
        said = " ".join(f"{name}={number}" for name, number in sorted(counts.items()))
        log.info("stage=%s ok=%s seconds=%.1f %s", stage, ok, time.monotonic() - began, said)


def _claim(tools: Tools, state: str, limit: int) -> list[Ticket]:
    with tools.engine.begin() as conn:
        return frontier.claim(conn, state, limit=limit, worker=tools.worker, lease=LEASE, now=tools.now())


def _store_look(tools: Tools, source: Source, found: Discovery | ArticleError) -> Counts:
    """Store what one look at a source gave, in one transaction."""
    now = tools.now()
    with tools.engine.begin() as conn:
        if isinstance(found, ArticleError):
            rejected = Rejected(
                stage="discover", code=found.code, message=found.message, url=source.url, source_id=source.id
            )
            sources.record_failure(conn, source, rejected, now=now)
            log.warning("source url=%s code=%s %s", source.url, found.code, found.message)
            return Counter(sources=1, failed=1)
        keyed, bad = _keyed(found.refs)
        added = frontier.enqueue(conn, keyed)
        for rejected in (*found.rejected, *bad):
            rejects.record(conn, rejected, now=now)
        sources.record_look(conn, found, now=now, new=added.new)
    return Counter(sources=1, found=len(found.refs), new=added.new, rejected=len(found.rejected) + len(bad))


def _keyed(refs: Sequence[ArticleRef]) -> tuple[list[tuple[str, ArticleRef]], list[Rejected]]:
    good: list[tuple[str, ArticleRef]] = []
    bad: list[Rejected] = []
    for ref in refs:
        try:
            good.append((canonical_key(ref.url), ref))
        except FetchError as error:
            bad.append(
                Rejected(stage="discover", code=error.code, message=error.message, url=ref.url, source_id=ref.source_id)
            )
    return good, bad


def _store_pages(tools: Tools, done: Sequence[tuple[Ticket, RawPage | FetchError]]) -> Counts:
    """Store fetched pages, and decide for each failure whether it is tried again."""
    counts: Counts = Counter()
    now = tools.now()
    with tools.engine.begin() as conn:
        stored = [captures.save_capture(conn, ticket, page) for ticket, page in done if isinstance(page, RawPage)]
        frontier.advance(conn, stored, "fetched")
        counts["fetched"] += len(stored)
        for ticket, error in done:
            if not isinstance(error, FetchError):
                continue
            rejected = _rejected(error, ticket)
            again = next_attempt(error, ticket.attempts, now=now, rng=tools.rng)
            if again is None:
                frontier.reject(conn, ticket, rejected)
                counts["rejected"] += 1
            else:
                frontier.retry_later(conn, ticket, rejected, at=again)
                counts["later"] += 1
    return counts


def _rejected(error: ArticleError, ticket: Ticket) -> Rejected:
    return Rejected(
        stage=error.stage,
        code=error.code,
        message=error.message,
        url=ticket.url,
        ticket_id=ticket.id,
        source_id=ticket.source_id,
        text_id=ticket.text_id,
    )


def text_input(ticket: Ticket, article: Article) -> TextInput:
    """Ask for a stored text to be annotated; its id is that of the text."""
    return TextInput(
        id=str(_text_id(ticket)),
        text=article.text,
        title=article.title,
        published=article.published.value if article.published else None,
        language=article.language,
    )


def _text_id(ticket: Ticket) -> int:
    assert ticket.text_id is not None, f"ticket {ticket.id} was not extracted"
    return ticket.text_id
