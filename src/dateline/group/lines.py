"""Offer grouping as the filter `dateline cluster` (FILTERS.md): reads all articles, then answers for each, in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from dateline.errors import DatelineError, GroupError
from dateline.group.batch import find_copies, find_stories
from dateline.group.copies import Signed
from dateline.group.signatures import sign

Line = dict[str, Any]


def cluster_lines(source: Iterable[str]) -> Iterator[Line]:
    """Yield one answer for each line of `source`, in order, after reading all of them. Keeps signatures, not texts.

    A line that is no JSON object, or has no text, is answered by an error line; the others go on.
    """
    faults: dict[int, Line] = {}
    given: list[Any] = []  # the lines' own ids
    signed: list[Signed] = []
    for number, raw in enumerate(source, start=1):
        position = len(given)
        given.append(None)
        line: Line = {}
        try:
            line = _read(raw, number)
            given[position] = line.get("id")
            signed.append(_sign(line, position))
        except DatelineError as error:
            place = {"id": line.get("id")} if line else {"id": None, "line": number}
            faults[position] = {**place, "error": {"code": error.code, "message": error.message}}
    decided = {decision.text: decision for decision in find_stories(find_copies(signed)).decisions}
    for position, id_ in enumerate(given):
        if position in faults:
            yield faults[position]
            continue
        decision = decided[position]
        yield {
            "id": id_,
            "duplicate_of": None if decision.duplicate_of is None else _name(given, decision.duplicate_of),
            "syndication_id": _name(given, decision.syndication_founder),
            "story_id": _name(given, decision.story_founder),
            "reason": decision.reason,
        }


def _name(given: list[Any], position: int) -> Any:
    """Name a group after its first article; an article without an id after its line."""
    return given[position] if given[position] is not None else f"line {position + 1}"


def _read(raw: str, number: int) -> Line:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise GroupError(f"line {number} is not JSON: {error}", code="bad_json") from error
    if not isinstance(line, dict):
        raise GroupError(f"line {number} is not a JSON object", code="bad_json")
    return line


def _sign(line: Line, position: int) -> Signed:
    text, title, language, id_ = (line.get(name) for name in ("text", "title", "language", "id"))
    if not isinstance(text, str):
        raise GroupError("line has no `text`", code="bad_line")
    return Signed(
        id=position,
        signature=sign(
            text,
            title=title if isinstance(title, str) else None,
            language=language if isinstance(language, str) else None,
        ),
        published=_published(line.get("published_at")),
        order=id_ if isinstance(id_, int | str) else position,
    )


def _published(value: Any) -> date | datetime | None:
    """Read a date or date-time as ISO 8601 has it. Raises GroupError `bad_date`."""
    if value is None or value == "":
        return None
    try:
        return datetime.fromisoformat(value) if len(value) > len("2018-08-24") else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GroupError(f"`published_at` is no ISO 8601 date: {value!r}", code="bad_date") from error
