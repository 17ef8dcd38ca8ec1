"""Read the tables of sentences that teach the second reader (tests/data/teaching/README.md)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from dateline.annotate.events.frames import TYPES
from dateline.annotate.events.outer import MODALITIES
from dateline.annotate.events.tables import read_rows

TEACHING = Path(__file__).parent / "data" / "teaching"
COLUMNS = ("sentence", "type", "modality", "trigger", "source", "target")
TOGETHER = " + "  # between parties that act together


def taught():
    """Return the lines of tests/data/teaching by their sentence. Raises RulesError where one is wrong."""
    found = defaultdict(list)
    for path in sorted(TEACHING.glob("*.tsv")):
        for row in read_rows(path.read_text(encoding="utf-8"), path.name, COLUMNS):
            check(row)
            found[row["sentence"]].append(row)
    return found


def check(row):
    """Check one line. Raises RulesError where it is wrong."""
    sentence = row["sentence"].casefold()
    if not row["type"]:
        if any(row[name] for name in COLUMNS[2:]):
            raise row.wrong("a sentence without an event has nothing else")
        return
    if row["type"] not in TYPES:
        raise row.wrong(f"no type {row['type']}")
    modality_of(row)
    if sentence.count(row["trigger"].casefold()) != 1 or not row["trigger"]:
        raise row.wrong(f"the trigger {row['trigger']!r} must stand once in the sentence")
    for name in ("source", "target"):
        missing = [part for part in row[name].split(TOGETHER) if part.casefold() not in sentence]
        if missing:
            raise row.wrong(f"the sentence has no {missing[0]!r} ({name})")


def modality_of(row):
    """Return the modality of a line, such as "planned negated", and whether it is negated. Raises RulesError where it is none."""
    modality, _, negated = row["modality"].partition(" ")
    if modality not in MODALITIES or negated not in {"", "negated"}:
        raise row.wrong(f"no modality {row['modality']!r}")
    return modality, bool(negated)
