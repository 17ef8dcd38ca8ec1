"""Load the outer predicates ("agree to", "cancel", "call for") and the algebra that joins them with an inner reading.

outer.tsv      words pos class inner example reads: which word is of which class, and where the inner act stands
compose.tsv    class inner type modes modality source target: what outer class and inner type gives
modes.tsv      map inner mode gives cameo: how the inner act decides the mode of the result
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import get_args

from dateline.annotate.events.frames import MODES, TYPES, alternatives
from dateline.annotate.events.tables import Row, rows_of
from dateline.types import Modality

MODALITIES = tuple(get_args(Modality))
KEEP = "="
UNREAD = "none"  # the inner act of a bare rule: a complement that no frame reads
SOURCES = frozenset({"outer", "inner"})
TARGETS = frozenset({"inner", "inner.source", "asked", "outer", "outer.subject"})


@dataclass(frozen=True, slots=True)
class Outer:
    """Be a predicate that takes an act and makes another act of it."""

    words: tuple[str, ...]
    pos: str
    cls: str
    inner: tuple[str, ...]  # comp, obj, subj, or a preposition, tried in order
    example: str
    reads: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Say what a class of outer predicates makes of an inner act."""

    cls: str
    inner: frozenset[str]
    event_type: str  # or KEEP
    modes: str  # KEEP, "" or a map
    cameo: str  # KEEP or a code
    modality: str  # of the result; KEEP leaves the inner one
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ModeRule:
    """Say which mode and CAMEO code an inner act gives the outer one."""

    mode: str | None
    cameo: str


@cache
def outers() -> tuple[Outer, ...]:
    """Load the outer predicates. Raises RulesError where a line is wrong."""
    known = {rule.cls for rule in rules()} | {"fulfil"}
    found = []
    for row in rows_of("outer.tsv", ("words", "pos", "class", "inner", "example", "reads")):
        if row["class"] not in known:
            raise row.wrong(f"compose.tsv has no class {row['class']!r}")
        if row["pos"] not in {"verb", "noun", "adj"}:
            raise row.wrong(f"part of speech must be verb, noun or adj, not {row['pos']!r}")
        for words in alternatives(row):
            found.append(  # noqa: PERF401
                Outer(
                    words,
                    row["pos"],
                    row["class"],
                    tuple(row["inner"].split(",")),
                    row["example"],
                    row["reads"],
                    row.line,
                )
            )
    return tuple(found)


@cache
def outers_of() -> dict[tuple[str, str], tuple[Outer, ...]]:
    """Return the outer predicates by first word and part of speech, those with more words first."""
    index: dict[tuple[str, str], list[Outer]] = {}
    for outer in outers():
        index.setdefault((outer.words[0], outer.pos), []).append(outer)
    return {key: tuple(sorted(group, key=lambda o: -len(o.words))) for key, group in index.items()}


@cache
def rules() -> tuple[Rule, ...]:
    """Load the algebra."""
    return tuple(
        _rule(row)
        for row in rows_of("compose.tsv", ("class", "inner", "type", "modes", "cameo", "modality", "source", "target"))
    )


def _rule(row: Row) -> Rule:
    inner = frozenset(TYPES if row["inner"] == "*" else row["inner"].split("|"))
    if inner - {*TYPES, UNREAD}:
        raise row.wrong(f"no such type: {', '.join(sorted(inner - set(TYPES)))}")
    if row["type"] != KEEP and row["type"] not in TYPES:
        raise row.wrong(f"no such type: {row['type']}")
    if row["modality"] != KEEP and row["modality"] not in MODALITIES:
        raise row.wrong(f"no such modality: {row['modality']}")
    if row["source"] not in SOURCES or row["target"] not in TARGETS:
        raise row.wrong("source must be outer or inner; target one of " + ", ".join(sorted(TARGETS)))
    return Rule(
        row["class"], inner, row["type"], row["modes"], row["cameo"], row["modality"], row["source"], row["target"]
    )


def rule_for(cls: str, event_type: str) -> Rule | None:
    """Return the first rule of a class that takes such an inner act."""
    return _rule_index().get((cls, event_type))


@cache
def _rule_index() -> dict[tuple[str, str], Rule]:
    index: dict[tuple[str, str], Rule] = {}
    for rule in rules():
        for event_type in rule.inner:
            index.setdefault((rule.cls, event_type), rule)
    return index


@cache
def mode_maps() -> dict[tuple[str, str, str], ModeRule]:
    """Return (map, inner type, inner mode or "*") → mode and CAMEO code."""
    index: dict[tuple[str, str, str], ModeRule] = {}
    for row in rows_of("modes.tsv", ("map", "inner", "mode", "gives", "cameo")):
        if row["gives"] and row["gives"] not in frozenset().union(*MODES.values()):
            raise row.wrong(f"no such mode: {row['gives']}")
        for inner in TYPES if row["inner"] == "*" else row["inner"].split("|"):
            for mode in row["mode"].split("|"):
                index.setdefault((row["map"], inner, mode), ModeRule(row["gives"] or None, row["cameo"]))
    return index


def mapped_mode(name: str, event_type: str, mode: str | None) -> ModeRule | None:
    """Return what a map makes of an inner type and mode."""
    maps = mode_maps()
    return maps.get((name, event_type, mode or "*")) or maps.get((name, event_type, "*"))
