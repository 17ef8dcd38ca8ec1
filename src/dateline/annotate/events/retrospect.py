"""Say what looks back for itself: texts that tell of old times alone, and clauses that another one came years after."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from spacy.tokens import Doc, Token

from dateline.annotate.events import syntax
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.tables import classes
from dateline.annotate.times.spans import days_of
from dateline.types import TimeMention

HISTORY_DAYS = 180  # what was longer ago is not today's event
RECENT, AHEAD = timedelta(60), timedelta(30)  # a day so near publication makes a text news
LONGEST = timedelta(31)  # a longer time names no day or month
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
LOOSE = frozenset(
    {"the", "a", "an", "that", "each", "every"}
)  # "on a Saturday", "the Thursday": no day near publication
OLD_TIMES = 2  # years named that make a text without a day of its own look back
ENOUGH = 4  # sentences: fewer are no text
LONG_UNITS = frozenset({"years", "year", "decades", "decade", "generation", "generations", "centuries", "century"})
AFTER = frozenset({"after", "since"})
STEPS = 4
UNDER = frozenset({"under", "in"})  # whose terms
COUPS = frozenset({"coup", "putsch", "mutiny", "uprising", "revolt", "war", "massacre", "revolution"})


def is_retrospective(
    times: Iterable[tuple[int, TimeMention]], doc: Doc, published: date | None, sentences: int
) -> bool:
    """Say whether a text names years long past and no day near its publication."""
    if published is None or sentences < ENOUGH:
        return False
    old: set[str] = set()
    for at, mention in times:
        start, end = mention.from_, mention.to or mention.from_
        if start is None or end is None:
            continue
        if (published - end).days > HISTORY_DAYS:
            old.update(YEAR.findall(mention.text))
        elif -AHEAD <= published - end <= RECENT and end - start <= LONGEST and not _is_loose(doc, at):
            return False
    return len(old) >= OLD_TIMES


def _is_loose(doc: Doc, at: int) -> bool:
    return doc[at].lower_ in LOOSE or (at > 0 and doc[at - 1].lower_ in LOOSE)


def is_years_before(clause: Token | None) -> bool:
    """Say whether a clause or an act noun is what another one came years after: "three years after soldiers caught him"."""
    at = clause
    for _ in range(STEPS):
        if at is None:
            return False
        if at.dep_ in {"advcl", "ccomp"}:
            mark = next((c for c in at.lefts if c.lower_ in AFTER and c.dep_ in {"mark", "prep", "advmod"}), None)
            if mark is not None:
                return _counts_years(mark, at)
        if at.dep_ in {"pcomp", "pobj"} and at.head.lower_ in AFTER:
            return _counts_years(at.head, at)
        if at.dep_ not in {"conj", "xcomp"} or at.head.i == at.i:
            return False
        at = at.head
    return False


def _counts_years(mark: Token, clause: Token) -> bool:
    """Say whether years are counted from there on: "three years after", "ruled it for 17 years after"."""
    if mark.i and mark.nbor(-1).lower_ in LONG_UNITS:
        return True
    outer = mark.head if clause.i == mark.head.i or mark.dep_ == "prep" else clause.head
    outer = outer.head if outer.i == clause.i else outer
    if not syntax.is_verb(outer):
        return False
    spans = [n for c in outer.children if c.dep_ == "prep" and c.lower_ == "for" for n in c.children]
    return any(n.lower_ in LONG_UNITS for n in spans)


def terms_of(verb: Token) -> Token | None:
    """Return when the paper was made by whose terms something was done: "under an accord signed in 2020, it agreed"."""
    papers = (n for c in verb.lefts if c.dep_ == "prep" and c.lower_ in UNDER for n in c.children if n.dep_ == "pobj")
    return next((c for n in papers for c in n.rights if c.dep_ == "acl" and c.tag_ == "VBN"), None)


def is_deed(noun: Token) -> bool:
    """Say whether a noun names what is done: "led the coup of 2021" dates whoever led it."""
    return noun_lemma(noun) in classes()["attacks"] or noun.lower_ in COUPS or syntax.is_verb(noun)


def in_itself(mention: TimeMention) -> TimeMention:
    """Return the time that "since" counts from, alone: "the worst since 2008, when gunmen killed"."""
    days = days_of(mention.value)
    return replace(mention, from_=days[0], to=days[1]) if days is not None else mention
