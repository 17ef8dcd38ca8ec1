"""Keep texts' signatures: made after extraction, in as many processes as extract; read by the one that groups.

A signature stays; its terms with their weights wait in `text_terms` until the text is grouped, and go then: the story keeps what
decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, text

from dateline.group import Signature, Signed, sign
from dateline.group.signatures import bands_of
from dateline.group.terms import Terms
from dateline.store.grouped_keys import BAND_DAYS, Writer, copy_keys, stored_keys
from dateline.store.numbers import change, fetch, sorted_numbers
from dateline.types import Article, Ticket

TERMS = 16  # of a text that are kept when it is grouped, for people who ask why

_SAVE = text("""
    insert into dateline.text_signatures
        (text_id, article_id, sha256, minhash, words, published_on, published_at, terms, signed_at)
    select text_id, article_id, sha256, nullif(minhash, ''), words, published_on, published_at, string_to_array(terms, ' '), :now
    from unnest(cast(:ids as bigint[]), cast(:articles as bigint[]), cast(:digests as bytea[]), cast(:minhashes as bytea[]),
        cast(:words as integer[]), cast(:days as date[]), cast(:instants as timestamptz[]), cast(:terms as text[]))
        as g (text_id, article_id, sha256, minhash, words, published_on, published_at, terms)
    on conflict (text_id) do nothing returning text_id
""")
_SAVE_TERMS = text("""
    insert into dateline.text_terms (text_id, terms, hashes, weights)
    select * from unnest(cast(:ids as bigint[]), cast(:terms as text[]), cast(:hashes as bytea[]), cast(:weights as bytea[]))
    on conflict (text_id) do nothing
""")
_LOAD = """
    select s.text_id, s.article_id, s.words, s.sha256, s.minhash, s.published_on, s.published_at, w.terms, w.hashes, w.weights
    from unnest(%b::bigint[]) as g (text_id) join dateline.text_signatures s using (text_id)
        left join dateline.text_terms w using (text_id)
"""
_DROP_TERMS = "delete from dateline.text_terms where text_id = any(%b)"


def sign_texts(conn: Connection, texts: Sequence[tuple[Ticket, Article]], *, now: datetime) -> None:
    """Sign stored texts. One that was signed before keeps its signature."""
    articles = {ticket.text_id: (ticket.article_id, article) for ticket, article in texts if ticket.text_id is not None}
    save_signatures(conn, [signed(id_, own, article) for id_, (own, article) in articles.items()], now=now)


def signed(text_id: int, article_id: int | None, article: Article) -> Signed:
    """Sign one text."""
    return Signed(
        id=text_id,
        signature=sign(article.text, title=article.title, language=article.language),
        published=article.published.value if article.published else None,
        article=article_id,
    )


def save_signatures(conn: Connection, batch: Sequence[Signed], *, now: datetime) -> None:
    """Store signatures, the bands by which copies are found, and the terms, for grouping to read."""
    if not batch:
        return
    values = {
        "ids": [item.id for item in batch],
        "articles": [item.article for item in batch],
        "digests": [item.signature.sha256 for item in batch],
        "minhashes": [item.signature.minhash for item in batch],
        "words": [item.signature.words for item in batch],
        "days": [item.day for item in batch],
        "instants": [item.published if isinstance(item.published, datetime) else None for item in batch],
        "terms": [" ".join(item.signature.terms.words.split(" ", TERMS)[:TERMS]) for item in batch],
    }
    new = set(conn.execute(_SAVE, {**values, "now": now}).scalars())
    fresh = [item for item in batch if item.id in new]
    terms = {
        "ids": [item.id for item in fresh],
        "terms": [item.signature.terms.words for item in fresh],
        "hashes": [item.signature.terms.hashes for item in fresh],
        "weights": [item.signature.terms.weights for item in fresh],
    }
    conn.execute(_SAVE_TERMS, terms)
    _save_bands(conn, [item for item in fresh if item.signature.minhash], now=now)


def load_signed(conn: Connection, ids: Collection[int], articles: Mapping[int, Article]) -> list[Signed]:
    """Return the signed ones of these texts; `articles` has those whose terms are lost, to be read again."""
    rows = fetch(conn, _LOAD, sorted_numbers(ids))
    found: list[Signed] = []
    for text_id, article, words, sha256, minhash, day, instant, terms, hashes, weights in rows:
        if terms is not None:
            own = Signature(words=words, sha256=sha256, minhash=minhash or b"", terms=Terms(terms, hashes, weights))
            found.append(Signed(id=text_id, signature=own, published=instant or day, day=day, article=article))
        elif text_id in articles:
            found.append(signed(text_id, article, articles[text_id]))
    return found


def drop_terms(conn: Connection, ids: Collection[int]) -> None:
    """Remove the terms of texts that are grouped."""
    change(conn, _DROP_TERMS, sorted_numbers(ids))


def _save_bands(conn: Connection, worded: Sequence[Signed], *, now: datetime) -> None:
    if not worded:
        return
    bands = bands_of([item.signature.minhash for item in worded])
    text_ids = np.repeat(np.array([item.id for item in worded], dtype=np.int64), bands.shape[1])
    days = [item.day or now.date() for item in worded]
    with Writer(conn) as writer:
        copy_keys(writer, "dateline.text_bands", stored_keys(bands, days, span=BAND_DAYS), text_ids)
