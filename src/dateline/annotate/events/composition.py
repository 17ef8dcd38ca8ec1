"""Join an outer predicate with the act inside it: whose it is, whom it is aimed at, and where it stands."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.authors import is_paper, speaking
from dateline.annotate.events.parties import acts, inner_actors
from dateline.annotate.events.prepositions import prepositional
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.roles import first_role, is_infinitive
from dateline.annotate.events.status import DUTY, SPEECH, tense_of

POINTED = frozenset({"CONSULT", "AGREE", "COOPERATE", "AID", "SANCTION"})  # acts that a later "the …" points back to
STEM = 4  # letters in which "invaded" and "the invasion" are alike
NEAR = 4  # tokens: a trigger is one stretch where outer and inner word stand so close
TELLING = frozenset(
    {"tell", "tells", "told", "telling", "advise", "advises", "advised", "remind", "reminds", "reminded"}
)
THROUGH = frozenset({"do", "report", "fulfil", "command", "undergo", "issue", "mark", "consider", "suspect", "attempt"})
FORWARD = frozenset(
    {"plan", "promise", "agree", "offer", "willing", "accept", "threaten", "fail"}
)  # their time is the act's


def wrapped(  # noqa: PLR0917
    token: Token, words: list[Token], inner: Reading, made: Reading, name: str, sources: list[Token],
    targets: list[Token], kept: Reading,
) -> Reading:  # fmt: skip
    """Make the reading of an outer predicate from the act inside it."""
    near = all(abs(t.i - token.i) <= NEAR for t in inner.trigger)
    through = name.partition("(")[0] in THROUGH
    through_inner = bool(inner.trigger) and (through or _is_added(token, inner))
    trigger = [*words, *inner.trigger] if near else list(inner.trigger) if through_inner else words
    return replace(
        made,
        trigger=trigger,
        sources=sources,
        targets=[t for t in targets if t.i not in {s.i for s in sources}],
        chain=[*inner.chain, name],
        clause=token if syntax.is_verb(token) else inner.clause,
        used=inner.used | {t.i for t in words} | {t.i for t in inner.trigger},
        times={token.i}
        | {t.i for t in words}
        | (inner.times if through or name.partition("(")[0] in FORWARD else set()),
        both=made.both and (through or name.partition("(")[0] in FORWARD),
        tense=tense_of(token) or inner.tense,
        inner=kept,
        specific=inner.specific + 1,
    )


def _is_added(token: Token, inner: Reading) -> bool:
    """Say whether a verb of saying only follows what it tells: "Chad will stop paying the rebels, the minister announced"."""
    clause = inner.clause
    return (
        clause is not None
        and token.lower_ in SPEECH
        and clause.dep_ == "ccomp"
        and clause.head.i == token.i
        and clause.i < token.i
    )


def stray_targets(token: Token, inner: Reading, sources: list[Token]) -> list[Token]:
    """Find the inner act's target where the parser hung its preposition on the outer predicate."""
    own = {t.i for t in sources}
    for place in inner.frame.target:
        if "." in place or place in {"obj", "subj", "iobj"}:
            continue
        found = [t for t in prepositional(token, place, reach=2) if t.i not in own and acts(t)]
        if place == "to" and token.lower_ in SPEECH:
            found = [t for t in found if t.ent_type_ in {"GPE", "NORP"}]
        if found:
            return found
    return []


def doers_told(past: list[Reading], inner: Reading, sources: list[Token]) -> list[Token]:
    """Find in what was read before who did what is spoken of: "deplored the invasion" of whoever "invaded", else attacked."""
    own = {t.i for t in sources}
    stem = inner.trigger[0].lower_[:STEM] if inner.trigger else ""
    alike = [old for old in past if old.event_type == inner.event_type and old.sources]
    named = [old for old in alike if any(t.lower_.startswith(stem) for t in old.trigger)]
    told = next(reversed(named or alike), None)
    return [t for t in told.sources if t.i not in own] if told is not None else []


def known_targets(past: list[Reading], inner: Reading, result: Reading) -> list[Token]:
    """Find in what was read before whom "the trip", "the talks" were with."""
    for old in reversed(past):
        act = old.inner if old.inner is not None else old
        if inner.event_type not in POINTED:
            break
        if act.event_type == inner.event_type and old.targets and old.frame.mode == inner.frame.mode:
            result.why["target"] = f"as read at {old.trigger[0].text!r} before"
            return list(old.targets)
    return []


def is_own_act(token: Token, inner: Reading) -> bool:
    """Say whether the one who speaks is the one who will act ("warned that it would …")."""
    speaker = syntax.surface_subject(token)
    if speaker is None or not inner.sources:
        return True
    actor = inner.sources[0]
    return actor.i == speaker.i or actor.tag_ == "PRP" or actor.lower_ == speaker.lower_


def is_news(token: Token, inner: Reading, clause: Token) -> bool:
    """Say whether a verb of telling only reports its clause ("told reporters that it would stop"), and asks nobody to do it."""
    if token.lower_ not in TELLING or not syntax.is_verb(clause) or is_infinitive(clause):
        return False
    due = "ask(must)" in inner.chain or any(c.lower_ in DUTY for c in clause.lefts)
    return clause.dep_ == "ccomp" and not due


def denial(act: Reading, past: list[Reading]) -> Reading:
    """Make of a denied act the denial itself: a rejection of whoever made the accusation, where the text has told of one."""
    verb = act.trigger[0]
    made = replace(
        act, event_type="REJECT", mode=None, cameo="120", modality="asserted", trigger=[verb], targets=[], both=False,
        chain=[*act.chain, "denial"], why={"type": "denying an act rejects the accusation"},
    )  # fmt: skip
    made.targets = accusers(made.sources, past)
    return made


def accusers(sources: list[Token], past: list[Reading]) -> list[Token]:
    """Return who accused those who deny, as read before."""
    for old in reversed(past):
        if old.event_type != "ACCUSE" or not old.sources or not old.targets:
            continue
        blamed = {t.lower_ for t in old.targets}
        if any(t.lower_ in blamed or t.tag_ == "PRP" for t in sources):
            return list(old.sources)
    return []


def outer_sources(token: Token, inner: Reading, *, raised: bool = False) -> list[Token]:  # noqa: PLR0911
    """Return whose act an outer predicate tells of: its subject, its agent, its possessor, or the one inside."""
    if syntax.is_verb(token):
        if raised and syntax.is_passive(token) and token.dep_ not in {"acl", "amod"} and inner.sources:
            return inner.sources  # "the donors are expected to pledge": whoever is expected to act, acts
        found = syntax.subjects(token)
        if found and is_paper(found[0]) and not syntax.is_passive(token):
            return speaking(found)
        if found and not any(acts(t) for t in found):
            inside = [a for t in found for a in inner_actors(t)]
            if not inside and inner.sources:
                return inner.sources
            if len(inside) > 1:
                return inside
        if found or syntax.is_passive(token):
            if syntax.is_passive(token) and not found and inner.sources and token.dep_ != "acl":
                return [s for s in inner.sources if s.i not in {o.i for o in syntax.objects(token)}]
            return found
        return inner.sources
    if token.tag_.startswith("NN"):
        found = first_role(token, ("poss", "by", "from", "mod"))
        if found:
            return found
        owner = syntax.holder(token)
        if owner is not None and acts(owner):
            return syntax.with_conjuncts(owner)
        return inner.sources
    subject = syntax.surface_subject(token.head) if token.head.i != token.i else None
    return syntax.with_conjuncts(subject) if subject is not None else inner.sources


def sources_of_adjective(token: Token) -> list[Token]:
    """Return the subject of "is ready to …"."""
    subject = syntax.surface_subject(token.head) if token.head.i != token.i else None
    return syntax.with_conjuncts(subject) if subject is not None else []


def addressed(token: Token) -> list[Token]:
    """Return to whose face something is promised, threatened or refused: "threatened Chad with war", "offered Mali talks"."""
    if not syntax.is_verb(token):
        return []
    found = [*syntax.indirect_objects(token), *syntax.objects(token)]
    return [t for t in found if acts(t) and t.lower_ not in syntax.REFLEXIVES]


def targets_of(name: str, token: Token, inner: Reading, sources: list[Token]) -> list[Token]:
    """Return whom the composed act is aimed at, as a rule of the algebra names it."""
    own = (
        {t.i for t in sources} | {t.i for t in syntax.subjects(token)}
        if syntax.is_verb(token)
        else {t.i for t in sources}
    )

    def others(tokens: list[Token]) -> list[Token]:
        return [t for t in tokens if t.i not in own]

    if name == "inner":
        found = others(inner.targets)
        return found or [
            t
            for t in others(inner.sources)
            if t.tag_ not in {"PRP", "PRP$"} and inner.event_type in {"CONSULT", "AGREE", "REQUEST", "COOPERATE"}
        ]
    if name == "inner.source":
        return others(inner.sources) or others(inner.targets)
    if name == "outer.subject":
        return syntax.subjects(token) if not syntax.is_passive(token) else []
    if name == "asked":
        asked = []
        if syntax.is_verb(token):
            asked = [t for t in syntax.objects(token) if acts(t)] or [
                t
                for place in ("on", "upon", "to", "from", "with")
                for t in prepositional(token, place, reach=1)
                if acts(t)
            ]
        else:
            asked = [t for place in ("to", "on", "against") for t in prepositional(token, place, reach=1) if acts(t)]
        return others(asked) or others(inner.sources) or others(inner.targets)
    return others(inner.targets)
