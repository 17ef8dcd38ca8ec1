"""Make the keys by which copies and stories are found anew, from the signatures and stories that are stored.

Wanted where the way in which keys are made has changed. Of a story the first text gets the keys of its heaviest terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from dateline.group.signatures import bands_of
from dateline.group.terms import hashes_of
from dateline.group.vectors import KEY_TERMS, Hashes, Whole, keys_of
from dateline.store.grouped_keys import BAND_DAYS, STORY_DAYS, Writer, copy_keys, stored_keys
from dateline.store.grouped_known import unpacked_weights

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
    rebuild_bands(conn)
    rebuild_story_keys(conn)


def rebuild_bands(conn: Connection) -> None:
    """Make anew what copies are found by."""
    conn.execute(text("truncate dateline.text_bands"))
    after = 0
    with Writer(conn) as writer:
        while rows := conn.execute(_SIGNED, {"after": after, "count": AT_ONCE}).all():
            bands = bands_of([bytes(row.minhash) for row in rows])
            text_ids = np.repeat(np.array([row.text_id for row in rows], dtype=np.int64), bands.shape[1])
            keys = stored_keys(bands, [row.day for row in rows], span=BAND_DAYS)
            copy_keys(writer, "dateline.text_bands", keys, text_ids)
            writer.wait()
            after = rows[-1].text_id


def rebuild_story_keys(conn: Connection) -> None:
    """Make anew what stories are found by."""
    conn.execute(text("truncate dateline.text_story_keys"))
    after = 0
    with Writer(conn) as writer:
        while rows := conn.execute(_STORIES, {"after": after, "count": AT_ONCE}).all():
            found = keys_of(*_heaviest(rows))
            text_ids = np.array([row.first_text_id for row in rows], dtype=np.int64)
            keys = stored_keys(found, [row.day for row in rows], span=STORY_DAYS)
            copy_keys(writer, "dateline.text_story_keys", keys, np.repeat(text_ids, [len(own) for own in found]))
            writer.wait()
            after = rows[-1].story_id


def _heaviest(stories: Sequence[Any]) -> tuple[Hashes, Whole]:
    """Return the hashes of each story's heaviest terms, ties by hash, and how many it has."""
    ranked = np.zeros((len(stories), KEY_TERMS), dtype=np.uint64)
    lengths = np.zeros(len(stories), dtype=np.int64)
    for row, story in enumerate(stories):
        weights = unpacked_weights(story.weights)
        (within,) = (
            np.nonzero(weights >= weights[KEY_TERMS - 1]) if len(weights) > KEY_TERMS else ([*range(len(weights))],)
        )
        words = story.terms.split()
        hashes = hashes_of(words[at] for at in within)
        top = hashes[np.lexsort((hashes, -weights[within]))][:KEY_TERMS]
        ranked[row, : len(top)] = top
        lengths[row] = len(top)
    return ranked, lengths
