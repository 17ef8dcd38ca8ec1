"""Read the table of verbs that give words to somebody."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dateline.errors import RulesError

TABLE, NOUNS = "cues.tsv", "nouns.tsv"
KINDS = frozenset({"clause", "quote", "name", "object", "order", "infinitive"})
VOWELS = "aeiou"
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Cue:
    """Say what a verb's content may be: see the head of cues.tsv's documentation in docs/."""

    lemma: str
    kinds: frozenset[str]
    prepositions: frozenset[str]


@cache
def load_cues() -> dict[str, Cue]:
    """Return the cue of every verb form, lower case. Raises RulesError, naming the line, where the table is wrong."""
    folder = files("dateline.annotate") / "data" / "quotes"
    return read_cues((folder / TABLE).read_text(encoding="utf-8"), table=TABLE)


def read_cues(text: str, *, table: str) -> dict[str, Cue]:
    """Read the table from its text."""
    forms: dict[str, Cue] = {}
    for line, cells in enumerate(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
        if line == 1 or not cells or cells[0].startswith("#"):
            continue
        if len(cells) != COLUMNS:
            raise RulesError(f"{len(cells)} columns where {COLUMNS} belong", table=table, line=line)
        lemma, kinds, prepositions, irregular = (cell.strip() for cell in cells)
        if unknown := set(kinds.split()) - KINDS:
            raise RulesError(f"unknown kind {', '.join(sorted(unknown))}", table=table, line=line)
        if not lemma or not kinds:
            raise RulesError("a cue needs a verb and a kind", table=table, line=line)
        cue = Cue(lemma, frozenset(kinds.split()), frozenset(prepositions.split()))
        for form in {lemma, *(irregular.split() or regular_forms(lemma))}:
            if form in forms:
                raise RulesError(f"{form!r} stands twice", table=table, line=line)
            forms[form] = cue
    return forms


def regular_forms(lemma: str) -> tuple[str, str, str]:
    """Return a regular verb's other forms (final consonants are not doubled: such verbs list their forms)."""
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2] not in VOWELS:
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"
    ending = "es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return f"{lemma}{ending}", f"{lemma}ed", f"{lemma}ing"


@cache
def load_nouns() -> dict[str, frozenset[str]]:
    """Return the nouns that give words to somebody, with the prepositions that hold these. Raises RulesError."""
    folder = files("dateline.annotate") / "data" / "quotes"
    return read_nouns((folder / NOUNS).read_text(encoding="utf-8"), table=NOUNS)


def read_nouns(text: str, *, table: str) -> dict[str, frozenset[str]]:
    """Read the table from its text."""
    found: dict[str, frozenset[str]] = {}
    for line, row in enumerate(text.splitlines(), start=1):
        if line == 1 or not row or row.startswith("#"):
            continue
        noun, tab, prepositions = row.partition("\t")
        if not tab or not noun.isalpha():
            raise RulesError("a noun, a tab and its prepositions belong here", table=table, line=line)
        if noun in found:
            raise RulesError(f"{noun!r} stands twice", table=table, line=line)
        found[noun] = frozenset(prepositions.split(",")) - {""}
    return found
