"""Read what to expect of every page, and keep the mechanical part of it in step with the content.

Beside each article stands a JSON file. A person writes its `events` (what happened, who, to whom; the trigger as text); the
rest (title, text, dates, offsets) follows from the article's own file and is written by `fill`. A test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from dateline.errors import RulesError
from dateline.stack.newsroom.content import HERE, load_outlets, load_pieces, load_specials
from dateline.stack.newsroom.markup import optional_text, running_text
from dateline.stack.newsroom.records import Event, ExpectedPage, Piece, Special
from dateline.stack.newsroom.state import base_url, read_state

EXPECTED = HERE / "expected"
STATUS = {"redirect": 301, "variant": 200, "missing": 404, "gone": 410, "front": 200}


def load_expected(where: Path | Mapping[str, int], *, shift_weeks: int | None = None) -> list[ExpectedPage]:
    """Read what to expect of every address, articles first.

    `where` is the state folder of a prepared newsroom, or outlet → port with `shift_weeks` (0: the dates as written).
    """
    if isinstance(where, Path):
        state = read_state(where)
        ports: Mapping[str, int] = state.ports
        weeks = state.shift_weeks if shift_weeks is None else shift_weeks
    else:
        ports, weeks = where, shift_weeks or 0
    by_id = {piece.id: _expected_piece(piece, ports, timedelta(weeks=weeks)) for piece in load_pieces()}
    specials = [_expected_special(special, ports, by_id) for special in load_specials()]
    return [*by_id.values(), *specials]


def read_expected(piece: Piece) -> dict[str, Any]:
    """Read the JSON beside one article. Raises RulesError where there is none, or it is not JSON."""
    path = EXPECTED / f"{piece.id}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RulesError("no expected result stands beside this article", table=piece.id) from error
    except ValueError as error:
        raise RulesError(f"not JSON: {error}", table=f"expected/{piece.id}.json") from error
    return found


def derive(piece: Piece) -> dict[str, Any]:
    """Give the part of an expected result that follows from the article's own file."""
    return {
        "id": piece.id,
        "outcome": piece.outcome,
        "kind": piece.kind,
        "canonical_path": piece.path,
        "title": piece.title,
        "standfirst": piece.standfirst,
        "authors": list(piece.authors),
        "published_at": piece.published.isoformat(),
        "modified_at": piece.modified.isoformat() if piece.modified else None,
        "current": piece.current,
        "language": piece.language,
        "section": piece.section,
        "captions": [caption.text for caption in piece.captions],
        "credits": [caption.credit for caption in piece.captions if caption.credit],
        "correction": piece.correction.note if piece.correction else None,
        "syndication": piece.syndication,
        "story": piece.story,
        "traits": sorted(piece.traits),
        "optional": list(optional_text(piece.body)),
        "text": running_text(piece.body),
    }


def locate(trigger: Mapping[str, Any], text: str, table: str) -> dict[str, Any]:
    """Find a trigger's offsets. Words that occur more than once need `occurrence` (1: the first)."""
    words, which = trigger["text"], trigger.get("occurrence")
    starts = [at for at in range(len(text)) if text.startswith(words, at)]
    if not starts:
        raise RulesError(f"the text does not say {words!r}", table=table)
    if len(starts) > 1 and which is None:
        raise RulesError(f"the text says {words!r} {len(starts)} times: which occurrence?", table=table)
    start = starts[(which or 1) - 1]
    kept = {} if which is None else {"occurrence": which}
    return {"start": start, "end": start + len(words), "text": words, **kept}


def fill() -> int:
    """Write the mechanical part of every expected result, and its offsets, anew. Return how many files changed."""
    changed = 0
    for piece in load_pieces():
        path = EXPECTED / f"{piece.id}.json"
        found, derived = read_expected(piece), derive(piece)
        events = [
            {**event, "trigger_within": locate(event["trigger_within"], derived["text"], piece.id)}
            for event in found["events"]
        ]
        wanted = json.dumps({**derived, "events": events}, ensure_ascii=False, indent=1) + "\n"
        if path.read_text(encoding="utf-8") != wanted:
            path.write_text(wanted, encoding="utf-8")
            changed += 1
    return changed


def shifted(moment: datetime, piece: Piece, shift: timedelta) -> datetime:
    """Give the moment at which a piece appears: current ones move with the newsroom's shift, the others stay."""
    return moment + shift if piece.current else moment


def _expected_piece(piece: Piece, ports: Mapping[str, int], shift: timedelta) -> ExpectedPage:
    found = read_expected(piece)
    url = base_url(ports, piece.outlet) + piece.path
    return ExpectedPage(
        id=piece.id,
        outlet=piece.outlet,
        url=url,
        status=200,
        outcome=found["outcome"],
        kind=piece.kind,
        title=found["title"],
        standfirst=found["standfirst"],
        authors=tuple(found["authors"]),
        published_at=shifted(datetime.fromisoformat(found["published_at"]), piece, shift),
        modified_at=shifted(datetime.fromisoformat(found["modified_at"]), piece, shift)
        if found["modified_at"]
        else None,
        canonical_url=base_url(ports, piece.outlet) + found["canonical_path"],
        language=found["language"],
        text=found["text"],
        captions=tuple(found["captions"]),
        credits=tuple(found["credits"]),
        optional=tuple(found["optional"]),
        correction=found["correction"],
        syndication=found["syndication"],
        story=found["story"],
        events=tuple(_shifted_event(event, shift) if piece.current else event for event in found["events"]),
        traits=frozenset(found["traits"]),
    )


def _expected_special(special: Special, ports: Mapping[str, int], by_id: Mapping[str, ExpectedPage]) -> ExpectedPage:
    if special.target and special.target not in by_id:
        raise RulesError(f"{special.id} leads to {special.target!r}, which is not there", table="outlets.toml")
    target = by_id[special.target] if special.target else None
    return ExpectedPage(
        id=special.id,
        outlet=special.outlet,
        url=base_url(ports, special.outlet) + special.path,
        status=STATUS[special.kind],
        outcome=special.outcome,
        kind=special.kind,
        title=special.title,
        canonical_url=target.url if target else None,
        language=load_outlets()[special.outlet].language,
        target=special.target,
    )


def _shifted_event(event: Event, shift: timedelta) -> Event:
    day = event["date"]
    if not day or not day.get("shifts"):
        return event
    moved = {end: (date.fromisoformat(day[end]) + shift).isoformat() for end in ("from", "to")}
    return {**event, "date": moved}
