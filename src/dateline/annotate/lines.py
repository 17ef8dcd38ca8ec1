"""Open the filters `dateline annotate`, `dateline relate` and `dateline resolve-actors` (FILTERS.md).

`own_actors` is a folder with the user's own actors, which stand beside ours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from dateline.errors import AnnotateError, DatelineError
from dateline.types import TextInput

Line = dict[str, Any]
BatchFunction = Callable[[list[Line]], list[Line]]
T = TypeVar("T")


def open_annotate(own_actors: Path | None = None) -> BatchFunction:
    """Load the pipeline once; answer batches of texts with all that is read in them."""
    from dateline.annotate.coding import annotate_texts
    from dateline.annotate.nlp import load_nlp
    from dateline.annotate.records import to_json

    nlp = load_nlp(own_actors=own_actors)

    def answer(lines: list[Line]) -> list[Line]:
        items = [_each(text_input, line) for line in lines]
        texts = [item for item in items if isinstance(item, TextInput)]
        done = iter(annotate_texts(nlp, texts))
        return [
            _line(line, item if isinstance(item, DatelineError) else next(done)[1], to_json)
            for line, item in zip(lines, items, strict=True)
        ]

    return answer


def open_relate(own_actors: Path | None = None) -> BatchFunction:
    """Load the pipeline once; answer what each text says that its source did to its target."""
    from dateline.annotate.nlp import load_nlp
    from dateline.annotate.relate import relate_lines

    nlp = load_nlp(own_actors=own_actors)

    def answer(lines: list[Line]) -> list[Line]:
        items = [_each(_relate_input, line) for line in lines]
        good = [item for item in items if not isinstance(item, DatelineError)]
        done = iter(relate_lines(nlp, good))
        return [
            _error(line, item) if isinstance(item, DatelineError) else next(done)
            for line, item in zip(lines, items, strict=True)
        ]

    return answer


def open_resolve_actors(own_actors: Path | None = None) -> BatchFunction:
    """Load the registry once; answer who each phrase means."""
    from dateline.annotate.actors import resolve_phrase
    from dateline.annotate.records import to_json

    def resolve(line: Line) -> Line:
        phrase = _text(line, "phrase")
        on = parse_published(line.get("date"))
        context = line.get("context")
        found = resolve_phrase(
            phrase,
            date=on.date() if isinstance(on, datetime) else on,
            context=context if isinstance(context, str) else None,
            extra=own_actors,
        )
        return {
            "id": line.get("id"),
            "actor": to_json(found.actor),
            "country": found.actor.country if found.actor else None,
            "sectors": list(found.actor.sectors) if found.actor else [],
            "reason": found.reason,
        }

    def answer(lines: list[Line]) -> list[Line]:
        return [
            _error(line, done) if isinstance(done, DatelineError) else done
            for line, done in ((line, _each(resolve, line)) for line in lines)
        ]

    return answer


def text_input(line: Line) -> TextInput:
    """Read an input line of `dateline annotate`. Raises AnnotateError saying which field is wrong."""
    language, title = line.get("language"), line.get("title")
    return TextInput(
        id=str(line.get("id")),
        text=_text(line, "text"),
        title=title if isinstance(title, str) else None,
        published=parse_published(line.get("published_at")),
        language=language if isinstance(language, str) and language else None,
    )


def parse_published(value: object) -> date | datetime | None:
    """Read an ISO 8601 date or date-time, keeping the offset it was written with. Raises AnnotateError."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise AnnotateError(f"a date is text in ISO 8601, not {type(value).__name__}", code="bad_date")
    try:
        return date.fromisoformat(value) if "T" not in value and " " not in value else datetime.fromisoformat(value)
    except ValueError as error:
        raise AnnotateError(f"{value!r} is no ISO 8601 date or date-time", code="bad_date") from error


def _relate_input(line: Line) -> Line:
    """Check an input line of `dateline relate`."""
    text = _text(line, "text")
    for side in ("source", "target"):
        span = line.get(side)
        if span is None:
            continue
        fits = isinstance(span, dict) and all(type(span.get(end)) is int for end in ("start", "end"))
        if not fits or not 0 <= span["start"] < span["end"] <= len(text):
            raise AnnotateError(f"{side} is not a stretch of the text: {span!r}", code="bad_span")
    return {**line, "published": parse_published(line.get("published_at"))}


def _text(line: Line, name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise AnnotateError(f"the line has no {name!r} that is text", code="bad_line")
    return value


def _each(work: Callable[[Line], T], line: Line) -> T | DatelineError:
    """Do one line's work; its own error is its answer."""
    try:
        return work(line)
    except DatelineError as error:
        return error


def _line(line: Line, answer: object, to_json: Callable[[Any], Any]) -> Line:
    if isinstance(answer, DatelineError):
        return _error(line, answer)
    found: Line = to_json(answer)
    return {**found, "id": line.get("id")}


def _error(line: Line, error: DatelineError) -> Line:
    return {"id": line.get("id"), "error": {"code": error.code, "message": error.message}}
