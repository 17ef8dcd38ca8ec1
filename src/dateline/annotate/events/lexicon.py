"""Give the lemma of a token, for the words that our tables know."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc, Token

from dateline.annotate.events.forms import form_table, noun_forms
from dateline.annotate.events.frames import frames
from dateline.annotate.events.outer import outers
from dateline.annotate.events.tables import classes

_LOWERS = "dateline_lowers"
PARTICLES = frozenset({"out", "up", "in", "off", "back", "down", "over", "away"})  # of "pull-out", "build-up"
HYPHENS = frozenset("-‐‑–")  # noqa: RUF001 (the hyphens that texts use)


@cache
def verb_table() -> dict[str, str]:
    """Return form → lemma of every verb in frames and compositions."""
    lemmas = dict.fromkeys(frame.words[0] for frame in frames() if frame.pos == "verb")
    lemmas |= dict.fromkeys(outer.words[0] for outer in outers() if outer.pos == "verb")
    return form_table(lemmas)


@cache
def noun_table() -> dict[str, str]:
    """Return form → lemma of every noun in frames, compositions and classes."""
    lemmas = {frame.words[0] for frame in frames() if frame.pos == "noun"}
    lemmas |= {outer.words[0] for outer in outers() if outer.pos == "noun"}
    lemmas |= {word for frame in frames() for need in frame.needs for word in need.words or () if word.islower()}
    lemmas |= {word for frame in frames() if frame.pos == "verb" for word in frame.words[1:]}
    lemmas = lemmas.union(*classes().values())
    table: dict[str, str] = {}
    for lemma in sorted(
        lemmas, key=lambda word: (len(word), word)
    ):  # "talks" is a form of "talk", although it stands in a class
        for form in noun_forms(lemma):
            table.setdefault(form, lemma)
    return table


@cache
def after_hyphens() -> frozenset[str]:
    """Return the last parts of the hyphened forms that the tables know: "fire" of "cease-fire", "operated" of "co-operated"."""
    known = (form.rpartition("-")[2] for table in (noun_table(), verb_table()) for form in table if "-" in form)
    return PARTICLES.union(known)


def joined(token: Token) -> str | None:
    """Return the form that the tokenizer split at a hyphen: "co-operated", and "pullout" where "pull-out" is not known."""
    form = token.lower_
    if form in after_hyphens() and token.i > 1 and token.nbor(-1).text in HYPHENS and not token.nbor(-2).whitespace_:
        first = token.nbor(-2).lower_
        closed = first + form
        return closed if closed in noun_table() or closed in verb_table() else f"{first}-{form}"
    return None


def lowers(doc: Doc) -> list[str]:
    """Return the words of a text in lower case, put together once."""
    known: list[str] | None = doc.user_data.get(_LOWERS)
    if known is None:
        known = doc.user_data[_LOWERS] = [token.lower_ for token in doc]
    return known


def verb_lemma(token: Token) -> str:
    """Return the verb lemma of a token, or its lower form."""
    form, table = token.lower_, verb_table()
    if (whole := joined(token)) is not None and whole in table:
        return table[whole]
    return table.get(form, form)


def noun_lemma(token: Token) -> str:
    """Return the noun lemma of a token, or its lower form; the tokenizer splits "cease-fire", which is put together again."""
    form, table = token.lower_, noun_table()
    if (whole := joined(token)) is not None and whole in table:
        return table[whole]
    return table.get(form, form)
