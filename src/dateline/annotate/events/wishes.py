"""Read what somebody is asked to do where no frame reads the act: "wants Chad to …", "insisted that Chad …", "Chad must …, it said"."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.frames import Frame
from dateline.annotate.events.outer import Outer
from dateline.annotate.events.parties import acts, fits
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.status import DUTY, is_negated, speaker_of, tense_of
from dateline.annotate.events.tables import classes

WISHES = frozenset({"want"})  # verbs of one's own plans too: with somebody else as the one to act, they ask
POWERS = frozenset({"leaders", "states", "rebels", "soldiers", "police", "courts", "diplomats"})
NAMED = frozenset({"GPE", "ORG", "NORP", "PERSON"})
FATES = frozenset({"face", "die", "suffer", "risk", "lose", "perish", "starve", "burn"})
PROVISOS = frozenset({"unless", "if", "until", "should"})
SWITCHES = frozenset(
    {"report", "analyst", "analysts", "expert", "experts", "economist", "economists", "study", "coach"}
)


def asks_another(verb: Token, inside: Token) -> Token | None:
    """Return who shall act where a verb of wanting names somebody else for it ("wants Chad to pay"), else None."""
    actor = next((c for c in inside.lefts if c.dep_ in syntax.SUBJECTS), None)
    own = syntax.surface_subject(verb)
    if actor is None or actor.tag_ == "PRP" or not is_power(actor) or (own is not None and own.lower_ == actor.lower_):
        return None
    return actor


def is_power(token: Token) -> bool:
    """Say whether a phrase means somebody of public life: a name, an office, an armed body."""
    return acts(token) and fits(token, _powers())


@cache
def _powers() -> frozenset[str]:
    return NAMED.union(*(classes()[name] for name in POWERS))


def wished(token: Token, senses: tuple[Outer, ...]) -> Reading | None:
    """Read a verb of asking whose clause is a wish: an infinitive with its own subject, or "that Chad scrap …"."""
    if not any(outer.cls == "ask" and not outer.words[1:] and "comp" in outer.inner for outer in senses):
        return None
    for inside in token.rights:
        if inside.dep_ not in {"ccomp", "xcomp"} or inside.tag_ != "VB":
            continue
        helpers = {c.tag_ for c in inside.children if c.dep_ in {"aux", "auxpass"}}
        if "MD" in helpers or helpers & {"VBD", "VBZ", "VBP"}:
            continue
        actor = asks_another(token, inside)
        if actor is not None:
            sources = syntax.subjects(token)
            return _request(token, sources, syntax.with_conjuncts(actor), {inside.i}, "wish")
    return None


def due(verb: Token) -> Reading | None:
    """Read "Poland must reinstate the judges, the court ruled": what a speaker says that somebody else has to do."""
    duty = next((c for c in verb.lefts if c.dep_ == "aux" and c.lower_ in DUTY), None)
    if duty is None:
        return None
    speaker, actor = speaker_of(verb), syntax.surface_subject(verb)
    if speaker is None or actor is None or syntax.is_passive(verb) or is_negated(verb):
        return None
    if actor.tag_ == "PRP" or speaker.lower_ in SWITCHES or not is_power(actor) or not is_power(speaker):
        return None
    if speaker.lower_ == actor.lower_ or actor.i in {t.i for t in syntax.with_conjuncts(speaker)}:
        return None
    return _request(verb, syntax.with_conjuncts(speaker), syntax.with_conjuncts(actor), {duty.i}, "due")


def is_ultimatum(verb: Token) -> bool:
    """Say whether what is asked comes with "or": "to leave or face arrest", "to surrender or be shot"."""
    if not any(c.dep_ == "cc" and c.lower_ == "or" for c in verb.children):
        return False
    return any(
        c.dep_ == "conj" and (c.lower_ in FATES or any(g.dep_ == "auxpass" for g in c.children)) for c in verb.children
    )


def pressed(verb: Token, own: set[int]) -> list[Token]:
    """Return who can avert a threat: "threatened to leave unless Chad paid", "will strike if the bank does not give way"."""
    for clause in (*verb.children, *(g for c in verb.children if c.dep_ in {"xcomp", "ccomp"} for g in c.children)):
        if clause.dep_ != "advcl" or not any(c.lower_ in PROVISOS and c.dep_ in {"mark", "aux"} for c in clause.lefts):
            continue
        subject = next((c for c in clause.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
        if subject is not None and subject.tag_ != "PRP" and subject.i not in own and is_power(subject):
            return syntax.with_conjuncts(subject)
    return []


def _request(token: Token, sources: list[Token], targets: list[Token], also: set[int], name: str) -> Reading:
    frame = Frame(
        f"{name}.bare/REQUEST",
        (token.lower_,),
        "verb",
        (),
        (),
        (),
        False,
        "REQUEST",
        None,
        "100",
        "",
        "",
        "compose.tsv",
        0,
    )
    return Reading(
        "REQUEST", None, "100", [token], sources, targets, False, frame, [frame.id],
        clause=token, used={token.i}, times={token.i} | also, tense=tense_of(token),
    )  # fmt: skip
