"""Run a stage of the pipeline as the body of an Airflow task. What comes back is counts, fit for XCom."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Any

from dateline import pipeline
from dateline.discover import discover
from dateline.discover.kinds import recognise
from dateline.errors import ArticleError, UserError
from dateline.extract.given import given_page
from dateline.recode import recode
from dateline.runtime import open_tools, waiting
from dateline.settings import INBOX, Settings, load_settings
from dateline.store.recoding import Choice
from dateline.tools import Counts, Tools
from dateline.types import ArticleRef, RawPage

log = logging.getLogger(__name__)

FEW = 200  # texts; fewer are read in one task, because a task costs about a second and a text a tenth of one
PASTED_HOST = "pasted.invalid"  # a name that can never be (RFC 2606), so that nothing is ever fetched from it
SHARD = 200  # tickets that are worth a task of their own


def run(stage: Callable[[Tools], Counts]) -> dict[str, int]:
    """Open the tools, run one stage until nothing waits for it, and return its counts."""
    with open_tools(load_settings()) as tools:
        return dict(stage(tools))


def read_few(tools: Tools) -> Counts:
    """Extract, group and annotate in one go."""
    counts = Counts()
    for stage in (pipeline.extract, pipeline.group, pipeline.annotate):
        counts.update(stage(tools))
    return counts


def shards(states: Sequence[str]) -> list[int]:
    """Return the numbers of the shards that are worth making for the tickets that wait in `states`."""
    settings = load_settings()
    return list(range(min(settings.workers, ceil(_waiting_in(settings, states) / SHARD))))


def are_few() -> bool:
    """Say whether the texts that wait are few enough to be read in one task."""
    return _waiting_in(load_settings(), ("fetched", "extracted", "grouped")) <= FEW


def _waiting_in(settings: Settings, states: Sequence[str]) -> int:
    return sum(count for state, count in waiting(settings).items() if state in states)


def take_inbox() -> dict[str, int]:
    """Take the files that lie in the inbox, `inbox` in the state folder."""
    settings = load_settings()
    with open_tools(settings) as tools:
        return dict(pipeline.take_inbox(tools, settings.home / INBOX))


def put_on_frontier(form: Mapping[str, Any]) -> dict[str, int]:
    """Put what the form of `ingest_urls` says on the frontier: addresses, everything in a feed, a pasted text."""
    with open_tools(load_settings()) as tools:
        counts = Counts()
        urls = [url.strip() for url in form.get("urls") or [] if url.strip()]
        now = tools.now()
        refs = [ArticleRef(url=url, discovered_at=now) for url in urls]
        if form.get("feed"):
            refs += _in_feed(tools, form["feed"])
        if refs:
            counts.update(pipeline.enqueue(tools, refs, again=bool(form.get("again"))))
        if (form.get("text") or "").strip():
            counts.update(pipeline.give(tools, [_pasted(form, now)]))
    if not counts:
        raise UserError("nothing was given: fill in URLs, a feed or a text", code="nothing_given")
    return dict(counts)


def _in_feed(tools: Tools, url: str) -> list[ArticleRef]:
    """Look at a feed, sitemap or list that is not a stored source. Raises UserError where it cannot be read."""
    try:
        source = recognise(url, tools.client())
        return list(discover(source, tools.client(), now=tools.now()).refs)
    except ArticleError as error:
        raise UserError(f"{url}: {error.message}", code=error.code) from error


def _pasted(form: Mapping[str, Any], now: datetime) -> RawPage:
    """Make the capture of a pasted text. Without an address it is known by its words, so that pasting twice adds nothing."""
    words = form["text"].strip()
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
    url = (form.get("url") or "").strip() or f"https://{PASTED_HOST}/{digest}"
    fields = {"text": words, "title": form.get("title"), "published_at": form.get("published")}
    return given_page(fields, url=url, now=now)


def code_again(form: Mapping[str, Any]) -> dict[str, int]:
    """Do what the form of `recode` says, and log what changes, a line each."""
    since, until = (date.fromisoformat(form[name]) if form.get(name) else None for name in ("since", "until"))
    choice = Choice(since=since, until=until, source_id=form.get("source"))
    with open_tools(load_settings()) as tools:
        report = recode(tools, choice, promote=bool(form.get("promote")))
    for kind, mentions in (("gained", report.gained), ("lost", report.lost)):
        for mention in mentions:
            log.info("%s type=%s text=%d %r", kind, mention.event_type, mention.text_id, mention.sentence_text)
    for change in report.changed:
        parts = ",".join(change.parts)
        log.info("changed parts=%s text=%d %r", parts, change.after.text_id, change.after.sentence_text)
    counts = {"gained": len(report.gained), "lost": len(report.lost), "changed": len(report.changed)}
    return counts | {"texts": report.texts, "failed": report.failed, "same": report.same, "promoted": report.promoted}
