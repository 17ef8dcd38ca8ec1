"""Load the words that judge ("barbaric", "a step forward", "to blame") and the verbs that give judgements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from dateline.annotate.events.forms import form_table, noun_forms
from dateline.annotate.events.tables import data_text, read_rows

TABLE: Final = "judgements.tsv"
MEANING: Final = {  # stance → type, mode, CAMEO code
    "bad": ("ACCUSE", "disapprove", "111"),
    "good": ("SUPPORT", None, "051"),
    "untrue": ("REJECT", None, "120"),
    "guilty": ("ACCUSE", "allege", "112"),
    "refused": ("REJECT", None, "120"),
    "upset": ("ACCUSE", "disapprove", "111"),
    "pleased": ("SUPPORT", None, "051"),
}
PARTS: Final = {
    "verb": frozenset({"calls", "as", "of", "be"}), "link": frozenset({"deed", "kind", "misfortune", "refusable", "baseless", "bargained", "view"}),
} | dict.fromkeys(MEANING, frozenset({"adj", "noun", "person"}))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgements:
    """Hold the words that judge, by part of speech, and those that give judgements, by form."""

    adj: dict[str, str]  # word → stance
    noun: dict[str, str]  # form → stance
    person: dict[str, str]
    copulas: frozenset[str]  # forms of "be"
    calls: frozenset[str]  # forms of verbs
    described: frozenset[str]
    spoke: frozenset[str]
    deeds: frozenset[str]  # forms of nouns
    kinds: frozenset[str]
    misfortunes: frozenset[str]
    refusable: frozenset[str]
    baseless: frozenset[str]  # what a claim may be without
    bargained: frozenset[str]  # what something is not up for
    views: frozenset[str]


@cache
def judgements() -> Judgements:
    """Load the table. Raises RulesError where a line is wrong."""
    return parse_judgements(data_text("events", TABLE))


def parse_judgements(text: str) -> Judgements:
    """Read the table from its text. Raises RulesError where a line is wrong."""
    stances: dict[str, dict[str, str]] = {"adj": {}, "noun": {}, "person": {}}
    others: dict[str, frozenset[str]] = {}
    for row in read_rows(text, TABLE, ("stance", "pos", "words")):
        parts = PARTS.get(row["stance"])
        if parts is None:
            raise row.wrong(f"stance must be one of {', '.join(sorted(PARTS))}, not {row['stance']!r}")
        if row["pos"] not in parts:
            raise row.wrong(
                f"part of speech of {row['stance']} must be one of {', '.join(sorted(parts))}, not {row['pos']!r}"
            )
        words = row["words"].split()
        if not words:
            raise row.wrong("no word")
        if row["stance"] == "verb":
            others[row["pos"]] = frozenset(words if row["pos"] == "be" else form_table(dict.fromkeys(words)))
        elif row["stance"] == "link":
            others[row["pos"]] = frozenset(form for word in words for form in (word, *noun_forms(word)))
        else:
            table = stances[row["pos"]]
            for word in words:
                for form in (word,) if row["pos"] == "adj" else (word, *noun_forms(word)):
                    table.setdefault(form, row["stance"])
    return Judgements(
        stances["adj"], stances["noun"], stances["person"],
        others["be"], others["calls"], others["as"], others["of"], others["deed"], others["kind"], others["misfortune"],
        others["refusable"], others["baseless"], others["bargained"], others["view"],
    )  # fmt: skip


@cache
def judging_forms() -> frozenset[str]:
    """Return the forms of verbs that may carry a judgement."""
    known = judgements()
    return known.copulas | known.calls | known.described | known.spoke
