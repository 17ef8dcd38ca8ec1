"""Keep articles, their revisions, and the texts that extractors read from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from dateline.errors import LoadError
from dateline.store import frontier
from dateline.store.identity import find_articles
from dateline.store.rows import clean, clean_all, copy_rows, saved_or_rejected
from dateline.types import Article, PubDate, Rejected, Ticket

_META = (
    "url", "canonical_url", "title", "standfirst", "authors", "published_on", "published_at", "published_offset_minutes",
    "published_precision", "published_basis", "modified_on", "modified_at", "modified_offset_minutes",
    "modified_precision", "modified_basis", "site_name", "language", "section", "tags", "captions", "links", "image",
    "paywalled", "kind", "corrected", "note_kind", "warnings",
)  # fmt: skip
_STAGED = (
    "n", "ticket_id", "article_id", "revision_id", "text_id", "captured_at", "capture_id", "becomes_current", "extractor",
    "sha256", "characters", "words", "text", "note_start", "note_end", *_META,
)  # fmt: skip
_ALL_META = ", ".join(_META)
_STAGED_META = ", ".join(f"s.{name}" for name in _META)

_STAGE = f"""
    create temp table if not exists staged_articles on commit drop as
        select 0 as n, 0::bigint as ticket_id, r.article_id, r.revision_id, t.text_id, r.captured_at, r.capture_id, true as becomes_current,
            t.extractor, t.sha256, t.characters, t.words, t.text, t.note_start, t.note_end,
            {", ".join(f"r.{name}" for name in _META)}
        from dateline.revisions r join dateline.texts t using (revision_id) with no data
"""  # noqa: S608 (all parts are ours)

# What is known of the articles at hand; locked, so that two workers with one article take turns.
_LOCK = text("select article_id from dateline.articles where article_id = any(:ids) order by article_id for update")
_KNOWN_TEXTS = text("""
    select article_id, extractor, sha256, text_id, revision_id from dateline.texts
    where article_id = any(:articles) and sha256 = any(:digests) order by is_current, text_id
""")
_KNOWN_CAPTURES = text("""
    select article_id, captured_at, capture_id, revision_id from dateline.revisions
    where article_id = any(:articles) and captured_at is not null
""")
_CURRENT = text(
    "select article_id, captured_at from dateline.revisions where article_id = any(:articles) and is_current"
)

_SAVE = (
    """update dateline.revisions r set is_current = false from staged_articles s
       where s.becomes_current and r.article_id = s.article_id and r.is_current and r.revision_id is distinct from s.revision_id""",
    """update dateline.texts t set is_current = false from staged_articles s
       where s.becomes_current and t.article_id = s.article_id and t.is_current and t.text_id is distinct from s.text_id""",
    f"""update dateline.revisions r set ({_ALL_META}) = ({_STAGED_META}),
            is_current = r.is_current or s.becomes_current,
            captured_at = coalesce(r.captured_at, s.captured_at), capture_id = coalesce(r.capture_id, s.capture_id)
        from staged_articles s where r.revision_id = s.revision_id
            and ({", ".join(f"r.{name}" for name in _META)}, r.is_current)
                is distinct from ({_STAGED_META}, r.is_current or s.becomes_current)""",  # noqa: S608
    f"""with added as (
            insert into dateline.revisions (article_id, captured_at, capture_id, is_current, {_ALL_META})
            select article_id, captured_at, capture_id, becomes_current, {_ALL_META}
            from staged_articles where revision_id is null order by n
            returning article_id, revision_id
        )
        update staged_articles s set revision_id = added.revision_id from added
        where added.article_id = s.article_id and s.revision_id is null""",  # noqa: S608
    """update dateline.texts t set is_current = true from staged_articles s
       where s.becomes_current and t.text_id = s.text_id and not t.is_current""",
    """with added as (
           insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, language, text,
               is_current, note_start, note_end)
           select article_id, revision_id, extractor, sha256, characters, words, language, text, becomes_current, note_start,
               note_end
           from staged_articles where text_id is null order by n
           returning article_id, text_id
       )
       update staged_articles s set text_id = added.text_id from added
       where added.article_id = s.article_id and s.text_id is null""",
    # where the rules that find notes have changed
    """update dateline.texts t set note_start = s.note_start, note_end = s.note_end from staged_articles s
       where t.text_id = s.text_id and (t.note_start, t.note_end) is distinct from (s.note_start, s.note_end)""",
    # what the source's hint and the page's capture say stays with the revision: captures are dropped one day
    """update dateline.revisions r set (marks, noarchive, tdm_reserved) = (said.marks, said.noarchive, said.tdm_reserved)
       from (
           select s.revision_id, coalesce(c.noarchive, false) as noarchive, c.tdm_reserved,
               array(select distinct mark from unnest(f.marks || c.marks) as mark order by mark) as marks
           from staged_articles s
           left join dateline.frontier f on f.ticket_id = s.ticket_id
           left join dateline.captures c on c.captured_at = s.captured_at and c.capture_id = s.capture_id
       ) said
       where r.revision_id = said.revision_id
           and (r.marks, r.noarchive, r.tdm_reserved) is distinct from (said.marks, said.noarchive, said.tdm_reserved)""",
)

_LOAD = text(f"""
    select g.place, t.text, t.extractor, t.note_start, t.note_end, {", ".join(f"r.{name}" for name in _META)}
    from unnest(cast(:places as integer[]), cast(:ids as bigint[])) as g(place, text_id)
    join dateline.texts t on t.text_id = g.text_id and t.text is not null
    join dateline.revisions r on r.revision_id = t.revision_id
    order by g.place
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class _Page:
    ticket: Ticket
    article: Article
    article_id: int
    digest: bytes


def save_articles(conn: Connection, read: Sequence[tuple[Ticket, Article]]) -> list[Ticket]:
    """Store what was read and return the tickets with their article and text ids, in order.

    The same text by the same extractor keeps its ids; another text of the article becomes its current revision. An article
    that cannot be stored ends as a reject and is missing from the answer.
    """

    def refuse(item: tuple[Ticket, Article], fault: LoadError) -> None:
        rejected = Rejected(stage=fault.stage, code=fault.code, message=fault.message, url=item[0].url)
        frontier.reject(conn, item[0], rejected)

    saved = saved_or_rejected(conn, read, lambda items: _save(conn, items), refuse)
    return [ticket for ticket in saved if ticket is not None]


def _save(conn: Connection, read: Sequence[tuple[Ticket, Article]]) -> list[Ticket]:
    pages = [
        _Page(ticket, article, article_id, hashlib.sha256(clean(article.text).encode()).digest())
        for (ticket, article), article_id in zip(read, find_articles(conn, read), strict=True)
    ]
    conn.execute(_LOCK, {"ids": sorted({page.article_id for page in pages})})
    texts: dict[int, int] = {}
    for chunk in _once_each(pages):
        texts |= _save_texts(conn, chunk)
    return [replace(page.ticket, article_id=page.article_id, text_id=texts[page.ticket.id]) for page in pages]


def _once_each(pages: Sequence[_Page]) -> Iterator[list[_Page]]:
    """Split a batch so that no article stands in one part twice: its second page must find what the first left."""
    waiting = list(pages)
    while waiting:
        seen: set[int] = set()
        chunk = [page for page in waiting if page.article_id not in seen and not seen.add(page.article_id)]  # type: ignore[func-returns-value]
        yield chunk
        taken = {page.ticket.id for page in chunk}
        waiting = [page for page in waiting if page.ticket.id not in taken]


def _save_texts(conn: Connection, pages: Sequence[_Page]) -> dict[int, int]:
    articles = [page.article_id for page in pages]
    same = {
        (row.article_id, row.extractor, bytes(row.sha256)): row
        for row in conn.execute(_KNOWN_TEXTS, {"articles": articles, "digests": [page.digest for page in pages]})
    }
    captures = {
        (row.article_id, row.captured_at, row.capture_id): row.revision_id
        for row in conn.execute(_KNOWN_CAPTURES, {"articles": articles})
    }
    newest: dict[int, datetime | None] = dict(conn.execute(_CURRENT, {"articles": articles}).all())

    def staged() -> Iterator[tuple[Any, ...]]:
        for n, page in enumerate(pages):
            ticket = page.ticket
            known = same.get((page.article_id, clean(page.article.extractor), page.digest))
            by_capture = captures.get((page.article_id, ticket.captured_at, ticket.capture_id))
            last = newest.get(page.article_id)
            current = last is None or ticket.captured_at is None or ticket.captured_at >= last
            yield (
                n, ticket.id, page.article_id, known.revision_id if known else by_capture, known.text_id if known else None,
                ticket.captured_at, ticket.capture_id, current, *_text_values(page), *_meta_values(page.article),
            )  # fmt: skip

    conn.execute(text(_STAGE))
    conn.execute(text("delete from staged_articles"))
    copy_rows(conn, "staged_articles", _STAGED, staged())
    for statement in _SAVE:
        conn.execute(text(statement))
    by_place: dict[int, int] = dict(conn.execute(text("select n, text_id from staged_articles")).all())
    return {page.ticket.id: by_place[n] for n, page in enumerate(pages)}


def _text_values(page: _Page) -> tuple[Any, ...]:
    value = clean(page.article.text)
    start, end = page.article.note_start, page.article.note_end
    return clean(page.article.extractor), page.digest, len(value), len(value.split()), value, start, end


def _meta_values(article: Article) -> tuple[Any, ...]:
    return (
        clean(article.url),
        clean(article.canonical_url),
        clean(article.title),
        clean(article.standfirst),
        clean_all(article.authors),
        *_date_values(article.published),
        *_date_values(article.modified),
        clean(article.site_name),
        clean(article.language),
        clean(article.section),
        clean_all(article.tags),
        clean_all(article.captions),
        clean_all(article.links),
        clean(article.image),
        article.paywalled,
        article.kind,
        clean(article.corrected),
        article.note_kind,
        clean_all(article.warnings),
    )


def _date_values(moment: PubDate | None) -> tuple[date | None, datetime | None, int | None, str | None, str | None]:
    if moment is None:
        return None, None, None, None, None
    return moment.on, moment.at, moment.offset_minutes, moment.precision, clean(moment.basis)


def load_texts(conn: Connection, tickets: Sequence[Ticket]) -> list[tuple[Ticket, Article]]:
    """Return the tickets' articles in the tickets' order; a ticket whose text is not kept is left out."""
    values = {"places": list(range(len(tickets))), "ids": [ticket.text_id for ticket in tickets]}
    return [(tickets[row["place"]], _article(row)) for row in conn.execute(_LOAD, values).mappings()]


def _article(row: RowMapping) -> Article:
    plain = (
        "url", "canonical_url", "title", "standfirst", "site_name", "language", "section", "image", "paywalled", "kind",
        "corrected", "note_kind", "note_start", "note_end", "text", "extractor",
    )  # fmt: skip
    values: dict[str, Any] = {name: row[name] for name in plain}
    values |= {name: tuple(row[name]) for name in ("authors", "tags", "captions", "links", "warnings")}
    return Article(**values, published=_date(row, "published"), modified=_date(row, "modified"))


def _date(row: RowMapping, kind: str) -> PubDate | None:
    on, at = row[f"{kind}_on"], row[f"{kind}_at"]
    if on is None:
        return None
    if at is None:
        return PubDate(value=on, basis=row[f"{kind}_basis"])
    minutes = row[f"{kind}_offset_minutes"]
    zone = UTC if not minutes else timezone(timedelta(minutes=minutes))
    return PubDate(value=at.astimezone(zone), basis=row[f"{kind}_basis"])
