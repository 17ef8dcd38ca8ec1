"""What outer predicates make of the acts inside them, on sentences of our own: each row must be read as it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from dateline.annotate.events.frames import TYPES
from dateline.annotate.layers import layers_of
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)

TABLE = Path(__file__).parent / "data" / "composition.tsv"


@dataclass(frozen=True)
class Wanted:
    event_type: str
    modality: str
    negated: bool
    source: str
    target: str
    absent: bool


def wanted(cell):
    """Read `TYPE [modality] [negated]: SOURCE > TARGET`, `not TYPE` or `nothing`, several by ` ; `."""
    for part in cell.split(" ; "):
        head, _, sides = part.strip().partition(":")
        words = head.split()
        if words == ["nothing"]:
            yield from (Wanted(name, "asserted", False, "-", "-", True) for name in TYPES)
            continue
        absent = words[0] == "not"
        kind, *rest = words[absent:]
        assert kind in TYPES, cell
        modality = next((word for word in rest if word != "negated"), "asserted")
        source, _, target = (side.strip() for side in (sides or "- > -").partition(">"))
        yield Wanted(kind, modality, "negated" in rest, source, target, absent)


def rows():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "class\t")):
            yield line.split("\t")


def fits(want, event):
    def side(name, party):
        return name == "-" or (party is not None and name in party.text)

    return (
        (event.event_type, event.modality, event.negated) == (want.event_type, want.modality, want.negated)
        and side(want.source, event.source)
        and side(want.target, event.target)
    )


@pytest.mark.parametrize(("sentence", "reads"), [(sentence, reads) for _, sentence, reads in rows()])
def test_composition(event_nlp, sentence, reads):  # noqa: F811
    events = layers_of(event_nlp(sentence)).events
    shown = [
        (e.event_type, e.modality, e.negated, e.source and e.source.text, e.target and e.target.text) for e in events
    ]
    for want in wanted(reads):
        assert any(fits(want, event) for event in events) != want.absent, (want, shown)
