"""Serve Dateline's pages in the Airflow UI: events with the sentences they were read from, whole texts, sources, rejects.

Every page needs Airflow's login and only reads. The app is mounted by `plugins/dateline_plugin.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.core_api.security import requires_access_view
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from sqlalchemy import Connection, Engine, RowMapping, text

from dateline.errors import DatelineError
from dateline.settings import load_settings
from dateline.store.engine import open_engine
from dateline.types import EventType

HERE = Path(__file__).resolve().parent
PAGE = 50  # rows; fits a screen or two and answers at once
NOT_FOUND = 404

app = FastAPI(
    title="Dateline",
    dependencies=[Depends(requires_access_view(AccessView.WEBSITE))],
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
)


@cache
def _engine() -> Engine:
    return open_engine(load_settings().require_database_url(), role="reader")


@cache
def _templates() -> Environment:
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
    environment.globals["types"] = sorted(EventType.__args__)  # type: ignore[attr-defined]
    environment.filters["marked"] = marked
    return environment


def connection() -> Iterator[Connection]:
    """Open a connection for one request."""
    try:
        with _engine().connect() as conn:
            yield conn
    except DatelineError as error:
        raise HTTPException(503, error.message) from error


Database = Annotated[Connection, Depends(connection)]
Word = Annotated[str, Query(max_length=100)]


def _page(name: str, **values: Any) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(name).render(**values))


def _rows(conn: Connection, sql: str, **values: Any) -> Sequence[RowMapping]:
    return conn.execute(text(sql), values).mappings().all()


@app.get("/events")
def events(
    *,
    conn: Database,
    type: Word = "",  # noqa: A002 (the word that stands in the address)
    country: Word = "",
    actor: Word = "",
    since: Word = "",
    until: Word = "",
    words: Word = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """List events that happened, newest first, each with its best sentence."""
    asked: dict[str, Any] = {"type": type, "country": country.upper(), "actor": actor, "words": words}
    asked |= {"since": _day(since), "until": _day(until)}
    where = " and ".join(
        condition
        for name, condition in {
            "type": "event_type = :type",
            "country": "(:country in (source_country, target_country, place_country))",
            "actor": "(source_name ilike '%' || :actor || '%' or target_name ilike '%' || :actor || '%')",
            "words": "sentence ilike '%' || :words || '%'",
            "since": "coalesce(date_to, first_reported_on) >= :since",
            "until": "coalesce(date_from, first_reported_on) <= :until",
        }.items()
        if asked[name]
    )
    found = _rows(
        conn,
        f"""
        select * from dateline.event_report {"where " + where if where else ""}
        order by coalesce(date_to, first_reported_on) desc nulls last, event_id desc limit :limit offset :offset
        """,  # noqa: S608 (the conditions are ours; what was asked is bound)
        **asked,
        limit=PAGE + 1,
        offset=offset,
    )
    kept = {name: value for name, value in asked.items() if value}
    return _page("events.html", events=found[:PAGE], asked=kept, offset=offset, more=len(found) > PAGE, page=PAGE)


@app.get("/events/{event_id}")
def event(conn: Database, event_id: int) -> HTMLResponse:
    """Show one event: every sentence that tells of it, and who reported it."""
    found = _rows(conn, "select * from dateline.event_report where event_id = :id", id=event_id)
    if not found:
        raise HTTPException(NOT_FOUND, f"no event {event_id} that happened")
    mentions = _rows(
        conn,
        "select * from dateline.mention_report where event_id = :id order by published_on nulls last, text_id, trigger_start",
        id=event_id,
    )
    return _page("event.html", event=found[0], mentions=mentions)


@app.get("/texts/{text_id}")
def whole_text(conn: Database, text_id: int) -> HTMLResponse:
    """Show a text with everything that was read in it."""
    found = _rows(conn, "select * from dateline.text_report where text_id = :id", id=text_id)
    if not found:
        raise HTTPException(NOT_FOUND, f"no text {text_id}")
    mentions = _rows(
        conn, "select * from dateline.mention_report where text_id = :id order by trigger_start", id=text_id
    )
    versions = _rows(
        conn, "select * from dateline.revision_report where article_id = :id order by number", id=found[0]["article_id"]
    )
    return _page("text.html", article=found[0], mentions=mentions, versions=versions)


@app.get("/sources")
def sources(conn: Database) -> HTMLResponse:
    """Show how the sources are."""
    return _page("sources.html", sources=_rows(conn, "select * from dateline.source_health order by state, name"))


@app.get("/rejects")
def rejects(conn: Database) -> HTMLResponse:
    """Show what could not be processed, and why."""
    found = _rows(conn, "select * from dateline.rejects_open order by last_seen_at desc limit 500")
    return _page("rejects.html", rejects=found)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if word else None
    except ValueError as error:
        raise HTTPException(422, f"{word!r} is no day: write it as 2018-08-24") from error


def marked(words: str | None, mentions: Sequence[Mapping[str, Any]], start: int = 0) -> Markup:
    """Mark the triggers, sources and targets of `mentions` in `words`, whose first character is number `start`.

    Where spans overlap, the one that begins first wins, and a trigger before a party that begins with it.
    """
    if words is None:
        return Markup("<i>The words are not kept: the source's text policy forbids it.</i>")
    spans = sorted(
        {
            (mention[f"{part}_start"] - start, -len(mention[f"{part}_text"]), rank, part)
            for mention in mentions
            for rank, part in enumerate(("trigger", "source", "target"))
            if mention[f"{part}_start"] is not None and mention[f"{part}_text"] is not None
        },
        key=lambda span: (span[0], span[2]),
    )
    out, at = Markup(), 0
    for begin, minus_length, _, part in spans:
        end = begin - minus_length
        if begin < at or end > len(words):
            continue
        out += escape(words[at:begin]) + Markup('<mark class="{}">{}</mark>').format(part, words[begin:end])
        at = end
    return (out + escape(words[at:])).replace("\n", Markup("</p><p>"))
