"""Find in the rest of a sentence whom an act is aimed at, where its own clause names nobody.

"Eritrea agreed to pull back as long as Ethiopia did the same", "Denmark protested when a Russian jet crossed Bornholm",
"Norway broke off talks with Iran, complaining of delays", "in a letter to the king he asked for time": the other side
stands in a condition, in the occasion, in the main clause or in what it was said in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.groups import key_of
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.tables import classes
from dateline.annotate.events.whom import source_party, target_party
from dateline.types import Party

TERMS = frozenset({"if", "unless", "until", "provided", "providing"})  # what the other side must do
BARTER = frozenset({"exchange", "return", "condition"})  # "in exchange for", "on condition that"
REPLY = frozenset({"response", "reply", "answer", "retaliation", "revenge", "reprisal", "protest", "riposte"})
OCCASION = frozenset({"after", "when", "as", "because", "since", "over", "hours", "days", "weeks"})
ANSWERED = frozenset({"after", "because", "unless"})  # "freed the men after Niger threatened war"
ANSWERING = frozenset(
    {"ACCUSE", "REQUEST", "THREATEN", "REJECT", "SANCTION"}
)  # what is done because of what another did
GIVING = frozenset({"AGREE", "CONCEDE", "SUPPORT", "COOPERATE"})  # what is done to help, please or end something
OPENING = frozenset({"in", "after", "during", "at", "before", "following"})
WRITINGS = frozenset("letter message note telegram cable memorandum phone-call telephone call interview".split())  # noqa: SIM905
NOMINAL = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "dative", "conj", "poss", "attr", "appos"})
TOWARDS = frozenset({"with", "to", "against", "at", "from", "on", "toward", "towards"})
CLAUSES = frozenset({"relcl", "advcl", "ccomp", "acl"})
CHAIN = 3  # infinitives inside one another
MOST = 30  # tokens of one phrase or clause that are looked at


def on_terms(reading: Reading, keys: frozenset[str | None]) -> Party | None:
    """Return who must do something for the act to be done: "unless Hamas freed the guards", "in return for Polish coal"."""
    for verb in _chain(reading):
        for start in _terms(verb):
            found = _only(start.subtree, keys, first=True)
            if found is not None:
                return found
    return None


def in_sentence(reading: Reading, keys: frozenset[str | None]) -> Party | None:
    """Return the one other party that the rest of the sentence shows to be meant, or None."""
    verbs = _chain(reading)
    found = _first((phrase for verb in verbs for phrase in _told_in(verb)), keys)
    if found is None and reading.event_type in ANSWERING:
        found = _first((phrase for verb in verbs for phrase in _occasions(verb)), keys, first=True)
    if found is None:
        found = _first((clause for verb in verbs for clause in _said_of_objects(verb)), keys, first=True)
    if found is None:
        found = _of_main_clause(verbs[0], keys)
    if found is None and reading.event_type in GIVING:
        found = _first((clause for verb in verbs for clause in _what_for(verb)), keys)
    return found


def _first(phrases: Iterable[Iterable[Token]], keys: frozenset[str | None], *, first: bool = False) -> Party | None:
    """Return the party of the first phrase that names one."""
    return next((found for phrase in phrases if (found := _only(phrase, keys, first=first)) is not None), None)


def _chain(reading: Reading) -> list[Token]:
    """Return the verb of a reading and the infinitives that it governs."""
    verb = reading.clause if reading.clause is not None else reading.trigger[0]
    found = [verb]
    for _ in range(CHAIN):
        inner = next((c for c in found[-1].children if c.dep_ in {"xcomp", "ccomp"} and c.tag_ == "VB"), None)
        if inner is None:
            break
        found.append(inner)
    return found


def _terms(verb: Token) -> Iterator[Token]:
    """Yield the heads of the conditions of an act."""
    for child in verb.children:
        if _is_term(child):
            yield child
            if child.dep_ == "prep":  # "in exchange" and its "for", which the parser may hang side by side
                yield from (c for c in verb.rights if c.i > child.i and c.lower_ == "for")
        elif child.dep_ == "dobj":  # "free the miners in exchange for coal"
            yield from (c for c in child.rights if c.dep_ == "prep" and _is_term(c))


def _is_term(child: Token) -> bool:
    if child.lower_ in TERMS or child.lower_ == "long":  # "provided that", "as long as"
        return child.dep_ in {"prep", "advcl", "mark", "advmod"}
    if child.dep_ == "advcl":
        return any(c.lower_ in TERMS or c.lower_ == "long" for c in child.lefts)
    return child.dep_ == "prep" and any(c.dep_ == "pobj" and c.lower_ in BARTER for c in child.children)


def _told_in(verb: Token) -> Iterator[Iterable[Token]]:
    """Yield what an act was said in: "in a letter to the king", "after meeting the king", "writing to the king"."""
    for child in verb.children:
        if child.dep_ == "prep" and child.lower_ in OPENING:
            for noun in child.children:
                if (noun.dep_ == "pcomp" and syntax.is_verb(noun)) or (noun.dep_ == "pobj" and _is_dealing(noun)):
                    yield noun.subtree
        elif child.dep_ == "advcl" and child.tag_ == "VBG" and child.i < verb.i and not _own_subjects(child):
            yield child.subtree


def _is_dealing(noun: Token) -> bool:
    lemma = noun_lemma(noun)
    return lemma in WRITINGS or lemma in classes()["talks"]


def _occasions(verb: Token) -> Iterator[Iterable[Token]]:
    """Yield what an act answers: "when a Russian jet crossed Bornholm", "in response to the raid"."""
    for child in verb.children:
        if child.dep_ == "advcl" and _own_subjects(child):
            if any(c.dep_ in {"mark", "advmod"} and c.lower_ in OCCASION for c in child.lefts):
                yield child.subtree
        elif child.dep_ == "prep" and any(c.dep_ == "pobj" and c.lower_ in REPLY for c in child.children):
            yield child.subtree


def _said_of_objects(verb: Token) -> Iterator[Iterable[Token]]:
    """Yield the relative clauses of what an act is done to: "vetoed a resolution that France had drafted"."""
    nouns = [c for c in verb.children if c.dep_ == "dobj"]
    nouns += [n for c in verb.children if c.dep_ == "prep" for n in c.children if n.dep_ == "pobj"]
    return (clause.subtree for noun in nouns for clause in noun.rights if clause.dep_ == "relcl")


def _what_for(verb: Token) -> Iterator[Iterable[Token]]:
    """Yield what an act does or is to do: "agreed to pay, ending a quarrel with Chad", "promised troops to please Chad"."""
    for child in verb.rights:
        if child.dep_ == "advcl" and child.tag_ in {"VB", "VBG"} and not _own_subjects(child):
            yield child.subtree


def _own_subjects(verb: Token) -> list[Token]:
    return [c for c in verb.children if c.dep_ in syntax.SUBJECTS]


def _of_main_clause(verb: Token, keys: frozenset[str | None]) -> Party | None:
    """Return with whom the main clause deals of which an act is a participle or a second verb."""
    if verb.dep_ == "relcl":
        return _of_relative_clause(verb, keys)
    if verb.dep_ not in {"advcl", "conj"} or not syntax.is_verb(verb.head):
        return None
    head = verb.head
    if _own_subjects(verb):
        answered = (
            verb.dep_ == "advcl" and any(c.lower_ in ANSWERED for c in verb.lefts) and not syntax.is_passive(head)
        )
        return _only(_own_subjects(head), keys) if answered else None
    phrases = [c for c in head.children if c.dep_ in {"dobj", "dative"} or (c.dep_ == "prep" and c.lower_ in TOWARDS)]
    return _only((t for phrase in phrases for t in _phrase(phrase)), keys)


def _of_relative_clause(verb: Token, keys: frozenset[str | None]) -> Party | None:
    """Return who deals with those of whom a relative clause tells: "received the envoy of Mali, who promised help"."""
    governor = next((t for t in verb.ancestors if syntax.is_verb(t)), None)
    if governor is None or syntax.is_passive(governor):
        return None
    phrases = [c for c in governor.children if c.dep_ in {"nsubj", "dobj", "dative"}]
    return _only((t for phrase in phrases for t in _phrase(phrase)), keys)


def _phrase(head: Token) -> Iterator[Token]:
    """Yield the tokens of a phrase without the clauses in it."""
    yield head
    for child in head.children:
        if child.dep_ not in CLAUSES:
            yield from _phrase(child)


def _only(tokens: Iterable[Token], keys: frozenset[str | None], *, first: bool = False) -> Party | None:
    """Return the one party of another country among some tokens; where there are several, the `first` subject."""
    found: dict[str | None, tuple[bool, Party]] = {}  # whether the name itself, or a thing of theirs
    subject: Party | None = None
    for at, token in enumerate(tokens):
        if at > MOST:
            break
        if token.dep_ not in NOMINAL or token.tag_ in {"PRP", "PRP$", "WP", "WDT"}:
            continue
        itself = acts(token)
        party = source_party(token) if itself else target_party(token)
        if party is None or key_of(party) is None or key_of(party) in keys:
            continue
        if key_of(party) not in found or (itself and not found[key_of(party)][0]):
            found[key_of(party)] = itself, party
        if subject is None and token.dep_ == "nsubj" and itself:
            subject = party
    if first and subject is not None:
        return subject
    return next(iter(found.values()))[1] if len(found) == 1 else None
