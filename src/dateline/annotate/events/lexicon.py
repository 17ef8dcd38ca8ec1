"""Give the lemma of a token, for the words that our tables know."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from dateline.annotate.events.forms import form_table
from dateline.annotate.events.frames import frames
from dateline.annotate.events.outer import outers
from dateline.annotate.events.tables import classes


@cache
def verb_table() -> dict[str, str]:
    """Return form → lemma of every verb in frames and compositions."""
    lemmas = dict.fromkeys(frame.words[0] for frame in frames() if frame.pos == "verb")
    lemmas |= dict.fromkeys(outer.words[0] for outer in outers() if outer.pos == "verb")
    return form_table(lemmas, verb=True)


@cache
def noun_table() -> dict[str, str]:
    """Return form → lemma of every noun in frames, compositions and classes."""
    lemmas = dict.fromkeys(frame.words[0] for frame in frames() if frame.pos == "noun")
    lemmas |= dict.fromkeys(outer.words[0] for outer in outers() if outer.pos == "noun")
    for words in classes().values():
        lemmas |= dict.fromkeys(words)
    return form_table(lemmas, verb=False)


def verb_lemma(token: Token) -> str:
    """Return the verb lemma of a token, or its lower form."""
    form = token.lower_
    return verb_table().get(form, form)


def noun_lemma(token: Token) -> str:
    """Return the noun lemma of a token, or its lower form."""
    form = token.lower_
    return noun_table().get(form, form)
