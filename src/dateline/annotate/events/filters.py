"""Keep out what only sounds like an event: sport, fiction, make-believe, and acts that nobody who can act has done."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc, Span, Token

from dateline.annotate.events import syntax
from dateline.annotate.events.lexicon import lowers, noun_lemma, noun_table
from dateline.annotate.events.parties import acts, inner_actors
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.tables import classes

PLAY_WORDS = 2  # words that may be sport's, in one sentence
PAGE_WORDS, PAGE_SHARE, PAGE_TOKENS = 4, 40, 400  # of a sports page: at least so many, one in so many, of its beginning


def is_sports_page(doc: Doc) -> bool:
    """Say whether a text reads like a sports page: many words of play near its beginning."""
    words = classes()["sport"] | classes()["sport_only"]
    found = sum(1 for form in lowers(doc)[:PAGE_TOKENS] if form in words)
    return found >= PAGE_WORDS and found * PAGE_SHARE >= min(len(doc), PAGE_TOKENS)


def is_play(sentence: Span) -> str | None:
    """Say why a sentence is play or make-believe, or None. Police and soldiers at a match are no play."""
    known = classes()
    forms, table = set(lowers(sentence.doc)[sentence.start : sentence.end]), noun_table()
    if forms.isdisjoint("-") and _playful().isdisjoint(table.get(form, form) for form in forms):
        return None
    lemmas = {noun_lemma(token) for token in sentence if token.tag_[:2] in {"NN", "JJ"}}
    sporting = lemmas & known["sport_only"] or len(lemmas & known["sport"]) >= PLAY_WORDS
    if sporting and lemmas.isdisjoint(known["police"] | known["soldiers"]):
        return "sport"
    for token in sentence:
        if (
            noun_lemma(token) in known["fiction"]
            and not (token.lower_ in {"series", "show"} and any(c.lower_ == "of" for c in token.rights))
            and (
                token.dep_ == "nsubj"
                or (token.dep_ == "pobj" and token.head.lower_ in {"in", "of"} and token.head.dep_ == "prep")
            )
            and (
                token.dep_ == "nsubj"
                or token.head.head.dep_ in {"ROOT", "nsubj", "nsubjpass"}
                or token.i - sentence.start < 5  # noqa: PLR2004
            )
        ):
            return "fiction"
        if token.lower_ in known["make_believe"] and token.dep_ in {"amod", "compound"}:
            return "make-believe"
    return None


@cache
def _playful() -> frozenset[str]:
    known = classes()
    return known["sport"] | known["sport_only"] | known["fiction"] | known["make_believe"]


def has_doer(reading: Reading) -> bool:
    """Say whether those who stand in the place of the source can act, or are the means of somebody who did."""
    if not reading.sources:
        return True
    return any(acts(token) or inner_actors(token) or _is_means(token) for token in reading.sources)


def _is_means(token: Token) -> bool:
    return noun_lemma(syntax.real_head(token)) in classes()["means"]


def is_victim(token: Token) -> bool:
    """Say whether an act without a doer may be told of this target: people, a named body or place, or what belongs to them."""
    if acts(token) and token.tag_ != "PRP":
        return True
    return bool(token.ent_type_ in {"GPE", "LOC", "FAC"} or inner_actors(token))
