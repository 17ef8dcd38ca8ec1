"""Choose the place of an event: each name of a place is as far from the event as the way through the parse is long.

The way is counted by what it costs, not by steps: a preposition of place is cheap, another clause is dear, and a place
that only says whose something is ("residents of Paris"), who speaks ("Washington said") or where somebody comes from
is no way at all.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Sentence

from dateline.annotate.events import syntax
from dateline.annotate.events.holders import holders
from dateline.annotate.events.lexicon import verb_lemma
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.toponyms import NAME_TAGS, Toponym, scene_words, toponyms
from dateline.annotate.layers import sentence_of
from dateline.types import EventPlace, Span

STEPS = 14  # up the tree
FARTHEST = 9.0  # what costs more is only named in passing
ON_PLACES = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "PROTEST"})  # types that places suffer or see
SPOKEN = frozenset(
    {"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE", "CONCEDE"}
)  # where one speaks, not of what
WHERE_REACH, THERE_REACH = 12, 60  # tokens back to the place that "where" and "there" point to
FRONT = 2  # tokens before the name: "In the Bronx"
NEAR = 3.0  # for what is only said
VAGUE = {"country": 2.0, "admin1": 1.2, "feature": 0.8, "admin2": 0.3}  # the narrower place is the better answer
TO_PLACE = frozenset({"to", "for", "into", "towards", "toward"})
CLAUSES = {
    "xcomp": 1.0, "pcomp": 1.0, "conj": 3.0, "acl": 2.5, "relcl": 4.0, "advcl": 4.0, "ccomp": 5.0, "parataxis": 6.0, "dep": 3.0,
}  # fmt: skip
ORIGIN = frozenset({"made", "built", "born", "based", "bought", "educated", "raised", "registered"})
APART = frozenset({"hours", "days", "weeks", "months", "years", "hour", "day", "week", "month", "year"})
ABOUT = frozenset({"to", "against", "over", "about", "for"})
PERSONAL = frozenset({"who", "whom", "whose"})
SAYING = frozenset(
    "say said says tell told tells report reported reports announce announced add added claim claimed".split()  # noqa: SIM905
)


class Scene:
    """Answer for one text."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc

    @cached_property
    def names(self) -> list[Toponym]:
        """Return the names of places, in order: looked for only where an event asks."""
        return toponyms(self.doc)

    def of(self, reading: Reading, *, visiting: bool = False) -> Toponym | None:
        """Return the name of the place that an event was at, None where none is near enough."""
        pointed = self._pointed(reading)
        if pointed is not None:
            return pointed
        own = _own(reading)
        first = min(own)
        sentence = sentence_of(self.doc[first])
        best: tuple[float, Toponym] | None = None
        farthest = NEAR if reading.event_type in SPOKEN else FARTHEST
        at, past = (bisect_left(self.names, border, key=_start) for border in (sentence.start, sentence.end))
        for name in self.names[at:past]:
            cost = _cost(name, own, reading, visiting=visiting)
            if cost is None or cost > farthest:
                continue
            cost += _vagueness(name)
            if best is None or cost < best[0]:
                best = (cost, name)
        return best[1] if best is not None else self._fronted(reading, sentence, at)

    def _fronted(self, reading: Reading, sentence: Sentence, at: int) -> Toponym | None:
        """Return the name that a sentence opens with, where the parser makes one phrase of it and the subject ("In Athens youths …")."""
        clause = reading.clause
        if clause is None or at >= len(self.names) or reading.event_type in SPOKEN:
            return None
        name, opener = self.names[at], sentence[0]
        if opener.lower_ not in scene_words()["inside"] or not 0 < name.start - sentence.start <= FRONT:
            return None
        while clause.dep_ in {"conj", "xcomp"} and clause.head.i != clause.i:
            clause = clause.head
        following = self.doc[name.end] if name.end < sentence.end else opener
        whole = following.tag_ in {"NNS", "NN"} and name.root.dep_ in {"compound", "nmod"}
        parted = following.head.i == opener.i or not any(c.dep_ == "pobj" for c in opener.children)
        return name if clause.dep_ == "ROOT" and whole and parted else None

    def _pointed(self, reading: Reading) -> Toponym | None:
        """Return the place that a clause points to: "in Malakal, where rebels shot …", "arrested him there", "on a visit to Rafah"."""
        if reading.clause is None:
            return None
        visited = self._journey(reading.clause)
        if visited is not None or reading.event_type in SPOKEN:
            return visited
        for token in reading.clause.children:
            if token.dep_ != "advmod":
                continue
            if token.lower_ == "where" and reading.clause.dep_ in {"relcl", "advcl", "ccomp"}:
                return self._last_before(token.i, token.i - WHERE_REACH)
            if token.lower_ == "there":
                return self._last_before(token.i, max(token.i - THERE_REACH, 0))
        return None

    def _journey(self, clause: Token) -> Toponym | None:
        """Return where a clause says that its subject was on a journey to."""
        for preposition in clause.children:
            if preposition.dep_ != "prep" or preposition.lower_ not in {"during", "on"}:
                continue
            for journey in preposition.children:
                if journey.lower_ not in scene_words()["journey"]:
                    continue
                goals = {g.i for to in journey.children if to.lower_ in {"to", "in", "at"} for g in to.children}
                named = next((name for name in self.names if name.root.i in goals), None)
                if named is not None:
                    return named
        return None

    def _last_before(self, end: int, start: int) -> Toponym | None:
        """Return the last name of a place between two tokens that is no wider than a city or province."""
        at = bisect_left(self.names, end, key=_start)
        for name in reversed(self.names[max(at - 3, 0) : at]):
            if name.start < start:
                break
            if name.mention is not None and name.mention.precision == "country" and not self._is_located(name):
                continue
            return name
        return None

    def _is_located(self, name: Toponym) -> bool:
        """Say whether a name stands after a preposition of place or of going there."""
        head = name.root.head
        return name.root.dep_ == "pobj" and head.lower_ in scene_words()["inside"] | TO_PLACE

    def place(self, name: Toponym) -> EventPlace:
        """Write a place down. One that the gazetteer lacks has its words alone, and the country of what it is said to be in."""
        span = self.doc[name.start : name.end]
        basis = Span(span.start_char, span.end_char, span.text)
        mention = name.mention
        if mention is None or mention.country is None:
            country, admin1 = self._holders.get(span.text.casefold(), (None, None))
            return EventPlace(geonameid=None, name=None, basis=basis, country=country, admin1=admin1)
        return EventPlace(
            geonameid=mention.geonameid, name=mention.name, country=mention.country, basis=basis, admin1=mention.admin1,
            lat=mention.lat, lon=mention.lon, precision=mention.precision,
        )  # fmt: skip

    @cached_property
    def _holders(self) -> dict[str, tuple[str | None, str | None]]:
        return holders(self.doc, self.names)


def _start(name: Toponym) -> int:
    return name.start


def _own(reading: Reading) -> dict[int, float]:
    """Return the tokens that are the event's own, and those it hangs on with what they cost."""
    own = {t.i: 0.0 for t in reading.trigger}
    if reading.clause is not None:
        own.setdefault(reading.clause.i, 0.0)
    inner = reading.inner
    while inner is not None:
        own |= {t.i: 0.0 for t in inner.trigger}
        inner = inner.inner
    at, cost = reading.trigger[0], 0.0
    for _ in range(STEPS):
        head = at.head
        if head.i == at.i:
            break
        step = _outward(at)
        if step is None:
            break
        cost += step
        own[head.i] = min(own.get(head.i, cost), cost)
        at = head
    return own


def _vagueness(name: Toponym) -> float:
    """Return what a wide place costs: the town is the better answer where the country is named too."""
    precision = name.mention.precision if name.mention is not None else None
    return VAGUE.get(precision or "", 0.0)


def _outward(at: Token) -> float | None:  # noqa: PLR0911
    """Return what it costs that a place of the word above is the event's."""
    head = at.head
    if syntax.is_verb(at) or at.pos_ == "AUX":
        if head.lower_ in SAYING:
            return None
        if at.dep_ == "advcl":
            own_subject = any(c.dep_ in {"nsubj", "nsubjpass"} for c in at.children)
            return 3.5 if own_subject or any(c.dep_ == "mark" for c in at.children) else 1.5
        if at.dep_ == "conj":
            return 3.5 if any(c.dep_ in {"nsubj", "nsubjpass"} for c in at.children) else 2.0
        return {"xcomp": 1.0, "pcomp": 1.0, "relcl": 2.5, "acl": 1.5, "ccomp": 3.0, "dep": 3.0, "amod": 0.5}.get(
            at.dep_
        )
    if at.dep_ in {"compound", "amod", "dobj", "nsubj", "nsubjpass", "attr", "dative"}:
        return 0.5
    if at.dep_ in {"pobj", "prep", "agent", "conj", "appos", "npadvmod"}:
        return 0.5
    return 2.0


def _cost(name: Toponym, own: dict[int, float], reading: Reading, *, visiting: bool) -> float | None:  # noqa: PLR0911, PLR0912
    """Return how far a name is from the event, None where no way leads from it."""
    at, cost, placed = name.root, 0.0, False
    for step in range(STEPS):
        if step and at.i in own:
            return cost + own[at.i] if placed else None
        head = at.head
        if head.i == at.i:
            return None
        if at.dep_ == "pobj" or (at.dep_ == "pcomp" and not syntax.is_verb(at)):
            answer = _preposition(head, own, reading, placed=placed, visiting=visiting)
            if answer is None:
                return None
            more, says = answer
            cost, placed, at = cost + more, placed or says, head.head
            if head.head.i == head.i:
                return None
            continue
        if at.dep_ in {
            "compound",
            "poss",
            "nmod",
            "amod",
            "appos",
            "conj",
            "npadvmod",
            "nummod",
        } and not syntax.is_verb(at):
            more, says, stop = _modifier(at, own, reading, placed=placed)
            if stop:
                return None
            cost, placed, at = cost + more, placed or says, head
            continue
        if syntax.is_verb(at):
            if at.dep_ not in CLAUSES or head.lower_ in SAYING or at.lower_ in SAYING:
                return None
            if at.lower_ in ORIGIN and at.dep_ in {"acl", "relcl", "amod"}:
                return None  # "a nerve agent made in Russia"
            if at.dep_ == "advcl" and any(
                c.lower_ == "after" and at.doc[c.i - 1].lower_ in APART for c in at.lefts if c.i > 0
            ):
                return None  # "hours after a ceasefire began in Gaza"
            if at.dep_ == "relcl" and _of_another_time(at):
                return None  # "freed a man who in 2019 shot an exile in Berlin"
            cost, at = cost + CLAUSES[at.dep_], head
            continue
        visited = visiting and at.i == name.root.i and own.get(head.i) == 0.0  # "visited Ukraine"
        if at.dep_ in {"dobj", "nsubjpass"} and not placed and (visited or _suffers(at, head, own, reading)):
            if not name.sure and at.i == name.root.i and at.lower_ not in scene_words()["building"]:
                return None  # whom or what: nothing says that it is a place
            cost, placed, at = cost + 1.0, True, head
            continue
        if not placed or (
            at.dep_ == "nsubj" and reading.event_type in SPOKEN and at.lower_ not in scene_words()["crowd"]
        ):
            return None  # "Democrats in Washington accused him"
        cost, at = cost + (0.5 if at.dep_ in {"dobj", "prep", "advmod", "nsubjpass"} else 1.0), head
    return None


def _of_another_time(clause: Token) -> bool:
    """Say whether a clause that says who somebody is has a time of its own."""
    if not any(c.lower_ in PERSONAL for c in clause.lefts):
        return False
    inside = clause.doc[clause.left_edge.i : clause.right_edge.i + 1]
    return any(t.ent_type_ == "DATE" or t.lower_ == "had" for t in inside)


def _suffers(noun: Token, verb: Token, own: dict[int, float], reading: Reading) -> bool:
    """Say whether a place is itself what an act is done to: "shelled Tal Rifa", "patrol the streets of Kabul"."""
    if reading.event_type not in ON_PLACES or noun.i in {t.i for t in reading.sources}:
        return False
    return own.get(verb.i) == 0.0 or verb_lemma(verb) in scene_words()["conquer"]


def _modifier(at: Token, own: dict[int, float], reading: Reading, *, placed: bool) -> tuple[float, bool, bool]:
    """Return cost, whether that says a place, and whether the way ends, of a name before or beside a noun."""
    head, words = at.head, scene_words()
    if at.dep_ in {"conj", "appos"}:
        return 0.5 if at.dep_ == "conj" else 1.5, False, False
    if at.dep_ == "poss":
        return (
            1.0,
            False,
            (acts(head) and head.dep_ != "pobj") or head.lower_ in words["missions"] or own.get(head.i) == 0.0,
        )
    if head.lower_ in words["wars"] | words["missions"]:
        return 0.0, False, True
    if own.get(head.i) == 0.0 and reading.event_type in ON_PLACES:
        return 1.0, True, False
    return 0.5, False, not placed and acts(head) and head.dep_ != "pobj" and head.ent_type_ not in {"GPE", "LOC", "FAC"}


def placed_by(preposition: Token) -> bool:
    """Say whether a "from" before its verb says where somebody stands: "from the balcony of city hall she saluted"."""
    ground = next((c for c in preposition.children if c.dep_ == "pobj"), None)
    return ground is not None and ground.lower_ in scene_words()["stand"]


def _preposition(  # noqa: PLR0911, PLR0912
    preposition: Token, own: dict[int, float], reading: Reading, *, placed: bool, visiting: bool
) -> tuple[float, bool] | None:
    """Return cost of a preposition on the way and whether it says a place, None where it says something else."""
    words = scene_words()
    word, governor = preposition.lower_, preposition.head
    if word in words["inside"]:
        return 0.0, True
    if word in words["beside"]:
        return 1.0, True
    if word == "of":
        if governor.lower_ in words["heading"] and governor.dep_ in {"advmod", "npadvmod", "prep", "advcl"}:
            return 2.5, True
        if governor.lower_ in words["part"] | words["settlement"] or governor.tag_ == "CD":
            named = any(
                c.dep_ == "compound" and c.tag_ in NAME_TAGS for c in governor.children
            )  # "Ranna district of Kabul"
            return (1.5 if named else 0.2), False
        if own.get(governor.i) == 0.0 and reading.event_type in ON_PLACES:
            return 1.0, True
        if acts(governor):  # "the governor of a district in Basra": where he governs, not where it was
            return (2.5, False) if placed else None
        return 0.5, False
    if word in words["onto"]:
        if reading.event_type in ON_PLACES or visiting or (word == "into" and reading.event_type not in SPOKEN):
            return 1.0, True
        ground = next((c for c in preposition.children if c.dep_ == "pobj"), None)
        if ground is not None and (
            ground.lower_ in words["building"] | words["part"] | words["stand"] or ground.ent_type_ == "LOC"
        ):
            return 1.0, True  # "met on the border": not "sanctions on Serbia", "called on Russia"
        return (1.0, False) if placed else None
    if word == "from" and preposition.i < governor.i and placed_by(preposition):
        return 0.5, True
    if word in TO_PLACE and (visiting or reading.event_type == "MOBILIZE"):
        return 1.0, True
    hangs = own.get(governor.i) == 0.0
    if hangs and (
        (word == "from" and reading.event_type == "RETREAT") or (word == "to" and reading.event_type == "PROTEST")
    ):
        return 2.0, True
    if (
        word == "from"
        and hangs
        and reading.event_type in SPOKEN
        and any(c.dep_ == "dobj" and c.tag_ == "PRP" for c in governor.children)
    ):
        return 1.0, True  # "urged them from Jerusalem": not "demanded aid from Paris"
    if word in ABOUT and reading.event_type not in ON_PLACES:
        return None
    if word in words["when"]:
        return (3.0, False) if placed else None
    return (1.0, False) if placed else None
