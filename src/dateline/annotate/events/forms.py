"""Tell a word's lemma from its form, for the lemmas that the tables name: rules of English, and a table of exceptions.

The pipeline has no lemmatizer: forms are made from lemmas once, and looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dateline.annotate.events.tables import rows_of

VOWELS = "aeiou"


@cache
def irregular_verbs() -> dict[str, tuple[str, ...]]:
    """Return the forms of verbs that rules do not make."""
    return {row["lemma"]: tuple(row["forms"].split()) for row in rows_of("irregular_verbs.tsv", ("lemma", "forms"))}


@cache
def irregular_nouns() -> dict[str, str]:
    """Return plurals that rules do not make."""
    return {row["lemma"]: row["plural"] for row in rows_of("irregular_nouns.tsv", ("lemma", "plural"))}


def _with_s(lemma: str) -> str:
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return lemma[:-1] + "ies"
    if lemma.endswith("o"):
        return lemma + "es"
    return lemma + "s"


def verb_forms(lemma: str) -> set[str]:
    """Return all forms of a verb; doubtful consonant doubling gives both, since a form that nobody writes harms nobody."""
    forms = {lemma, _with_s(lemma)}
    if lemma.endswith("ie"):
        stems, ing = [lemma + "d"], [lemma[:-2] + "ying"]
    elif lemma.endswith("e"):
        stems, ing = [lemma + "d"], [lemma[:-1] + "ing", lemma + "ing"]
    elif lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        stems, ing = [lemma[:-1] + "ied"], [lemma + "ing"]
    else:
        stems, ing = [lemma + "ed"], [lemma + "ing"]
        if lemma[-1] not in VOWELS + "wxy" and lemma[-2:-1] in VOWELS:
            stems.append(lemma + lemma[-1] + "ed")
            ing.append(lemma + lemma[-1] + "ing")
    if lemma.endswith("c"):
        stems.append(lemma + "ked")
        ing.append(lemma + "king")
    forms.update(ing)
    forms.update(irregular_verbs().get(lemma, ()) or stems)
    return forms


def noun_forms(lemma: str) -> set[str]:
    """Return singular and plural of a noun."""
    men = lemma.removesuffix("man") + "men" if lemma.endswith("man") else None
    return {lemma, irregular_nouns().get(lemma) or men or _with_s(lemma), lemma + "s"}


def form_table(lemmas: Iterable[str]) -> dict[str, str]:
    """Map every form of some verbs to its lemma; where two lemmas share one, the lemma that is the form itself, then the first."""
    table: dict[str, str] = {}
    for lemma in lemmas:
        for form in verb_forms(lemma):
            if form == lemma or form not in table:
                table[form] = lemma
    return table
