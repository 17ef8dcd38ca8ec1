"""Write the page that explains every event type, mode and context, each with a sentence that the coder reads so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dateline.annotate.events.contexts import words
from dateline.annotate.events.frames import MODES, Frame, frames
from dateline.annotate.events.tables import rows_of

SHOWN_WORDS = 8  # of a context


@cache
def meanings() -> dict[tuple[str, str | None], str]:
    """Return (type, mode or None) → what it means. Raises RulesError for an unknown or missing one."""
    found: dict[tuple[str, str | None], str] = {}
    row = None
    for row in rows_of("types.tsv", ("type", "mode", "meaning")):
        kind, mode = row["type"], row["mode"] or None
        if kind not in MODES or (mode is not None and mode not in MODES[kind]):
            raise row.wrong(f"no such type and mode: {kind} {mode or ''}".rstrip())
        if (kind, mode) in found or not row["meaning"]:
            raise row.wrong(f"{kind} {mode or ''} stands twice or says nothing")
        found[kind, mode] = row["meaning"]
    wanted = {(kind, mode) for kind, modes in MODES.items() for mode in (None, *modes)}
    if row is not None and wanted != set(found):
        missing = sorted(f"{kind} {mode or ''}".strip() for kind, mode in wanted - set(found))
        raise row.wrong(f"without a meaning: {', '.join(missing)}")
    return found


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join(
        [
            "# Event types, modes and contexts",
            "",
            "Written by `dateline frames codebook`: the meanings stand in `data/events/types.tsv`, the sentences are examples of the",
            "frames, and `dateline frames check` reads them all.",
            *_types(),
            "",
            "## Contexts",
            "",
            "Words of an event's sentence give its contexts; words of the sentences beside it count when two of them say the same.",
            "",
            "| context | among its words |",
            "|---|---|",
            *(f"| `{name}` | {', '.join(sorted(known)[:SHOWN_WORDS])} |" for name, known in sorted(_contexts().items())),
            "",
        ]
    )  # fmt: skip


def _types() -> Iterator[str]:
    known = meanings()
    for kind in MODES:
        yield from ("", f"## {kind}", "", f"{known[kind, None]}.", "", "| mode | meaning | sentence |", "|---|---|---|")
        for mode in (None, *(mode for type_, mode in known if type_ == kind and mode)):
            example = _example(kind, mode)
            if mode is None and example is None:
                continue
            name, meaning = (f"`{mode}`", known[kind, mode]) if mode else ("none", "no mode says how")
            yield f"| {name} | {meaning} | {example.example if example else 'no frame of its own'} |"


def _example(kind: str, mode: str | None) -> Frame | None:
    """Return the shortest example that is read as its row's own type and mode."""
    own = [f for f in frames() if f.event_type == kind and f.mode == mode and f.example and ":" not in f.reads]
    return min(own, key=lambda frame: (len(frame.example), frame.example), default=None)


def _contexts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, names in words().items():
        for name in names:
            found.setdefault(name, []).append(word)
    return found
