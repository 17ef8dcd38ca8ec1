"""Give the lemma of a token, for the words that our tables know."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc, Token

from dateline.annotate.events.forms import form_table, noun_forms
from dateline.annotate.events.frames import frames
from dateline.annotate.events.outer import outers
from dateline.annotate.events.tables import classes

_LOWERS, _LEMMAS = "dateline_lowers", "dateline_lemmas"
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
    return _lemmas(token.doc)[1][token.i]


def noun_lemma(token: Token) -> str:
    """Return the noun lemma of a token, or its lower form; the tokenizer splits "cease-fire", which is put together again."""
    return _lemmas(token.doc)[0][token.i]


def _lemmas(doc: Doc) -> tuple[list[str], list[str]]:
    """Return the noun and the verb lemma of each token, looked up once."""
    known: tuple[list[str], list[str]] | None = doc.user_data.get(_LEMMAS)
    if known is not None:
        return known
    forms, tables, split = lowers(doc), (noun_table(), verb_table()), after_hyphens()
    lemmas = tuple([table.get(form, form) for form in forms] for table in tables)
    for at, form in enumerate(forms):
        if form in split and forms[at - 1] in HYPHENS and (whole := joined(doc[at])) is not None:
            for table, column in zip(tables, lemmas, strict=True):
                column[at] = table.get(whole, column[at])
    nouns, verbs = lemmas
    doc.user_data[_LEMMAS] = nouns, verbs
    return nouns, verbs
