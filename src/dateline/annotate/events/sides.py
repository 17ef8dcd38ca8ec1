"""Decide who stands on each side of a reading: the phrases of its clause, and what the passage adds to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from spacy.tokens import Token

from dateline.annotate.events.groups import ENDS, LANDS, PLURALS, is_mutual, is_pair, is_theirs, key_of
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import acts, inner_actors, may_suffer
from dateline.annotate.events.partners import in_sentence, on_terms
from dateline.annotate.events.passage import BETWEEN, REASON, Passage, is_state
from dateline.annotate.events.phrases import noun_phrase
from dateline.annotate.events.pointer import pointed_target
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.roles import role
from dateline.annotate.events.syntax import REFLEXIVES, objects, real_head
from dateline.annotate.events.whom import members, same_party, source_party, target_party
from dateline.annotate.references.generics import generics_of
from dateline.types import Party

MOST_PARTIES = 4  # of one role and trigger
STANCES = frozenset({"REJECT", "SUPPORT", "AGREE"})  # acts whose "it" is a matter, not a body
# acts that go on with whoever the last ones were with
CARRIED = BETWEEN - {"ACCUSE", "SUPPORT", "SANCTION", "COOPERATE"}
ANYBODY = frozenset({"anyone", "anybody", "everyone", "everybody", "nobody", "someone", "no-one"})
RECIPROCAL = frozenset({("each", "other"), ("one", "another")})
RECIPROCAL_REACH = 12  # words after the verb
INSIDE = frozenset(
    "AGREE CONCEDE CONSULT REJECT THREATEN REQUEST SUPPORT ACCUSE SANCTION COOPERATE AID RETREAT COERCE".split()  # noqa: SIM905 (types)
)
SAID_OF = frozenset({"REJECT", "SUPPORT", "ACCUSE"})  # of acts in words the whole object is the target
SIGNING = frozenset("join negotiate sign announce seal initial reach conclude ratify clinch strike approve".split())  # noqa: SIM905
STRUCK = frozenset({"target", "position", "site", "area", "installation"})  # "struck targets across Yemen"
FURTHER = frozenset({"AID", "MOBILIZE"})  # acts for or against a land, wherever the clause names it
INTO = frozenset({"in", "into", "to", "for", "between", "across", "on", "against"})
AT = frozenset({"in", "at", "near"})  # where something was signed
NAMED = frozenset({"GPE", "NORP", "ORG", "PERSON"})
HARSH = frozenset({"ACCUSE", "REQUEST", "THREATEN"})  # how one answers what another did
OPPOSITES = frozenset({"counterpart", "counterparts", "opposite"})  # "his counterpart" is never of his own country
SUFFERED = frozenset({"ASSAULT", "COERCE", "SANCTION", "RETREAT"})  # done to people who deal with nobody
THINGS = frozenset({"it", "this", "that"})  # what was done, or said
POINTING = frozenset({"the", "this", "that", "these", "those"})
ASIDE_REACH = 4  # heads above a verb among which a relative clause is looked for
THEY_NEAR = 3  # sentences back in which "they" still are the two named together


@dataclass(slots=True)
class Sides:
    """Hold the parties of one reading, and why a side is missing or where it was taken from."""

    sources: list[Party]
    targets: list[Party]
    both: bool
    reasons: dict[str, str] = field(default_factory=dict)

    def take(self, targets: list[Party], reason: str | None = None) -> None:
        """Give the act the targets that something outside its own phrases shows."""
        self.targets = targets
        self.reasons.pop("target", None)
        if reason is not None:
            self.reasons["target"] = reason

    def pairs(self) -> list[tuple[Party | None, Party | None]]:
        """Return source and target of each record."""
        pairs: list[tuple[Party | None, Party | None]] = []
        if self.both and len(self.sources) > 1 and not self.targets:
            pairs += [(a, b) for a in self.sources for b in self.sources if a is not b]
            return pairs[: MOST_PARTIES * 2]
        if not self.sources and not self.targets:
            return []
        pairs = [(s, t) for s in (self.sources or [None]) for t in (self.targets or [None])]  # type: ignore[list-item]
        if self.both and self.sources and self.targets:
            pairs += [(t, s) for s, t in list(pairs)]
        return pairs


def sides_of(reading: Reading, passage: Passage, sentence: int) -> Sides:
    """Make the parties of a reading: of its own phrases, then of groups that they mean, then of the passage."""
    sources, paired = _with_groups(source_party, reading.sources, passage, sentence, reading)
    acting = [t for t in reading.targets if acts(t) or is_pair(t)]
    tokens = acting or [t for t in reading.targets if may_suffer(t)]
    targets, _ = _with_groups(target_party, tokens, passage, sentence, reading, sources)
    targets = [t for t in targets if not any(same_party(t, s) for s in sources)]
    if sources and targets and {key_of(t) for t in targets} == {key_of(s) for s in sources}:
        targets = _elsewhere(reading, sources) or targets
    if not targets and sources and not paired:
        tokens = _inside_objects(reading) or _further_on(reading)
        inside = [p for t in tokens if (p := target_party(t)) is not None]
        known = {key_of(s) for s in sources}
        targets = [p for p in inside if key_of(p) is None or key_of(p) not in known]
    known = {key_of(s) for s in sources}
    if "target" in reading.why and len(known) == 1 and {key_of(t) for t in targets} == known:
        targets = []  # what was read before had the one who acts now on its other side
    if not targets and (paired or len(sources) > 1) and _each_other(reading):
        both = True
    else:
        both = reading.both or (paired and is_mutual(reading))
    if reading.event_type in STANCES:
        targets = [t for t in targets if t.text.casefold() != "it"]  # "denied it": what was said, not who said it
    if paired and is_mutual(reading) and all(key_of(t) is None for t in targets):
        targets = []  # "the two leaders agreed to name negotiators"
    sides = Sides(sources, targets, both)
    if not sources:
        sides.reasons["source"] = "agentless" if reading.clause is not None else "no_actor"
    if not targets and not (sides.both and len(sources) > 1):
        sides.reasons["target"] = "no_actor_in_place" if reading.targets else "not_named"
        if not _take_terms(sides, reading):
            _add_target(sides, reading, passage, sentence)
        _take_pointed(sides, reading, passage, sentence)
    elif _take_terms(sides, reading):
        pass
    elif targets and (_is_matter(targets, sources, reading) or _are_ours(targets, sources, reading)):
        _add_target(sides, reading, passage, sentence)
    sides.sources = [passage.counted(s) for s in sides.sources]
    sides.targets = [passage.counted(t) for t in sides.targets]
    return sides


def _with_groups(  # noqa: PLR0917 (whose phrases, and what they are read from)
    make: Callable[[Token], Party | None],
    tokens: list[Token],
    passage: Passage,
    sentence: int,
    reading: Reading,
    sources: Sequence[Party] = (),
) -> tuple[list[Party], bool]:
    """Make the parties of some tokens; a pair ("the two leaders") gives both whom it means. Say whether one did."""
    found: list[Party] = []
    paired = False
    for token in tokens[:MOST_PARTIES]:
        row = _row(token, make)
        two = _two(token, passage, sentence, reading) if len(row) < 3 else []  # noqa: PLR2004 (more than a pair)
        if two or row:
            found += two or row
            paired |= bool(two)
            continue
        party = make(token)
        if party is not None and token.lower_ in OPPOSITES and sources:
            party = passage.opposite(party, sources[0], sentence)
        if party is None or any((party.start, party.end) == (p.start, p.end) for p in found):
            continue
        found += members(token.doc, party)
    return found[:MOST_PARTIES], paired


def _two(token: Token, passage: Passage, sentence: int, reading: Reading) -> list[Party]:
    """Return the two whom a phrase means, as parties that keep the phrase."""
    owner = token
    if not acts(token):
        inside = [n for c in token.children if c.lower_ == "of" for n in c.children if n.dep_ == "pobj"]
        owner = next((c for c in (*token.children, *inside) if c.dep_ in {"poss", "pobj"} and is_pair(c)), token)
    if is_pair(owner):
        if reading.event_type in SUFFERED and noun_lemma(owner) not in ENDS | LANDS:
            return []  # "the two were arrested"
        two = passage.pair(token.idx, sentence, lands=noun_lemma(owner) in ENDS | LANDS)
    elif token.lower_ in PLURALS or is_theirs(token):
        party = source_party(token)
        if party is not None and key_of(party) is not None:
            two = passage.partner_named(party, token.idx, sentence)
        else:
            near = THEY_NEAR if token.lower_ in PLURALS else 1
            two = passage.pair(token.idx, sentence, near) if is_mutual(reading) else []
    else:
        two = _of_pair(token)
    if not two:
        return []
    span = noun_phrase(token)
    return [
        Party(start=span.start_char, end=span.end_char, text=span.text, actor=p.actor, reason=p.reason) for p in two
    ]


def _row(token: Token, make: Callable[[Token], Party | None]) -> list[Party]:
    """Return each of those whom "they" means where they were named in a row, as parties that keep the word."""
    span = noun_phrase(token)
    found = [make(token.doc[at]) for at in generics_of(token.doc).rows.get(token.i, ())]
    return [
        Party(start=span.start_char, end=span.end_char, text=span.text, actor=p.actor, reason=f"pronoun for {p.text}")
        for p in found
        if p is not None and p.actor is not None
    ]


def _of_pair(token: Token) -> list[Party]:
    """Return the two of "the leaders of the two Koreas", "the two Koreas' ministers"."""
    for child in token.children:
        owners = [child] if child.dep_ == "poss" else [n for n in child.children if child.lower_ == "of"]
        for owner in owners:
            if owner.tag_ == "NNPS":
                found = members(token.doc, target_party(owner))
                if len(found) > 1:
                    return found
    return []


def _add_target(sides: Sides, reading: Reading, passage: Passage, sentence: int) -> None:
    """Take the other side from the rest of the sentence or the passage, where the act has one and they leave no choice."""
    if reading.event_type not in BETWEEN or not sides.sources:
        return
    keys = frozenset(key_of(source) for source in sides.sources)
    if None in keys:
        return
    source = sides.sources[0]
    pointed = next((t for t in _spoken_of(reading) if any(c.lower_ in POINTING for c in t.lefts)), None)
    pointed = next((t for t in reading.about if t.tag_.startswith("NN") or t.lower_ in THINGS), pointed)
    if not all(_deals(source) for source in sides.sources) and pointed not in reading.about:
        return
    aside = _is_aside(reading)
    named = [*reading.targets, *(t for t in _objects_of(reading) if t.lower_ in ANYBODY)]
    unknown = any(_is_somebody(t) for t in named) and not _are_ours(sides.targets, sides.sources, reading)
    if pointed is not None and reading.frame.words[0] not in SIGNING and not aside:
        judged = pointed in reading.about
        found = [p for p in passage.doers(pointed, source, sentence, judged=judged) if key_of(p) not in keys]
        if found:
            sides.take(found, REASON)
            return
    if not unknown and (said := in_sentence(reading, keys)) is not None:
        sides.take([said])
    elif not unknown and pointed is None and len(keys) == 1 and not aside:
        party = passage.answered(source, sentence, bare=reading.event_type in HARSH)
        if party is None and reading.event_type in CARRIED:
            party = passage.counterpart(source, sentence, reading.event_type)
        if party is not None:
            sides.take([party], REASON)


def _take_pointed(sides: Sides, reading: Reading, passage: Passage, sentence: int) -> None:
    """Take whom the network surely points at, where neither grammar nor the passage gives the act another side."""
    if sides.targets:
        return
    keys = frozenset(key_of(source) for source in sides.sources)
    pointed = pointed_target(reading, passage.sentences[sentence], keys)
    if pointed is not None:
        sides.take([pointed])
        reading.why["target"] = "no place of the frame names it; the network points at it"


def _objects_of(reading: Reading) -> list[Token]:
    return objects(reading.clause) if reading.clause is not None else []


def _is_aside(reading: Reading) -> bool:
    """Say whether an act is told in a relative clause: what it was about is not what the sentences before tell."""
    token = reading.clause if reading.clause is not None else reading.trigger[0]
    for _ in range(ASIDE_REACH):
        if token.dep_ == "relcl":
            return True
        token = token.head
    return False


def _take_terms(sides: Sides, reading: Reading) -> bool:
    """Take as target who must do something for the act to be done, where the clause names nobody but the one who acts."""
    keys = frozenset(key_of(source) for source in sides.sources)
    known = all(key_of(s) is not None or (s.actor is not None and s.actor.sectors) for s in sides.sources)
    if reading.event_type not in BETWEEN or not keys or not known:
        return False
    if not {key_of(t) for t in sides.targets} <= {None, *keys}:
        return False
    said = on_terms(reading, keys)
    if said is not None:
        sides.take([said])
    return said is not None


def _deals(source: Party) -> bool:
    """Say whether a party is one that deals with other states, and surely known."""
    if source.actor is None or key_of(source) is None or not is_state(source):
        return False
    return source.actor.id is not None or bool(source.actor.sectors)


def _is_matter(targets: list[Party], sources: list[Party], reading: Reading) -> bool:
    """Say whether what stands in the target's place is only what is dealt with: "offered to close Yongbyon"."""
    if reading.event_type != "AGREE" or any(_is_somebody(t) for t in reading.targets):
        return False
    return {key_of(t) for t in targets} <= {None, *(key_of(s) for s in sources)}


def _are_ours(targets: list[Party], sources: list[Party], reading: Reading) -> bool:
    """Say whether somebody asks for his own people: "Vietnam demanded their release" of whoever holds them."""
    if reading.event_type != "REQUEST" or reading.inner is None or reading.inner.event_type != "RETREAT":
        return False
    if any(t.ent_type_ == "GPE" for t in reading.targets):
        return False  # who is asked, is said
    keys = {key_of(s) for s in sources}
    return len(keys) == 1 and {key_of(t) for t in targets} == keys and all(is_state(s) for s in sources)


def _is_somebody(token: Token) -> bool:
    """Say whether a target is people or a body that we only fail to know: then nobody else is meant."""
    if token.lower_ == "it" or token.lower_ in REFLEXIVES:  # "threatened to call it off herself"
        return False
    return (acts(token) and not _is_place(token)) or token.lower_ in ANYBODY


def _is_place(token: Token) -> bool:
    return token.ent_type_ in {"GPE", "LOC", "FAC", ""} and token.tag_ == "NNP"


def _each_other(reading: Reading) -> bool:
    """Say whether an act is told as done to "each other" or "one another"."""
    clause = reading.clause if reading.clause is not None else reading.trigger[0]
    words = [t.lower_ for t in clause.subtree if t.i > clause.i][:RECIPROCAL_REACH]
    return any(pair in RECIPROCAL for pair in pairwise(words))


def _inside_objects(reading: Reading) -> list[Token]:
    """Return who stands inside the object of the clause: "lifted its blockade of Yemen", "rejected the call of the union"."""
    if reading.clause is None or reading.event_type not in INSIDE:
        return []
    own = {t.i for t in reading.sources}
    for noun in objects(reading.clause):
        head = real_head(noun)
        if acts(head):
            continue
        found = [t for t in inner_actors(head) if t.i not in own and t.tag_ != "PRP$" and t.ent_type_ in NAMED]
        if reading.both:  # "signed the plan in Paris": where, not with whom
            found = [t for t in found if t.head.lower_ not in AT]
        if found:
            return [head] if reading.event_type in SAID_OF else found
    return []


def _further_on(reading: Reading) -> list[Token]:
    """Return the country that help or an order is for, deeper in the clause: "gave money to fight Ebola in Liberia"."""
    if reading.clause is None:
        return []
    struck = reading.event_type == "ASSAULT" and any(noun_lemma(t) in STRUCK for t in objects(reading.clause))
    if not (reading.event_type in FURTHER or struck) or reading.modality != "asserted":
        return []
    own = {t.i for t in reading.sources}
    for token in reading.clause.subtree:
        if token.i < reading.clause.i or token.i in own or token.dep_ != "pobj":
            continue
        if token.ent_type_ in {"GPE", "LOC", "NORP"} and token.head.lower_ in INTO:
            return [token]
    return []


def _spoken_of(reading: Reading) -> list[Token]:
    """Return the objects of an act in words, those of a verdict too: "called the measures hostile", "said the delay was sad"."""
    found = [*reading.about, *reading.targets]
    if reading.clause is not None and not reading.about and reading.event_type in SAID_OF:
        for child in reading.clause.children:
            if child.dep_ in {"dobj", "nsubj"} and not acts(child):
                found.append(child)
            elif child.dep_ in {"ccomp", "oprd", "xcomp"}:
                found += [c for c in child.children if c.dep_ == "nsubj" and not acts(c)]
    return found


def _elsewhere(reading: Reading, sources: list[Party]) -> list[Party]:
    """Return who stands at another place of the frame than one's own companion: "travelled to Pyongyang with his envoy"."""
    inmost = reading
    while inmost.inner is not None:
        inmost = inmost.inner
    if len(reading.frame.target) < 2 or inmost.clause is None:  # noqa: PLR2004 (no other place)
        return []
    known = {key_of(s) for s in sources}
    for place in reading.frame.target:
        found = [p for t in role(inmost.clause, place) if (p := target_party(t)) is not None]
        if found and all(key_of(p) is not None and key_of(p) not in known for p in found):
            return found
    return []
