"""Measure grouping against a large store: articles per second, signing apart, which extraction does.

    python bench/group.py                  against a million stored texts: some minutes to fill
    python bench/group.py --store 100000   against fewer

Grouping is the whole stage, `pipeline.group`: tickets are claimed, texts decided, all is stored, tickets go on. The store is filled by the server itself: two years of texts with signatures, bands, keys, memberships and stories of the
shape that grouping leaves. The days before the one that is measured also hold generated texts that were really grouped, so
that there is something to find. They and the texts that are measured come from one row (`bench/wires.py`): one text in five tells of a
happening that others tell of too, eight articles each; one in ten is a reprint, every second of them word for word, of any
text before it. `--telling` and `--reprints` make other shares, `--days` another density: how many days the store's texts are
spread over.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import Engine, text

from dateline import pipeline
from dateline.group import Signature, Signed, sign
from dateline.pipeline import EXTRACT_BATCH, GROUP_BATCH
from dateline.runtime import open_tools
from dateline.settings import load_settings
from dateline.stack.postgres import Postgres
from dateline.store.engine import open_engine
from dateline.store.grouped_keys import BAND_DAYS, STORY_DAYS
from dateline.store.groups import TermCounts, group_signed
from dateline.store.migrate import upgrade
from dateline.store.signatures import load_signed, save_signatures
from dateline.tools import Tools
from wires import REPRINTS, TELLING, make_texts

DAY = date(2024, 3, 4)
NOW = datetime(2024, 3, 5, tzinfo=UTC)
BEFORE = 7  # days before DAY that hold generated texts
KNOWN = 10_000  # generated texts of those days
BANDS, KEYS, TERMS = 25, 45, 16  # of a stored text
SPREAD = 9_000_000_000_000  # between the numbers of two terms, of which the store knows as many as texts

FILL = f"""
    set local role none;
    set local session_replication_role = replica;
    insert into dateline.articles (key, url) select 'filler/' || i, 'filler/' || i from generate_series(1, :n) i;
    insert into dateline.revisions (article_id, url, is_current) select article_id, url, false from dateline.articles;
    insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, text, is_current)
        select article_id, revision_id, 'bench', sha256(url::bytea), 1, 1, null, false from dateline.revisions;
    insert into dateline.text_signatures (text_id, article_id, sha256, minhash, words, published_on, terms)
        select text_id, article_id, sha256, decode(repeat(md5(text_id::text), 32), 'hex'), 400,
            date '{DAY}' - (:days * (1 - text_id::float / (:n + 1)))::int - 1,
            (select array_agg('t' || text_id || 'x' || t) from generate_series(1, {TERMS}) t)
        from dateline.texts;
    drop index dateline.text_bands_by_band, dateline.text_story_keys_by_key;
    insert into dateline.text_bands
        select ((published_on - date '0001-01-01' + 1) / {BAND_DAYS})::bigint << 45 | (random() * (1::bigint << 45))::bigint, text_id
        from dateline.text_signatures, generate_series(1, {BANDS});
    insert into dateline.text_story_keys
        select ((published_on - date '0001-01-01' + 1) / {STORY_DAYS})::bigint << 45 | (random() * (1::bigint << 45))::bigint, text_id
        from dateline.text_signatures, generate_series(1, {KEYS});
    create index text_bands_by_band on dateline.text_bands (band);
    create index text_story_keys_by_key on dateline.text_story_keys (key);
    insert into dateline.syndications (first_text_id) select text_id from dateline.texts;
    insert into dateline.syndication_members (syndication_id, text_id, reason)
        select syndication_id, first_text_id, 'no copy known' from dateline.syndications;
    insert into dateline.stories (first_text_id, articles, terms, weights, first_reported_on, last_reported_on)
        select text_id, 1, array_to_string(terms, ' '), decode(repeat('3dcccccd', {TERMS}), 'hex'), published_on, published_on
        from dateline.text_signatures;
    insert into dateline.story_members (story_id, text_id, reason)
        select story_id, first_text_id, 'tells of nothing known' from dateline.stories
"""
TEXTS = text("""
    with a as (
        insert into dateline.articles (key, url)
        select 'new/' || :seed || '/' || i, 'new/' || i from generate_series(1, :n) i returning article_id, url
    ), r as (
        insert into dateline.revisions (article_id, url, title, is_current)
        select article_id, url, 'A headline of some eight or nine words, ' || article_id, false from a
        returning revision_id, article_id, url
    )
    insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, is_current)
    select article_id, revision_id, 'bench', sha256(url::bytea), 1, 1, false from r returning text_id
""")
OTHER_TERMS = text(f"insert into dateline.term_counts select i * {SPREAD}, 1 + i % 7 from generate_series(1, :n) i")
TICKETS = text("""
    insert into dateline.frontier (key, url, host, host_slot, state, discovered_at, next_attempt_at, article_id, text_id)
    select url || text_id, url, 'h' || text_id % 50, text_id % 50, 'extracted', now(), now() - interval '1 minute', article_id, text_id
    from dateline.texts join dateline.articles using (article_id) where text_id >= :first
""")
FOUND = text("""
    select count(distinct s.story_id) as stories, count(distinct c.syndication_id) as syndications,
        count(c.duplicate_of) as duplicates, count(c.similarity) as copies,
        count(*) filter (where g.articles > 1) as told_by_others, count(*) filter (where s.story_id < f.story_id) as of_known_stories
    from dateline.story_members s join dateline.syndication_members c using (text_id) join dateline.stories g using (story_id),
        (select min(story_id) as story_id from dateline.stories where first_text_id >= :first) f
    where s.text_id >= :first and s.valid_to is null and c.valid_to is null
""")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=int, default=1_000_000, help="texts in the store")
    parser.add_argument("--texts", type=int, default=20_000, help="texts to group")
    parser.add_argument("--days", type=int, default=730, help="days over which the store's texts are spread")
    parser.add_argument("--telling", type=float, default=TELLING, help="share that tells of what others tell of")
    parser.add_argument("--reprints", type=float, default=REPRINTS, help="share that is reprinted")
    parser.add_argument("--json", action="store_true", help="write the figures as one line of JSON")
    call = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        Path(folder).chmod(0o711)  # the account that runs Postgres passes through
        server = Postgres(Path(folder) / "postgres", durable=True)
        url = server.start()
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("create database bench_group")
            engine = open_engine(server.url("bench_group"))
            upgrade(engine)
            fill(engine, call.store, days=call.days)
            made = make_texts(KNOWN + call.texts, seed=1, telling=call.telling, reprints=call.reprints)
            signatures = list(map(sign, islice(made, KNOWN)))
            prepare(engine, signatures, call.store)
            engine.dispose()
            with open_tools(load_settings(database_url=server.url("bench_group"), workers=1)) as tools:
                figures = measure(tools, list(made))
        finally:
            server.stop()
    if call.json:
        print(json.dumps(figures))
    else:
        print(
            f"against {call.store:,} stored texts, {call.texts:,} texts of one day, machine's load {figures['load']:.1f}\n"
            f"signing, one process       {figures['signing']:8,.0f} articles/s\n"
            f"storing signatures         {figures['storing']:8,.0f} articles/s\n"
            f"  per CPU second           {figures['storing_cpu']:8,.0f} articles, Postgres counted\n"
            f"grouping                   {figures['grouping']:8,.0f} articles/s\n"
            f"  per CPU second           {figures['grouping_cpu']:8,.0f} articles, Postgres counted\n"
            f"found in {call.texts:,} texts: {figures['copies']:,} copies, {figures['duplicates']:,} of them word for word; "
            f"{figures['told_by_others']:,} in stories of several, {figures['of_known_stories']:,} in stories of "
            f"the days before; {figures['stories']:,} stories, {figures['syndications']:,} syndications"
        )
    return 0


def fill(engine: Engine, stored: int, *, days: int) -> None:
    """Fill the store with `stored` texts of the `days` before."""
    with engine.begin() as conn:
        for statement in FILL.split(";"):
            conn.execute(text(statement), {"n": stored, "days": days})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("set role none"))
        conn.execute(text("vacuum analyze"))
        conn.execute(text("checkpoint"))


def prepare(engine: Engine, signatures: Sequence[Signature], stored: int) -> None:
    """Group texts of the days before DAY."""
    signed = dated(put(engine, len(signatures), seed=1), signatures, days=BEFORE)
    store(engine, signed)
    counts = TermCounts()
    for at in range(0, len(signed), GROUP_BATCH):
        ids = [item.id for item in signed[at : at + GROUP_BATCH]]
        with engine.begin() as conn:
            group_signed(conn, load_signed(conn, ids, {}), now=NOW, counts=counts)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("set role none"))
        # these words are as frequent in the whole store as in these texts, and it holds others
        conn.execute(
            text("update dateline.term_counts set texts = texts * :more"), {"more": stored // len(signatures) + 1}
        )
        conn.execute(OTHER_TERMS, {"n": stored})
        conn.execute(text("vacuum analyze dateline.term_counts"))


def measure(tools: Tools, bodies: Sequence[str]) -> dict[str, float]:
    """Sign and group texts of one day."""
    engine, count = tools.engine, len(bodies)
    began = time.perf_counter()
    signatures = [sign(body) for body in bodies]
    signing = count / (time.perf_counter() - began)
    gc.collect()
    gc.freeze()  # all these signatures at once are the measurement's, not grouping's: a batch has its own only
    signed = dated(put(engine, count, seed=2), signatures)
    began, used = time.perf_counter(), _used(engine)
    store(engine, signed)
    storing, storing_cpu = count / (time.perf_counter() - began), count / (_used(engine) - used)
    ids = [item.id for item in signed]
    with engine.begin() as conn:
        conn.execute(TICKETS, {"first": ids[0]})
    del signed, signatures
    gc.collect()
    began, used = time.perf_counter(), _used(engine)
    done = sum(pipeline.group(tools).values())
    assert done == count, f"{done} texts were grouped"
    grouping, cpu = count / (time.perf_counter() - began), count / (_used(engine) - used)
    return {
        "signing": signing,
        "storing": storing,
        "storing_cpu": storing_cpu,
        "grouping": grouping,
        "grouping_cpu": cpu,
        "load": os.getloadavg()[0],
        **found(engine, ids),
    }


def _used(engine: Engine) -> float:
    """Return the CPU seconds that this process and its one connection's server process have used."""
    with engine.connect() as conn:
        server = psutil.Process(conn.scalar(text("select pg_backend_pid()"))).cpu_times()
    return time.process_time() + server.user + server.system


def found(engine: Engine, ids: Sequence[int]) -> dict[str, float]:
    """Count what grouping found: copies of texts in the store and in the batches, and texts that tell of what others tell of."""
    with engine.begin() as conn:
        row = conn.execute(FOUND, {"first": ids[0]}).mappings().one()
    return dict(row)


def put(engine: Engine, count: int, *, seed: int) -> list[int]:
    """Put articles into the store, and return their texts' numbers."""
    with engine.begin() as conn:
        return sorted(conn.scalars(TEXTS, {"n": count, "seed": seed}))


def dated(ids: Sequence[int], signatures: Sequence[Signature], *, days: int = 0) -> list[Signed]:
    """Give texts their days, the earlier ones earlier days."""
    return [
        Signed(
            id=id_, signature=signature, published=DAY - timedelta(days=days * (len(ids) - at) // len(ids)), article=id_
        )
        for at, (id_, signature) in enumerate(zip(ids, signatures, strict=True))
    ]


def store(engine: Engine, signed: Sequence[Signed]) -> None:
    """Store signatures, as extraction does."""
    for at in range(0, len(signed), EXTRACT_BATCH):
        with engine.begin() as conn:
            save_signatures(conn, signed[at : at + EXTRACT_BATCH], now=NOW)


if __name__ == "__main__":
    sys.exit(main())
