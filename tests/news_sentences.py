"""Read the tables of sentences as newspapers write them, and count what of them the coder reads.

`python -m tests.news_sentences [TYPE|FILE ...] [--list]` shows the shares; the format is in tests/data/news/README.md.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dateline.annotate.events.frames import MODES, TYPES
from dateline.annotate.events.tables import read_rows
from dateline.annotate.layers import layers_of
from tests.events_nlp import loaded
from tests.teaching import modality_of

NEWS = Path(__file__).parent / "data" / "news"
COLUMNS = ("sentence", "type", "mode", "modality", "trigger", "source", "target")
FLOORS = re.compile(r"# floors:((?: [a-z]+=[01]?\.\d+)+)")
MEASURES = frozenset({"read", "sides", "modes", "clean"})
BATCH = 64


@dataclass(frozen=True)
class Told:
    """Be one event that a sentence tells of; `event_type` is None where it tells of none."""

    table: str
    line: int
    sentence: str
    event_type: str | None
    mode: str
    modality: str
    negated: bool
    trigger: tuple[tuple[int, int], ...]  # wherever these words stand
    source: tuple[str, ...]
    target: tuple[str, ...]


@dataclass
class Shares:
    """Count what was read; `missed` holds the lines that were not, with what was coded instead."""

    wanted: int = 0
    read: int = 0
    sides: int = 0
    modes: int = 0  # lines read whose mode, where one is asked for, is right too
    none: int = 0
    clean: int = 0
    missed: list[tuple[str, Told, list]] = field(default_factory=list)
    others: Counter = field(default_factory=Counter)  # lines of other types: (type, whether read)

    def of(self, measure):
        whole = self.none if measure == "clean" else self.wanted
        return getattr(self, measure) / whole if whole else 1.0


def tables():
    """Return the tables, by name."""
    return sorted(NEWS.glob("*.tsv"))


def own_type(path):
    """Return the type whose shares a table is for; None: all, as in the tables that go through the alphabet."""
    return path.stem if path.stem in TYPES else None


def floors(path):
    """Return the shares that must be reached, as the table's first line says."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    if not (found := FLOORS.fullmatch(first.strip())):
        return {}
    named = dict(part.split("=") for part in found[1].split())
    assert named.keys() <= MEASURES, f"{path.name}: {first}"
    return {name: float(value) for name, value in named.items()}


def read_table(path):
    """Return the lines of a table. Raises RulesError where one is wrong."""
    found, seen = [], set()
    for row in read_rows(path.read_text(encoding="utf-8"), path.name, COLUMNS):
        told = _told(row)
        key = (told.sentence, told.event_type, told.modality, told.negated, told.trigger, told.source, told.target)
        if key in seen:
            raise row.wrong("stands twice")
        seen.add(key)
        found.append(told)
    return found


def _told(row):
    sentence, event_type, words = row["sentence"], row["type"] or None, row["trigger"]
    if event_type not in {None, *TYPES}:
        raise row.wrong(f"no type {event_type}")
    if row["mode"] and row["mode"] not in MODES.get(event_type or "", ()):
        raise row.wrong(f"{event_type} has no mode {row['mode']}")
    modality, negated = modality_of(row) if row["modality"] else ("asserted", False)
    if event_type and not words:
        raise row.wrong("an event needs its trigger")
    for name in ("trigger", "source", "target"):
        wrong = [part for part in row[name].split("|") if part.casefold() not in sentence.casefold()]
        if row[name] and wrong:
            raise row.wrong(f"the sentence has no {wrong[0]!r} ({name})")
    places = tuple(m.span() for m in re.finditer(re.escape(words.casefold()), sentence.casefold())) if words else ()
    return Told(
        row.table, row.line, sentence, event_type, row["mode"], modality, negated, places,
        _sides(row["source"]), _sides(row["target"]),
    )  # fmt: skip


def _sides(cell):
    return tuple(part.casefold() for part in cell.split("|") if part)


def measure(lines, own, nlp):
    """Have the coder read the lines; `own` is the type whose shares are wanted (None: all)."""
    shares = Shares()
    sentences = list(dict.fromkeys(told.sentence for told in lines))
    events = {
        text: layers_of(doc).events
        for text, doc in zip(sentences, nlp.pipe(sentences, batch_size=BATCH), strict=True)
    }  # fmt: skip
    for told in lines:
        _count(shares, told, events[told.sentence], own)
    return shares


def _count(shares, told, events, own):
    if told.event_type is None:
        coded = [e for e in events if e.modality == "asserted" and not e.negated and _touches(told, e)]
        shares.none += 1
        shares.clean += not coded
        if coded:
            shares.missed.append(("CODED", told, coded))
        return
    read = [e for e in events if _touches(told, e) and _is_read(told, e)]
    whole = [e for e in read if _stands(told.source, e.source) and _stands(told.target, e.target)]
    if own not in {None, told.event_type}:
        shares.others[told.event_type, bool(read)] += 1
        kinds = "OTHER"
    else:
        shares.wanted += 1
        shares.read += bool(read)
        shares.sides += bool(whole)
        shares.modes += any(e.mode == told.mode or not told.mode for e in read)
        kinds = "SIDES" if read else "MISSED"
    if not whole:
        shares.missed.append((kinds, told, events))


def _touches(told, event):
    return not told.trigger or any(
        event.trigger.start < end and start < event.trigger.end for start, end in told.trigger
    )


def _is_read(told, event):
    return (event.event_type, event.modality, event.negated) == (told.event_type, told.modality, told.negated)


def _stands(wanted, party):
    return not wanted or (party is not None and any(words in party.text.casefold() for words in wanted))


def shown(event):
    """Return one line that says how an event was read."""
    sides = " > ".join(party.text if party else "-" for party in (event.source, event.target))
    status = event.modality + (" negated" if event.negated else "")
    return f"{event.event_type}/{event.mode or ''} {status} “{event.trigger.text}” {sides} ({event.frame})"


def main(*arguments):
    """Show the shares of the tables named (all without a name), with `--list` also what is missed."""
    names = [name for name in arguments if not name.startswith("-")]
    for path in [NEWS / f"{name}.tsv" if name in TYPES else Path(name) for name in names] or tables():
        shares = measure(read_table(path), own_type(path), loaded())
        if "--list" in arguments:
            for kind, told, events in shares.missed:
                sys.stdout.write(f"{kind} {told.line}: {told.sentence}\n   want {_wanted(told)}\n")
                sys.stdout.writelines(f"   got  {shown(event)}\n" for event in events)
        others = sum(count for (_, read), count in shares.others.items() if read), shares.others.total()
        sys.stdout.write(
            f"{path.stem}: read {shares.read}/{shares.wanted} = {shares.of('read'):.3f}, sides {shares.of('sides'):.3f}, "
            f"modes {shares.of('modes'):.3f}, "
            f"clean {shares.clean}/{shares.none}, others {others[0]}/{others[1]}\n"
        )


def _wanted(told):
    words = [told.sentence[start:end] for start, end in told.trigger[:1]]
    status = told.modality + (" negated" if told.negated else "")
    sides = " > ".join("|".join(side) or "-" for side in (told.source, told.target))
    return f"{told.event_type}/{told.mode} {status} “{''.join(words)}” {sides}"


if __name__ == "__main__":
    main(*sys.argv[1:])
