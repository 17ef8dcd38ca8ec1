"""Find the clauses that an outer predicate governs, and say which class it is of with the act inside them."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.composition import is_news, is_own_act
from dateline.annotate.events.lexicon import verb_lemma
from dateline.annotate.events.outer import rule_for
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.roles import is_infinitive
from dateline.annotate.events.status import is_negated, speaker_of
from dateline.annotate.events.wishes import WISHES, asks_another, is_ultimatum

COMMANDS = frozenset({"tell", "order", "instruct", "direct"})
HINTS = frozenset({"hint", "suggest"})
FRIENDLY = frozenset({"CONSULT", "COOPERATE", "AID", "SUPPORT", "AGREE"})


def governed_clauses(token: Token) -> list[Token]:
    """Return the verbs of the clauses and infinitives that a predicate governs."""
    found = [
        c
        for c in token.children
        if (
            c.dep_ in {"xcomp", "ccomp", "acl", "advcl"}
            and (c.dep_ != "advcl" or token.tag_.startswith("JJ") or is_infinitive(c))
        )
        or (c.tag_ == "VBG" and (c.dep_ == "dobj" or _behind_particle(c)))
    ]
    if not found:  # "is about to", "made a pledge to": the parser hangs the infinitive higher
        for child in token.children:
            if child.dep_ == "dobj":
                found += [g for g in child.children if g.dep_ in {"acl", "relcl"} and is_infinitive(g)]
    if not found and token.dep_ == "pobj":  # "made good on its pledge in May to return them": higher still
        verb = token.head.head
        found = [c for c in verb.children if c.dep_ == "advcl" and c.i > token.i and is_infinitive(c)]
    following: list[Token] = []
    for verb in found:
        if verb.dep_ == "ccomp" and (syntax.is_parted(verb, token) or _is_announced(verb, token)):
            continue  # "France urged talks; Chad refused": two sentences that the parser made one
        following.append(verb)
        if verb.pos_ == "AUX":
            following += [c for c in verb.children if c.dep_ in {"acomp", "xcomp"}]
    return following


def _is_announced(verb: Token, other: Token) -> bool:
    """Say whether a colon stands behind a clause: what follows is no verb's that it governs ("signed a pact: posts will go")."""
    return verb.i < other.i and any(t.text == ":" for t in other.doc[verb.i : other.i])


def _behind_particle(gerund: Token) -> bool:
    """Say whether a gerund is the object of a particle verb: "ruled out sending troops", which the parser sets beside it."""
    return (
        gerund.dep_ == "advcl"
        and gerund.i > 0
        and gerund.nbor(-1).dep_ == "prt"
        and gerund.nbor(-1).head == gerund.head
    )


def _asks_others(verb: Token, inner: Reading) -> bool:
    """Say whether somebody else is asked: "urged Togo not to meet them"; one's own envoy is told not to go."""
    asked = [t for t in syntax.objects(verb) if acts(t)] if syntax.is_verb(verb) else []
    if not asked or any(c.tag_ == "PRP$" for t in asked for c in t.children):
        return False
    if all(t.ent_type_ == "GPE" for t in asked):
        return True
    return inner.mode != "visit" and verb_lemma(verb) not in COMMANDS


def _is_hint(verb: Token, inner: Reading, inner_token: Token) -> bool:
    """Say whether somebody lets it be known what he himself might do: "hinted that it could expel the envoy"."""
    if verb_lemma(verb) not in HINTS or inner_token.dep_ != "ccomp" or inner.negated or not inner.sources:
        return False
    speaker = syntax.surface_subject(verb)
    return speaker is not None and acts(speaker) and is_own_act(verb, inner)


def class_of(token: Token, cls: str, inner: Reading, inner_token: Token) -> str:  # noqa: PLR0911
    """Return the class that an outer predicate is of round this act: "wants Chad to …" asks, "wants to …" plans."""
    if inner.negated and cls in {"ask", "ask.for"} and inner.event_type in FRIENDLY and not _asks_others(token, inner):
        return "forbid"
    if cls == "own" and not _is_claim(token, inner, inner_token):
        return ""
    if cls == "consider" and _is_hint(token, inner, inner_token):
        return "hint"
    if cls == "plan" and verb_lemma(token) in WISHES and asks_another(token, inner_token) is not None:
        cls = "ask"
    if cls == "plan" and verb_lemma(token) == "hope" and not is_own_act(token, inner):
        return "ask" if any(t.ent_type_ == "GPE" or t.tag_[:2] == "NN" for t in inner.sources) else "consider"
    if cls == "promise" and inner_token.tag_.startswith("VB") and not is_own_act(token, inner):
        cls = "plan"
    told = syntax.is_verb(inner_token) and inner_token.dep_ == "ccomp" and not is_infinitive(inner_token)
    if cls == "plan" and told and inner.modality == "asserted" and "plan(will)" not in inner.chain:
        return "report"  # "announced that it had suspended": told, not planned
    if cls == "promise" and inner.event_type == "ACCUSE" and inner.mode == "disapprove":
        return "refuse"  # "vowed to oppose the plan"
    if inner.negated and is_negated(inner_token) and rule_for(f"{cls}.not", inner.event_type) is not None:
        return f"{cls}.not"
    if cls == "ask" and is_news(token, inner, inner_token):
        return "report"
    if cls == "ask" and is_ultimatum(inner_token):
        return "threaten"
    return cls


def _is_claim(token: Token, inner: Reading, inner_token: Token) -> bool:
    """Say whether an act is claimed or admitted as one's own, or told by whoever admits it: "said it was behind the attack"."""
    lemma, subject = verb_lemma(token), syntax.surface_subject(token)
    if lemma == "be":
        return subject is not None and subject.tag_ == "PRP" and speaker_of(token) is not None
    if lemma == "claim" and syntax.is_verb(inner_token):
        return is_own_act(token, inner)  # "claimed that Chad bombed the village" accuses
    return not is_negated(token) or not syntax.is_verb(inner_token)
