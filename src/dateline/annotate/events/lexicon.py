"""Give the lemma of a token, for the words that our tables know."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc, Token

from dateline.annotate.events.forms import form_table, noun_forms
from dateline.annotate.events.frames import frames
from dateline.annotate.events.outer import outers
from dateline.annotate.events.tables import classes

_LOWERS, _LEMMAS, _HYPHENED = "dateline_lowers", "dateline_lemmas", "dateline_hyphened"
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


def hyphened(doc: Doc) -> dict[int, str]:
    """Return the forms that the tokenizer split at a hyphen, by where their last part stands, put together once.

    "co-operated", and "pullout" where "pull-out" is not known.
    """
    known: dict[int, str] | None = doc.user_data.get(_HYPHENED)
    if known is None:
        forms, split = lowers(doc), after_hyphens()
        known = doc.user_data[_HYPHENED] = {
            at: _whole(forms[at - 2], form)
            for at, form in enumerate(forms)
            if form in split and at > 1 and forms[at - 1] in HYPHENS and not doc[at - 2].whitespace_
        }
    return known


def _whole(first: str, last: str) -> str:
    closed = first + last
    return closed if closed in noun_table() or closed in verb_table() else f"{first}-{last}"


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
    forms, tables = lowers(doc), (noun_table(), verb_table())
    lemmas = tuple([table.get(form, form) for form in forms] for table in tables)
    for at, whole in hyphened(doc).items():
        for table, column in zip(tables, lemmas, strict=True):
            column[at] = table.get(whole, column[at])
    nouns, verbs = lemmas
    doc.user_data[_LEMMAS] = nouns, verbs
    return nouns, verbs
