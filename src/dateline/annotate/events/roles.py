"""Find who stands at a grammatical place that a frame names: `subj`, `obj`, `poss`, `with`, `obj.of`, `comp.subj`."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.frames import Frame
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import acts, inner_actors, is_venue
from dateline.annotate.events.prepositions import every_prepositional, prepositional
from dateline.annotate.events.status import HERE, speaker_of
from dateline.annotate.events.tables import classes

LOOSE = frozenset(
    {"by", "in", "at", "for", "from", "to", "into", "near", "along"}
)  # prepositions that often are no target's

BORDERS = frozenset({"border", "frontier", "boundary"})
OCCASIONS = frozenset(
    {"request", "hand", "behest", "invitation", "order", "expense", "urging", "insistence", "instigation"}
)  # "at the request of", "at the hands of": on whose account, not whom


def place_of(token: Token, place: str) -> list[Token]:  # noqa: PLR0911
    """Return the tokens at a place that a condition names."""
    if place == "obj":
        return [*syntax.objects(token), *_retained(token)] if syntax.is_verb(token) else []
    if place == "subj":
        return syntax.subjects(token) if syntax.is_verb(token) else []
    if place in {"oprd", "acomp"}:
        return [
            n
            for c in token.children
            if c.dep_ in {"oprd", "acomp", "ccomp", "xcomp", "dobj", "prep", "advcl"}
            for n in ([c] if c.dep_ != "prep" or c.lower_ != "as" else list(c.children))
        ]
    if place == "poss":
        return [c for c in token.lefts if c.dep_ == "poss"]
    if place in {"speaker", "holder"}:
        return role(token, place)
    if place == "mod":
        return [c for c in token.lefts if c.dep_ in {"amod", "compound", "nmod"}] + [
            g for c in token.lefts if c.dep_ in {"amod", "compound", "nmod"} for g in c.lefts
        ]
    if "." in place:
        base, _, rest = place.partition(".")
        return [t for noun in place_of(token, base) for t in place_of(syntax.real_head(noun), rest)]
    return prepositional(token, place, reach=5 if syntax.is_verb(token) else 4)


def spread(sources: list[Token], frame: Frame) -> list[Token]:
    """Take "the leaders of Chad and Mali", "the Chadian and Malian leaders" apart, where an act has two sides."""
    if not frame.both or len(sources) != 1 or sources[0].tag_ not in {"NNS", "NNPS"}:
        return sources
    head = sources[0]
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ in {"of", "from", "between"}:
            noun = next((n for n in child.children if n.dep_ == "pobj"), None)
            members = [n for n in syntax.with_conjuncts(noun) if acts(n)] if noun is not None else []
            if len(members) > 1:
                return members
        if child.dep_ == "amod" and child.ent_type_ in {"NORP", "GPE"}:
            joined = [child, *(c for c in child.children if c.dep_ == "conj" and c.ent_type_ in {"NORP", "GPE"})]
            if len(joined) > 1:
                return joined
    return sources


def first_role(token: Token, places: tuple[str, ...], *, target: bool = False) -> list[Token]:
    """Return the tokens of the first place that holds any; as a target, neither "its" nor what a loose "in" brings."""
    for place in places:
        found = role(token, place)
        if target:
            beyond = _beyond_the_border(token, found)
            found = beyond or [t for t in found if t.tag_ != "PRP$" and (place not in LOOSE or _may_be_aimed_at(t))]
        if found:
            return found
    return []


def _beyond_the_border(token: Token, found: list[Token]) -> list[Token]:
    """Return who is on the other side of a border, where it is said: "massed troops along its border with Chad"."""
    if not found or noun_lemma(found[0]) not in BORDERS:
        return []
    return [t for t in role(found[0], "with") or role(token, "with") if acts(t)]


def _may_be_aimed_at(token: Token) -> bool:
    known = classes()
    if acts(token) or token.ent_type_ in {"GPE", "LOC", "FAC", "NORP"}:
        return True
    lemma = noun_lemma(token)
    if lemma in OCCASIONS:
        return False
    return (
        lemma in known["territory"]
        or lemma in known["buildings"]
        or lemma in known["aid"]
        or bool(inner_actors(token, 1))
    )


def role(token: Token, place: str) -> list[Token]:  # noqa: PLR0911, PLR0912
    """Return the head tokens at a grammatical place of a verb or noun."""
    if place == "subj":
        return syntax.subjects(token)
    if place == "obj":
        return syntax.objects(token)
    if place == HERE:
        return []
    if place == "iobj":
        if _retained(token):
            return syntax.objects(token)
        return syntax.indirect_objects(token) or _first_of_two(token) or _swallowed(token)
    if place == "speaker":  # who says the clause: "Norway said that Mali bore responsibility"
        speaker = speaker_of(token)
        return syntax.with_conjuncts(speaker) if speaker is not None and acts(speaker) else []
    if place == "holder":  # who has, or does something at, what a noun names: "on a visit to Oslo the king said"
        owner = syntax.holder(token)
        return syntax.with_conjuncts(owner) if owner is not None and (acts(owner) or inner_actors(owner)) else []
    if (
        place == "doer"
    ):  # whose act a verb tells, in which a noun only says why: "switched off their engines in protest"
        verb = next((a for a in token.ancestors if syntax.is_verb(a)), None)
        return syntax.subjects(verb) if verb is not None else []
    if place == "partners":  # who is told to have done something after talks: those who had them
        return [t for t in role(token, "doer") if acts(t)]
    if place == "poss":
        owners = [c for c in token.children if c.dep_ == "poss" and c.ent_type_ not in syntax.WHEN]  # "Tuesday's raid"
        return [t for c in owners for t in syntax.with_conjuncts(c)]
    if place == "mod":
        return [
            c
            for c in token.lefts
            if c.dep_ in {"amod", "compound", "nmod"}
            and c.ent_type_ in {"NORP", "GPE", "ORG", "PERSON"}
            and not is_venue(token, c)
        ]
    if place.startswith("comp."):
        return _inside_complement(token, place.removeprefix("comp."))
    base, _, rest = place.partition(".")
    if rest:
        bases = role(token, base)
        if rest == "any":
            return [t for b in bases for t in ([b] if acts(b) else inner_actors(b))]
        return [t for b in bases for t in role(syntax.real_head(b), rest)]
    first: list[Token] | None = None
    for nouns in every_prepositional(token, place, reach=5 if syntax.is_verb(token) else 4):
        found = [t for t in nouns if t.ent_type_ not in {"DATE", "TIME", "MONEY", "PERCENT"}]
        if any(_may_be_aimed_at(t) for t in found):
            return found
        first = found if first is None else first
    return first or []


def _retained(verb: Token) -> list[Token]:
    """Return the second object that a passive keeps: "the dancer was given asylum"; its subject is the first."""
    kept = [c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i]
    return kept if kept and syntax.is_passive(verb) else []


def _first_of_two(token: Token) -> list[Token]:
    nouns = [
        c
        for c in token.children
        if c.dep_ in {"dobj", "dative", "npadvmod"} and acts(c) and c.ent_type_ not in {"DATE", "TIME"}
    ]
    return nouns[:1] if len([c for c in token.children if c.dep_ in {"dobj", "oprd"}]) > 1 else []


def _swallowed(token: Token) -> list[Token]:
    """Find the first of two objects where the parser takes it for a part of the second: "offered the rebels asylum"."""
    if not syntax.is_verb(token) or syntax.is_passive(token):
        return []
    for noun in syntax.objects(token)[:1]:
        for child in noun.lefts:
            if (
                child.dep_ in {"compound", "nmod"}
                and (child.tag_ == "NNS" or child.ent_type_ == "PERSON")
                and acts(child)
            ):
                return [child]
    return []


def _inside_complement(token: Token, what: str) -> list[Token]:
    for child in token.children:
        if child.dep_ in {"ccomp", "xcomp", "advcl"}:
            if what == "subj":
                found = [c for c in child.children if c.dep_ in {"nsubj", "nsubjpass"}]
            elif what == "obj":
                found = [t for t in syntax.objects(child) if acts(t)] if child.i > token.i else []
            else:
                found = [
                    t for t in child.subtree if t.ent_type_ in {"GPE", "NORP", "PERSON", "ORG"} and t.dep_ != "compound"
                ][:1]
            if found:
                return found
    return []


def is_infinitive(verb: Token) -> bool:
    """Say whether "to" stands before a verb."""
    return any(c.tag_ == "TO" for c in verb.lefts)


def actors_inside(verb: Token, own: set[int]) -> list[Token]:
    """Return the first actor named in a complement: its object, then what follows."""
    for noun in [*syntax.indirect_objects(verb), *syntax.objects(verb)]:
        found = [noun] if acts(noun) else inner_actors(noun)
        found = [t for t in found if t.i not in own]
        if found:
            return found
    apart = {t.i for c in verb.rights if c.dep_ == "advcl" for t in c.subtree}  # "after Qatar expelled its envoy"
    for token in verb.subtree:
        if token.i in apart:
            continue
        if (
            token.i > verb.i
            and token.dep_ in {"pobj", "dobj"}
            and token.i not in own
            and acts(token)
            and token.ent_type_ != "DATE"
        ):
            return [token]
        helped = token.dep_ == "nsubj" and token.head.dep_ == "ccomp" and token.head.head.i == verb.i
        if helped and token.i > verb.i and token.i not in own and acts(token):  # "agreed to help Russia sell grain"
            return [token]
    return []
