"""Find who speaks where a paper does: "the report accused", "the resolution condemns", "the letter urged"."""

from __future__ import annotations

from itertools import islice

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.lexicon import noun_lemma, verb_lemma
from dateline.annotate.events.parties import acts
from dateline.annotate.events.prepositions import prepositional
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import layers_of, sentence_of, sentences_of

OWNERS = ("by", "from", "of")  # "a report on Sudan" is not Sudan's
BACK = 3  # sentences: a paper named longer ago is another one
POINTING = frozenset({"the", "this", "that"})


def is_paper(noun: Token) -> bool:
    """Say whether a noun is something written or proclaimed that may speak for somebody."""
    return noun.tag_[:2] == "NN" and noun_lemma(noun) in classes()["texts"] and not acts(noun)


def speaking(sources: list[Token]) -> list[Token]:
    """Put those who wrote it in the place of a paper; nobody where the text does not tell who did."""
    if not sources or not is_paper(sources[0]):
        return sources
    return _owners(sources[0]) or (_before(sources[0]) if _is_known(sources[0]) else [])


def _is_known(noun: Token) -> bool:
    return any(c.lower_ in POINTING for c in noun.lefts)


def _owners(noun: Token) -> list[Token]:
    """Return who stands in the phrase as author: "Amnesty's report", "a letter from the bishops", "the Kenyan statement"."""
    owner = next((c for c in noun.lefts if c.dep_ == "poss" and acts(c)), None)
    for preposition in OWNERS:
        if owner is None:
            owner = next((t for t in prepositional(noun, preposition, reach=1) if acts(t)), None)
    if owner is None:
        owner = next((c for c in noun.lefts if c.dep_ in {"amod", "compound", "nmod"} and acts(c)), None)
    return syntax.with_conjuncts(owner) if owner is not None else []


def _before(noun: Token) -> list[Token]:
    """Return who issued the paper that "the report" means, by the sentences before."""
    first = sentence_of(noun)
    here = layers_of(noun.doc).sentence_numbers[noun.i]
    lemma = noun_lemma(noun)
    for sentence in (first, *islice(reversed(sentences_of(noun.doc)[:here]), BACK)):
        for token in reversed(sentence):
            if token.i >= noun.i or token.tag_[:2] != "NN" or noun_lemma(token) != lemma:
                continue
            if found := _owners(token) or _issuers(token):
                return found
    return []


def _issuers(noun: Token) -> list[Token]:
    """Return who is told to have issued a paper, or to have said something in it."""
    verb = noun.head
    if noun.dep_ == "pobj":
        verb = noun.head.head
        if noun.head.lower_ != "in":
            return []
    elif noun.dep_ not in {"dobj", "nsubjpass"} or verb_lemma(verb) not in syntax.ISSUING:
        return []
    return [t for t in syntax.subjects(verb) if acts(t)] if syntax.is_verb(verb) else []
