"""Match the frames of a word against its clause, and read it plainly by the one that fits best."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.authors import speaking
from dateline.annotate.events.frames import IDLE, WHOLE, Frame, Need, frames_of
from dateline.annotate.events.lasting import was_held
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.outer import Outer, Rule, outers_of
from dateline.annotate.events.parties import acts, fits, is_each, is_measure, is_mutual, kinds_of
from dateline.annotate.events.prepositions import has_particle, preposition_complement
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.roles import first_role, is_infinitive, place_of, role, spread
from dateline.annotate.events.status import is_negated, tense_of

FEW_WORDS = 12  # a condition that names so few words is a narrow one
ABROAD = frozenset({"ACCUSE", "SUPPORT", "REJECT"})  # what a capital may do in the passive: "was rejected in Seoul"
TURNING = frozenset({"off", "down", "back", "away"})  # particles that make another verb of it


class Surroundings:
    """Remember what stands around one word: its frames ask the same many times over."""

    def __init__(self, token: Token) -> None:
        self.token = token
        self._places: dict[str, list[Token]] = {}
        self._words: dict[tuple[str, ...], bool] = {}
        self._kinds: dict[str, frozenset[str]] = {}
        self._answers: dict[str, bool] = {}
        self._clause: frozenset[str] | None = None
        self.turning: set[str] = set()
        self.near: set[str] = set()  # forms and lemmas of what hangs on the word, and on that
        for child in token.children:
            form = child.lower_
            if child.dep_ == "prt" and form in TURNING:
                self.turning.add(form)
            self.near.update((form, noun_lemma(child)), (grandchild.lower_ for grandchild in child.children))

    def kinds(self, place: str) -> frozenset[str]:
        """Return what the nouns at a place are, all together."""
        found = self._kinds.get(place)
        if found is None:
            each = form_of if place.endswith("mod") else kinds_of
            found = self._kinds[place] = frozenset().union(*map(each, self.at(place)))
        return found

    def is_so(self, question: str, answer: Callable[[Token], bool]) -> bool:
        """Return what is asked of the word, asked once."""
        found = self._answers.get(question)
        if found is None:
            found = self._answers[question] = answer(self.token)
        return found

    def clause(self) -> frozenset[str]:
        """Return the forms of all that hangs on the word."""
        if self._clause is None:
            self._clause = frozenset(token.lower_ for token in self.token.subtree)
        return self._clause

    def at(self, place: str) -> list[Token]:
        """Return the tokens at a place."""
        found = self._places.get(place)
        if found is None:
            found = self._places[place] = place_of(self.token, place)
        return found

    def has(self, words: tuple[str, ...]) -> bool:
        """Say whether the further words of a sense are there."""
        if words[0] not in self.near:
            return False
        found = self._words.get(words)
        if found is None:
            found = self._words[words] = words_of(self.token, words) is not None
        return found


@dataclass(slots=True)
class _Rows:
    """Hold some frames of one word with their places in order: by the noun that they want, or as they are where they want none."""

    plain: list[tuple[int, Frame]] = field(default_factory=list)
    by_noun: dict[str, dict[str, list[tuple[int, Frame]]]] = field(default_factory=dict)  # place → noun → frames
    every: list[tuple[int, Frame]] = field(default_factory=list)

    def add(self, at: int, frame: Frame) -> None:
        """Take a frame in."""
        self.every.append((at, frame))
        need = next((need for need in frame.needs if _wants_noun(need)), None)
        if need is None:
            self.plain.append((at, frame))
            return
        nouns = self.by_noun.setdefault(need.place, {})
        for word in need.words or ():
            nouns.setdefault(word, []).append((at, frame))

    def among(self, around: Surroundings) -> Iterator[tuple[int, Frame]]:
        """Yield the frames whose noun is there, and those that want none; some more than once."""
        yield from self.plain
        for place, nouns in self.by_noun.items():
            for kind in nouns.keys() & around.kinds(place):
                yield from nouns[kind]


@dataclass(slots=True)
class _Senses:
    """Hold the frames of one word: those of the word alone, and the others by their second word."""

    alone: _Rows = field(default_factory=_Rows)
    further: dict[str, _Rows] = field(default_factory=dict)

    def among(self, around: Surroundings, *, aimless: bool) -> list[Frame]:
        """Return the frames that may fit, in order. `aimless` waives conditions, so that no noun rules a frame out."""
        found: dict[int, Frame] = {}
        for rows in (self.alone, *(self.further[word] for word in self.further.keys() & around.near)):
            found.update(rows.every if aimless else rows.among(around))
        return [found[at] for at in sorted(found)]


def _wants_noun(need: Need) -> bool:
    """Say whether a condition can be met by certain nouns at one place only."""
    return need.words is not None and not need.absent and not need.unlike and need.place not in WHOLE


@cache
def _senses() -> dict[tuple[str, str], _Senses]:
    found: dict[tuple[str, str], _Senses] = {}
    for key, known in frames_of().items():
        senses = found[key] = _Senses()
        for at, frame in enumerate(known):
            second = frame.words[1:2]
            (senses.further.setdefault(second[0], _Rows()) if second else senses.alone).add(at, frame)
    return found


def best_frame(token: Token, lemma: str, pos: str, *, aimless: bool = False) -> tuple[Frame | None, int]:
    """Return the frame that fits a word best, and how much of it was met; `aimless` waives the places of its target."""
    known = _senses().get((lemma, pos))
    if known is None:
        return None, 0
    best: Frame | None = None
    best_score = -1.0
    around = Surroundings(token)
    for frame in known.among(around, aimless=aimless):
        score = _score(around, frame, aimless=aimless)
        if score >= 0 and frame.event_type == IDLE:
            return frame, int(score)
        if score > best_score:
            best, best_score = frame, score
    return best, (0 if best is None else int(best_score))


def _score(around: Surroundings, frame: Frame, *, aimless: bool) -> float:
    score = 0.0
    if frame.pos == "verb" and not around.turning.issubset(frame.words):
        return -1
    if further := frame.words[1:]:
        if not around.has(further):
            return -1
        score += 2 * len(further)
    for need in frame.needs:
        if not _met(around, frame, need):
            if aimless and (
                need.place == "aim" or (need.place in frame.target and not around.at(need.place))
            ):  # an outer predicate knows more of "the trip"
                continue
            return -1
        score += _weight(need)
    return score


def _met(around: Surroundings, frame: Frame, need: Need) -> bool:
    token = around.token
    if need.place in WHOLE:
        return _whole_met(around, frame, need)
    if "|" in need.place:  # any of these prepositions
        return any(around.at(place) for place in need.place.split("|")) != need.absent
    found = around.at(need.place)
    if not found and need.words is None and not need.absent:
        return preposition_complement(token, need.place) is not None
    if need.absent:
        return not any(fits(t, need.words) for t in found) if need.words else not found
    if not found or need.words is None:
        return bool(found)
    return need.unlike == need.words.isdisjoint(around.kinds(need.place))


def _whole_met(around: Surroundings, frame: Frame, need: Need) -> bool:
    """Say whether a condition is met that no noun at a place of its own decides."""
    if need.place == "aim":
        return any(role(around.token, place) for place in frame.target) != need.absent
    if need.place == "clause":
        return need.absent == (need.words or frozenset()).isdisjoint(around.clause())
    return around.is_so(need.place, ASKED_OF_WORD[need.place]) != need.absent


def is_bare(noun: Token) -> bool:
    """Say whether a noun stands behind "in" with nothing before it: "left the chamber in protest"."""
    return noun.dep_ == "pobj" and noun.head.lower_ == "in" and noun.i == noun.head.i + 1


def governs_clause(verb: Token) -> bool:
    """Say whether a verb governs a clause or an infinitive."""
    return complement_of(verb) is not None


def governs_infinitive(verb: Token) -> bool:
    """Say whether a verb governs an infinitive."""
    return any(c.dep_ in {"xcomp", "ccomp"} and is_infinitive(c) for c in verb.children)


def form_of(token: Token) -> frozenset[str]:
    """Return the form of a modifier, which is all that conditions ask of one."""
    return frozenset((token.lower_,))


def carries_act(token: Token) -> bool:
    """Say whether the object is a word like "readiness to …", "threat to …": the act is inside it."""
    for noun in syntax.objects(token):
        if (noun_lemma(noun), "noun") in outers_of() and any(c.dep_ == "acl" or c.lower_ == "for" for c in noun.rights):
            return True
    return False


def complement_of(token: Token) -> Token | None:
    """Return the clause or infinitive that a verb governs."""
    for child in token.children:
        if child.dep_ in {"xcomp", "ccomp"} and (syntax.is_verb(child) or child.tag_.startswith("JJ")):
            return child
    return None


ASKED_OF_WORD: Final[dict[str, Callable[[Token], bool]]] = {
    "bare": is_bare, "comp": governs_clause, "held": was_held, "neg": is_negated, "xcomp": governs_infinitive,
}  # what a condition asks of the word itself, by its name  # fmt: skip


def words_of(token: Token, words: tuple[str, ...]) -> list[Token] | None:
    """Find the further words of a sense; return all its tokens, or None."""
    found = [token]
    at = token
    for word in words:
        hit = has_particle(at, word)
        if hit is None:
            hit = next(
                (
                    c
                    for c in at.children
                    if c.dep_ in {"dobj", "pobj", "oprd", "acomp", "attr", "nsubj"} and noun_lemma(c) == word
                ),
                None,
            )
        if hit is None and at is token:
            hit = next(
                (
                    c
                    for c in at.children
                    if c.lower_ == word and c.dep_ in {"acomp", "oprd", "xcomp", "ccomp", "dobj", "intj"}
                ),
                None,
            )
        if hit is None:
            return None
        found.append(hit)
        at = token if hit.dep_ == "prt" else hit
    return found


def plain(token: Token, frame: Frame, met: int) -> Reading:
    """Read a word by one frame alone."""
    words = words_of(token, frame.words[1:]) or [token]
    sources = spread(speaking(first_role(token, frame.source)), frame)
    if (
        not sources
        and not frame.both
        and frame.event_type in ABROAD
        and frame.source[:1] == ("subj",)
        and syntax.is_passive(token)
    ):
        sources = [t for t in role(token, "in") if t.ent_type_ == "GPE"]  # "the vote was welcomed in Moscow"
    targets = first_role(token, frame.target, target=True)
    taken = {t.i for t in sources}
    targets = [t for t in targets if t.i not in taken and not is_measure(t)]
    mutual = any(is_mutual(t) for t in targets) and (len(sources) > 1 or any(is_each(t) for t in sources))
    if mutual:  # "accused each other": each is the other's target
        targets = []
    used = {t.i for t in words}
    if frame.pos == "verb":
        for noun in syntax.objects(token):
            head = syntax.real_head(noun)
            if not acts(head):
                used.add(head.i)
    return Reading(
        frame.event_type, frame.mode, frame.cameo, words, sources, targets, frame.both or mutual, frame, [frame.id],
        clause=token, used=used, times={token.i} | {t.i for t in words}, tense=tense_of(token), specific=met,
    )  # fmt: skip


def _weight(need: Need) -> float:
    """Return how much a met condition speaks for its frame: few words say more than many, a class more than its opposite."""
    if need.absent:
        return 0.0
    if need.words is None or need.unlike:
        return 1.0
    named = len(need.words) <= FEW_WORDS and any(word.islower() for word in need.words)
    return 2.5 if named else 2.0


def bare_frame(outer: Outer, rule: Rule) -> Frame:
    """Make the frame of an outer predicate whose inner act no frame reads."""
    name = f"{'_'.join(outer.words)}.bare/{rule.event_type}"
    return Frame(
        name, outer.words, outer.pos, (), (), (), False, rule.event_type, None, rule.cameo, outer.example, outer.reads,
        "outer.tsv", outer.line,
    )  # fmt: skip
