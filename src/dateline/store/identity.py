"""Decide which article a page is: two addresses that prove to be one page are one article, the older."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

from dateline.store.rows import clean
from dateline.types import Article, Ticket

SHINGLE = 3  # words
SAME_TEXT = (
    0.5  # share of the shorter text's shingles: two templates' view of one article, not two articles on one matter
)
COMPARED = 20_000  # characters: enough to tell, and bounded
SKIPPED_LABELS = ("www.", "m.", "amp.", "mobile.")

_KEYS = text("select ticket_id, key from dateline.frontier where ticket_id = any(:ids)")

_BY_KEY = text("""
    select key, article_id, coalesce(merged_into, article_id) as live, canonical_url
    from dateline.articles where key_hash in (select dateline.digest(k) from unnest(cast(:keys as text[])) k)
""")

_ADD = text("""
    insert into dateline.articles (key, url, canonical_url, source_id, site_name)
    select key, url, canonical_url, source_id, site_name
    from unnest(cast(:keys as text[]), cast(:urls as text[]), cast(:canonical as text[]), cast(:sources as bigint[]),
        cast(:sites as text[])) as g(key, url, canonical_url, source_id, site_name)
    order by key
    on conflict do nothing
    returning key, article_id
""")

_HOLDER = text("""
    select a.article_id, t.text from dateline.articles a
    left join dateline.texts t on t.article_id = a.article_id and t.is_current
    where dateline.digest(a.canonical_url) = dateline.digest(:canonical) and a.merged_into is null
""")

_ADD_MERGED = text("""
    insert into dateline.articles (key, url, source_id, site_name, merged_into)
    values (:key, :url, :source_id, :site_name, :into) on conflict do nothing
""")

_RENAME = text("update dateline.articles set canonical_url = :canonical where article_id = :id")

_MERGE = (
    text("update dateline.texts set is_current = false where article_id = :from and is_current"),
    text("update dateline.articles set merged_into = :into where article_id = :from or merged_into = :from"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    key: str
    ticket: Ticket
    article: Article
    canonical: str  # what the page calls itself, where it can be believed, else its address


def find_articles(conn: Connection, read: Sequence[tuple[Ticket, Article]]) -> list[int]:
    """Return the id of the article that each page is; new ones are added, and those that prove to be one are merged."""
    keys: dict[int, str] = dict(conn.execute(_KEYS, {"ids": [ticket.id for ticket, _ in read]}).all())
    pages = [
        _Page(
            key=keys.get(ticket.id) or clean(ticket.url), ticket=ticket, article=article, canonical=own_address(article)
        )
        for ticket, article in read
    ]
    found = _known(conn, pages)
    _add(conn, [page for page in pages if page.key not in found], found)
    return [found[page.key] for page in pages]


def _known(conn: Connection, pages: Sequence[_Page]) -> dict[str, int]:
    rows = {row.key: row for row in conn.execute(_BY_KEY, {"keys": [page.key for page in pages]})}
    found: dict[str, int] = {key: row.live for key, row in rows.items()}
    for page in pages:
        row = rows.get(page.key)
        if row is not None and row.live == row.article_id and row.canonical_url != page.canonical:
            found[page.key] = _renamed(conn, page, row.article_id, row.canonical_url)
    return found


def _renamed(conn: Connection, page: _Page, article_id: int, canonical: str | None) -> int:
    """Follow a page that names another address than before, as far as that address is free or holds the same text."""
    holder = conn.execute(_HOLDER, {"canonical": page.canonical}).first()
    if holder is None:
        if page.canonical != clean(page.article.url) or canonical is None:
            conn.execute(_RENAME, {"canonical": page.canonical, "id": article_id})
        return article_id
    if holder.article_id == article_id or not same_text(page.article.text, holder.text):
        return article_id
    into, gone = sorted((article_id, int(holder.article_id)))
    for statement in _MERGE:
        conn.execute(statement, {"from": gone, "into": into})
    return into


def _add(conn: Connection, pages: Sequence[_Page], found: dict[str, int]) -> None:
    """Add new articles: at once where nobody else claims their address, one by one where somebody does."""
    claims = Counter(page.canonical for page in pages)
    alone = [page for page in pages if claims[page.canonical] == 1]
    for batch in (alone, *([page] for page in pages if claims[page.canonical] > 1)):
        found.update(_insert(conn, batch, [page.canonical for page in batch]) if batch else {})
    for page in sorted((page for page in pages if page.key not in found), key=lambda page: page.key):
        found[page.key] = _add_contested(conn, page)


def _insert(conn: Connection, pages: Sequence[_Page], canonical: Sequence[str | None]) -> dict[str, int]:
    values = {
        "keys": [page.key for page in pages],
        "urls": [clean(page.article.url) for page in pages],
        "canonical": list(canonical),
        "sources": [page.ticket.source_id for page in pages],
        "sites": [clean(page.article.site_name) for page in pages],
    }
    return dict(conn.execute(_ADD, values).all())


def _add_contested(conn: Connection, page: _Page) -> int:
    """Add a page whose address another article has: merged into it where the texts agree, else on its own."""
    known = conn.execute(_BY_KEY, {"keys": [page.key]}).first()
    if known is not None:  # another worker was faster
        return int(known.live)
    holder = conn.execute(_HOLDER, {"canonical": page.canonical}).first()
    if holder is None or not same_text(page.article.text, holder.text):
        added = _insert(conn, [page], [None])
        return added.get(page.key) or int(conn.execute(_BY_KEY, {"keys": [page.key]}).one().live)
    conn.execute(
        _ADD_MERGED,
        {
            "key": page.key,
            "url": clean(page.article.url),
            "source_id": page.ticket.source_id,
            "site_name": clean(page.article.site_name),
            "into": holder.article_id,
        },
    )
    return int(holder.article_id)


def own_address(article: Article) -> str:
    """Return what a page calls itself, where that can be believed: an article's path on the same site; else its address."""
    claimed, url = clean(article.canonical_url or ""), clean(article.url)
    try:
        there, here = urlsplit(claimed), urlsplit(url)
    except ValueError:
        return url
    if there.scheme not in {"http", "https"} or there.path in {"", "/"}:
        return url
    return claimed if _site(there.netloc) == _site(here.netloc) else url


def _site(netloc: str) -> str:
    host = netloc.lower().rpartition("@")[2]
    for label in SKIPPED_LABELS:
        host = host.removeprefix(label)
    return host


def same_text(one: str, other: str | None) -> bool:
    """Say whether two texts are one article's: templates claim wrong canonical links, so that the words must agree too."""
    if other is None:  # not kept by the source's text policy: the link is all there is
        return True
    first, second = _shingles(one), _shingles(other)
    shorter = min(len(first), len(second))
    return not shorter or len(first & second) / shorter >= SAME_TEXT


def _shingles(value: str) -> set[tuple[str, ...]]:
    words = value[:COMPARED].lower().split()
    return set(zip(*(words[at:] for at in range(SHINGLE)), strict=False))
