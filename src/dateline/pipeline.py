"""Run the stages in order.

    sources ─discover─► frontier ─fetch─► captures ─extract─► texts ─group─► copies known ─annotate─► codings ─resolve─► events

Each stage drains: it claims tickets that wait for it, works on a batch, stores the batch in one transaction, and goes on
until none waits. So a stage can be run by hand, by several workers at once, or again after a crash: what was claimed
comes back when its lease ends, and every write is an upsert. A ticket ends in exactly one outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict

from dateline.annotate.coding import annotate_texts
from dateline.annotate.parses import Parse, model_name
from dateline.errors import ArticleError, FetchError
from dateline.extract import extract_pages
from dateline.fetch.pages import fetch_pages
from dateline.fetch.retries import next_attempt
from dateline.intake import backfill, discover, enqueue, give, take_inbox
from dateline.resolve import resolve as resolve_events
from dateline.store import articles, captures, codings, frontier, groups, parses, signatures
from dateline.store.pace import PostgresPace
from dateline.tools import LEASE, Counts, Tools, rejected, run_of
from dateline.types import Article, RawPage, TextInput, Ticket, TicketState

__all__ = [
    "Counts", "Tools", "annotate", "backfill", "discover", "enqueue", "extract", "fetch", "give", "group", "ingest", "resolve",
    "take_inbox", "text_input",
]  # fmt: skip

FETCH_BATCH = 100  # tickets; spread over hosts, so that a slow host holds few of them
STORE_EVERY = 20  # pages fetched between two commits: what a crash can cost a publisher
EXTRACT_BATCH = 64  # pages; their bodies are in memory together
GROUP_BATCH = 8_000  # texts; one transaction under the grouping lock. The more at once, the fewer pages of keys are read and written
ANNOTATE_BATCH = 64  # texts; four batches of spaCy's, one transaction


def fetch(tools: Tools) -> Counts:
    """Fetch every page that waits, politely, and store it raw."""
    with run_of(tools, "fetch") as counts:
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
    with run_of(tools, "extract") as counts:
        while tickets := _claim(tools, "fetched", EXTRACT_BATCH):
            with tools.engine.begin() as conn:
                pages = captures.load_pages(conn, tickets)
            read = list(extract_pages(pages, workers=tools.workers))
            good = [(ticket, article) for ticket, article in read if isinstance(article, Article)]
            with tools.engine.begin() as conn:
                stored = articles.save_articles(conn, good)
                by_ticket = {ticket.id: article for ticket, article in good}
                signatures.sign_texts(conn, [(ticket, by_ticket[ticket.id]) for ticket in stored], now=tools.now())
                frontier.advance(conn, stored, "extracted")
                for ticket, error in read:
                    if isinstance(error, ArticleError):
                        frontier.reject(conn, ticket, rejected(error, ticket))
            counts.update(articles=len(good), rejected=len(read) - len(good))
    return counts


def group(tools: Tools) -> Counts:
    """Find the copies and the stories among the texts that wait. One worker at a time groups; others wait for it."""
    with run_of(tools, "group") as counts:
        term_counts = groups.TermCounts()
        while tickets := _claim(tools, "extracted", GROUP_BATCH):
            with tools.engine.begin() as conn:
                grouped = groups.group_tickets(conn, tickets, now=tools.now(), counts=term_counts)
                holders = frontier.text_holders(conn, tickets)
                copies: list[Ticket] = []
                rest: list[Ticket] = []
                for ticket, grouping in grouped:
                    first = grouping.duplicate_of is None and holders[_text_id(ticket)] == ticket.id
                    (rest if first else copies).append(ticket)
                frontier.finish(conn, copies, "duplicate")
                frontier.advance(conn, rest, "grouped")
            counts.update(duplicates=len(copies), texts=len(rest))
    return counts


def annotate(tools: Tools) -> Counts:
    """Code every text that waits. The model reads only what it has not read in an earlier revision."""
    with run_of(tools, "annotate") as counts:
        while tickets := _claim(tools, "grouped", ANNOTATE_BATCH):
            with tools.engine.begin() as conn:
                texts = articles.load_texts(conn, tickets)
                known = parses.load_known(conn, [_text_id(ticket) for ticket, _ in texts], model_name(tools.nlp()))
            by_text = {str(ticket.text_id): ticket for ticket, _ in texts}
            asked = [text_input(ticket, article) for ticket, article in texts]
            new: dict[str, Parse] = {}
            answers = annotate_texts(tools.nlp(), asked, known=known, keep=new.__setitem__)
            read = [(by_text[item.id], answer) for item, answer in answers]
            coded = [(ticket, answer) for ticket, answer in read if not isinstance(answer, ArticleError)]
            with tools.engine.begin() as conn:
                parses.save_parses(conn, new)
                codings.save_codings(conn, [(_text_id(ticket), answer) for ticket, answer in coded], tools.versions())
                frontier.finish(conn, [ticket for ticket, _ in coded], "coded")
                for ticket, error in read:
                    if isinstance(error, ArticleError):
                        frontier.reject(conn, ticket, rejected(error, ticket))
            counts.update(coded=len(coded), events=sum(len(answer.events) for _, answer in coded))
            counts.update(words_known=sum(parse.tokens - parse.read for parse in new.values()))
    return counts


def resolve(tools: Tools) -> Counts:
    """Join event mentions that tell of one happening into events."""
    with run_of(tools, "resolve") as counts:
        counts.update(asdict(resolve_events(tools.engine, now=tools.now())))
    return counts


def ingest(tools: Tools, *, tell: Callable[[str, Counts], None] = lambda _stage, _counts: None) -> dict[str, Counts]:
    """Take everything that waits on the frontier all the way to events; `tell` hears of each stage that ends."""
    done: dict[str, Counts] = {}
    for stage in (fetch, extract, group, annotate, resolve):
        done[stage.__name__] = stage(tools)
        tell(stage.__name__, done[stage.__name__])
    return done


def _claim(tools: Tools, state: TicketState, limit: int) -> list[Ticket]:
    with tools.engine.begin() as conn:
        return frontier.claim(conn, state, limit=limit, worker=tools.worker, lease=LEASE, now=tools.now())


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
            fault = rejected(error, ticket)
            again = next_attempt(error, ticket.attempts, now=now, rng=tools.rng)
            if again is None:
                frontier.reject(conn, ticket, fault)
                counts["rejected"] += 1
            else:
                frontier.retry_later(conn, ticket, fault, at=again)
                counts["later"] += 1
    return counts


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
