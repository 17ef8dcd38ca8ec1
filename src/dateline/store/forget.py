"""Forget an article: remove what was kept of it, and leave a tombstone so that it is never fetched again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from dateline.store.rows import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Count what was removed."""

    captures: int = 0
    articles: int = 0
    revisions: int = 0
    texts: int = 0
    codings: int = 0
    mentions: int = 0  # event mentions
    events: int = 0  # events that nothing else told of


_TOMBSTONE = text("""
    insert into dateline.tombstones (key, url, forgotten_at, reason)
    select key, :url, :now, :reason from unnest(cast(:keys as text[])) as g(key)
    on conflict (key_hash) do nothing
""")

# The article under this key or address, all addresses that were merged with it, and their URLs on the frontier.
_ARTICLES = text("""
    with found as (
        select coalesce(a.merged_into, a.article_id) as article_id from dateline.articles a
        where a.key_hash = dateline.digest(:key) or dateline.digest(a.canonical_url) = dateline.digest(:url)
            or a.article_id in (select f.article_id from dateline.frontier f where f.key_hash = dateline.digest(:key))
    )
    select a.article_id, a.key, a.url from dateline.articles a
    where a.article_id in (select article_id from found) or a.merged_into in (select article_id from found)
""")
_TEXTS = text("select text_id from dateline.texts where article_id = any(:articles)")
_TICKETS = text("""
    select ticket_id, url from dateline.frontier
    where key_hash in (select dateline.digest(k) from unnest(cast(:keys as text[])) k) or article_id = any(:articles)
""")
_ADDRESSES = text("""
    select url from dateline.revisions where article_id = any(:articles)
    union select url from dateline.articles where article_id = any(:articles)
""")

_EVENTS = text("select distinct event_id from dateline.event_members where text_id = any(:texts)")
_LEFT = text("""
    select e.event_id from dateline.events e where e.event_id = any(:events) and not exists (
        select from dateline.event_members k where k.event_id = e.event_id)
""")
_OTHERS = text("""
    insert into dateline.unresolved_texts as u (text_id, since)
    select distinct k.text_id, cast(:now as timestamptz) from dateline.event_members k where k.event_id = any(:events)
    order by k.text_id
    on conflict (text_id) do update set since = excluded.since
""")

# In an order in which nothing is missed that still points to what goes.
_DELETE = {
    "captures": """delete from dateline.captures
        where ticket_id = any(:tickets) or url_hash in (select dateline.digest(u) from unnest(cast(:urls as text[])) u)""",
    "mentions": "delete from dateline.event_mentions where text_id = any(:texts)",
    "codings": "delete from dateline.codings where text_id = any(:texts)",
    "members": "delete from dateline.event_members where text_id = any(:texts)",
    "syndications": "delete from dateline.syndication_members where text_id = any(:texts)",
    "stories": "delete from dateline.story_members where text_id = any(:texts)",
    "terms": "delete from dateline.text_terms where text_id = any(:texts)",
    "signatures": "delete from dateline.text_signatures where text_id = any(:texts)",
    "queue": "delete from dateline.unresolved_texts where text_id = any(:texts)",
    "parses": "delete from dateline.parses where text_id = any(:texts)",
    "texts": "delete from dateline.texts where text_id = any(:texts)",
    "revisions": "delete from dateline.revisions where article_id = any(:articles)",
    "merged": "delete from dateline.articles where merged_into = any(:articles)",
    "articles": "delete from dateline.articles where article_id = any(:articles)",
    "rejects": """delete from dateline.rejects where ticket_id = any(:tickets) or text_id = any(:texts)
        or url_hash in (select dateline.digest(u) from unnest(cast(:urls as text[])) u)""",
    "frontier": "delete from dateline.frontier where ticket_id = any(:tickets)",
}
_FORGET_FIRSTS = (
    "update dateline.syndications set first_text_id = null where first_text_id = any(:texts)",
    "update dateline.stories set first_text_id = null, title = null where first_text_id = any(:texts)",
    "update dateline.syndication_members set duplicate_of = null where duplicate_of = any(:texts)",
    # the words and the names that an event shows come from its best mention: the next resolve finds another
    """update dateline.events set best_mention_key = null, best_text_id = null, source_text = null, target_text = null
       where best_text_id = any(:texts)""",
)
_DROP_EVENTS = (
    "update dateline.events set superseded_by = null where superseded_by = any(:events)",
    "delete from dateline.events where event_id = any(:events)",
)


def forget(conn: Connection, key: str, url: str, *, now: datetime, reason: str | None = None) -> Forgotten:
    """Remove pages, texts, codings, mentions and memberships of an article, under all its addresses, and leave tombstones.

    Events that nothing else told of go with it; others are counted anew by the next resolve. Forgetting a URL that is not
    known only leaves the tombstone.
    """
    rows = conn.execute(_ARTICLES, {"key": clean(key), "url": clean(url)}).all()
    articles, keys = [row.article_id for row in rows], sorted({clean(key), *(row.key for row in rows)})
    tickets = conn.execute(_TICKETS, {"keys": keys, "articles": articles}).all()
    urls = {clean(url), *(row.url for row in tickets), *conn.execute(_ADDRESSES, {"articles": articles}).scalars()}
    texts = list(conn.execute(_TEXTS, {"articles": articles}).scalars())
    events = list(conn.execute(_EVENTS, {"texts": texts}).scalars())
    values = {"articles": articles, "texts": texts, "tickets": [row.ticket_id for row in tickets], "urls": sorted(urls)}
    conn.execute(_TOMBSTONE, {"keys": keys, "url": clean(url), "now": now, "reason": clean(reason)})
    for statement in _FORGET_FIRSTS:
        conn.execute(text(statement), values)
    gone = {name: conn.execute(text(statement), values).rowcount for name, statement in _DELETE.items()}
    alone = list(conn.execute(_LEFT, {"events": events}).scalars())
    for statement in _DROP_EVENTS:
        conn.execute(text(statement), {"events": alone})
    conn.execute(_OTHERS, {"events": events, "now": now})
    return Forgotten(
        captures=gone["captures"],
        articles=gone["articles"] + gone["merged"],
        revisions=gone["revisions"],
        texts=gone["texts"],
        codings=gone["codings"],
        mentions=gone["mentions"],
        events=len(alone),
    )
