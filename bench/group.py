"""Measure grouping against a large store: articles per second, signing and deciding apart.

    python bench/group.py                  against 100,000 stored texts
    python bench/group.py --store 1000000  against a million: a few minutes to fill

The texts are generated: names and words drawn so that one article in five tells of a happening that others tell of too,
and one in ten is a reprint. The store is filled by the server itself with signatures of the same shape.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from dateline.group import Signed, sign
from dateline.stack.postgres import Postgres
from dateline.store.groups import group_signed
from dateline.store.migrate import upgrade

NOW = datetime(2024, 3, 5, tzinfo=UTC)
WORDS = 20_000
NAMES = 60_000
BATCH = 500

FILL = """
    insert into dateline.articles (key, url) select 'filler/' || i, 'filler/' || i from generate_series(1, {n}) i;
    insert into dateline.revisions (article_id, url, is_current)
        select article_id, url, false from dateline.articles;
    insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, text, is_current)
        select article_id, revision_id, 'bench', sha256(url::bytea), 1, 1, null, false from dateline.revisions;
    alter table dateline.text_signatures drop constraint text_signatures_pkey cascade;
    insert into dateline.text_signatures (text_id, article_id, sha256, minhash, words, published_on)
        select text_id, article_id, sha256, decode(repeat(md5(text_id::text), 32), 'hex'),
            400, date '2024-03-04' - (random() * 365)::int
        from dateline.texts;
    insert into dateline.text_bands
        select (random() * 9e18)::bigint, text_id from dateline.texts, generate_series(1, 25) order by 1;
    insert into dateline.text_story_keys
        select (random() * 9e18)::bigint, text_id from dateline.texts, generate_series(1, 28) order by 1;
    alter table dateline.text_signatures add primary key (text_id);
    insert into dateline.syndications (first_text_id) select text_id from dateline.texts;
    insert into dateline.syndication_members (syndication_id, text_id)
        select syndication_id, first_text_id from dateline.syndications;
    insert into dateline.stories (first_text_id, articles, terms, weights)
        select text_id, 1, array['w' || text_id, 'n' || text_id], array[0.7, 0.7]::real[] from dateline.texts;
    insert into dateline.story_members (story_id, text_id) select story_id, first_text_id from dateline.stories;
    insert into dateline.term_counts (term, texts) values ('', {n});
    analyze;
    checkpoint
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=int, default=100_000, help="texts in the store")
    parser.add_argument("--texts", type=int, default=5_000, help="texts to group")
    call = parser.parse_args()
    rng = random.Random(1)
    bodies = _bodies(call.texts, rng)
    began = time.perf_counter()
    signatures = [sign(body) for body in bodies]
    signing = time.perf_counter() - began
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        Path(folder).chmod(0o711)  # the account that runs Postgres passes through
        server = Postgres(Path(folder) / "postgres", durable=True)
        url = server.start()
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("create database bench_group")
            seconds, groups = _grouping(server.url("bench_group"), signatures, call.store)
        finally:
            server.stop()
    print(f"signing   {len(bodies) / signing:8,.0f} articles/s in one process")
    print(f"grouping  {len(bodies) / seconds:8,.0f} articles/s against {call.store:,} stored texts, {groups:,} stories")
    return 0


def _bodies(count: int, rng: random.Random) -> list[str]:
    """Make texts of 400 words; a happening has ten names and forty words of its own."""
    words = [f"w{'aeiou'[i % 5]}{i:x}" for i in range(WORDS)]
    names = [f"N{'aeiou'[i % 5]}{i:x}" for i in range(NAMES)]
    happenings = [(rng.sample(names, 10), rng.sample(words, 40)) for _ in range(max(1, count // 25))]
    bodies: list[str] = []
    for _ in range(count):
        if bodies and rng.random() < 0.1:
            bodies.append(rng.choice(bodies) + " This report was taken over from an agency.")
            continue
        own_names, own_words = rng.choice(happenings) if rng.random() < 0.2 else (rng.sample(names, 10), [])
        drawn = [
            rng.choice(own_names)
            if rng.random() < 0.15
            else rng.choice(own_words or words)
            if rng.random() < 0.3
            else rng.choice(words)
            for _ in range(400)
        ]
        bodies.append(" ".join(drawn))
    return bodies


def _grouping(url: str, signatures: list, stored: int) -> tuple[float, int]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    upgrade(engine)
    with engine.begin() as conn:
        for statement in FILL.format(n=stored).split(";"):
            conn.execute(text(statement))
        first = (
            conn.execute(
                text(
                    "with a as (insert into dateline.articles (key, url) select 'new/' || i, 'new/' || i"
                    " from generate_series(1, :n) i returning article_id, url), r as (insert into dateline.revisions"
                    " (article_id, url, is_current) select article_id, url, false from a returning revision_id, article_id, url)"
                    " insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, is_current)"
                    " select article_id, revision_id, 'bench', sha256(url::bytea), 1, 1, false from r returning text_id"
                ),
                {"n": len(signatures)},
            )
            .scalars()
            .all()
        )
    batch = [
        Signed(id=id_, signature=signature, published=date(2024, 3, 4) + timedelta(days=id_ % 2))
        for id_, signature in zip(sorted(first), signatures, strict=True)
    ]
    began = time.perf_counter()
    for at in range(0, len(batch), BATCH):
        with engine.begin() as conn:
            group_signed(conn, batch[at : at + BATCH], now=NOW)
    seconds = time.perf_counter() - began
    with engine.begin() as conn:
        groups = conn.scalar(
            text("select count(distinct story_id) from dateline.story_members where text_id >= :f"), {"f": min(first)}
        )
    engine.dispose()
    return seconds, groups


if __name__ == "__main__":
    sys.exit(main())
