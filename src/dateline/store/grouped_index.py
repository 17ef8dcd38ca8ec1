"""Make the keys by which copies and stories are found anew, from the signatures and stories that are stored.

Wanted where the way in which keys are made has changed. Of a story the first text gets the keys of its heaviest terms.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, text

from dateline.group.signatures import bands_of
from dateline.group.stories import keys_of
from dateline.store.grouped_keys import BAND_DAYS, STORY_DAYS, Writer, copy_keys, stored_keys

AT_ONCE = 10_000  # texts or stories in memory

_SIGNED = text("""
    select text_id, minhash, coalesce(published_on, signed_at::date) as day from dateline.text_signatures
    where text_id > :after and minhash is not null order by text_id limit :count
""")
_STORIES = text("""
    select story_id, first_text_id, terms, weights, coalesce(last_reported_on, created_at::date) as day
    from dateline.stories
    where story_id > :after and first_text_id is not null and merged_into is null order by story_id limit :count
""")


def rebuild_keys(conn: Connection) -> None:
    """Remove all keys and make them anew."""
    conn.execute(text("truncate dateline.text_bands, dateline.text_story_keys"))
    with Writer(conn) as writer:
        _rebuild_bands(conn, writer)
        _rebuild_story_keys(conn, writer)


def _rebuild_bands(conn: Connection, writer: Writer) -> None:
    after = 0
    while rows := conn.execute(_SIGNED, {"after": after, "count": AT_ONCE}).all():
        bands = bands_of([bytes(row.minhash) for row in rows])
        text_ids = np.repeat(np.array([row.text_id for row in rows], dtype=np.int64), bands.shape[1])
        keys = stored_keys(bands, [row.day for row in rows], span=BAND_DAYS)
        copy_keys(writer, "dateline.text_bands", keys, text_ids)
        writer.wait()
        after = rows[-1].text_id


def _rebuild_story_keys(conn: Connection, writer: Writer) -> None:
    after = 0
    while rows := conn.execute(_STORIES, {"after": after, "count": AT_ONCE}).all():
        found = keys_of([dict(zip(row.terms, row.weights, strict=True)) for row in rows])
        text_ids = np.repeat(np.array([row.first_text_id for row in rows], dtype=np.int64), [len(own) for own in found])
        keys = stored_keys(found, [row.day for row in rows], span=STORY_DAYS)
        copy_keys(writer, "dateline.text_story_keys", keys, text_ids)
        writer.wait()
        after = rows[-1].story_id
