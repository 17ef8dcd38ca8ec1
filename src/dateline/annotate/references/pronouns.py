"""Resolve third-person pronouns: nearness, number, gender, and what grammar and quotation marks allow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from spacy.tokens import Doc, Token

from dateline.annotate.actors.wordlists import listed
from dateline.annotate.layers import offsets_of, text_of
from dateline.annotate.references.figures import SUBJECTS, Cast, Figure, Gender, Sort
from dateline.annotate.references.generics import generics_of
from dateline.annotate.references.quoted import Quoted

LOOK_BACK = 24  # mentions: what was said longer ago is not what a pronoun means
SENTENCES = 3  # how many sentences back
_NEAR = 120  # characters between a quotation and the one who says it
_PARAGRAPH = 1.0  # what a mention loses for each new paragraph since
_TOLD = 1.5  # what the subject of a clause loses to that of the sentence, seen from the next
_REFLEXIVE = frozenset(["himself", "herself", "itself", "themselves"])
_OBJECTS = frozenset(["dobj", "obj", "dative", "pobj", "iobj"])
_CLOSED = frozenset(["relcl", "acl"])  # clauses that take their subject from the noun they stand by
_PRONOUNS: dict[str, tuple[tuple[Sort, ...], Gender | None]] = {
    "he": (("person",), "male"), "him": (("person",), "male"), "his": (("person",), "male"),
    "himself": (("person",), "male"), "she": (("person",), "female"), "her": (("person",), "female"),
    "hers": (("person",), "female"), "herself": (("person",), "female"),
    "it": (("body",), None), "its": (("body",), None), "itself": (("body",), None),
    "they": (("plural",), None), "them": (("plural",), None), "their": (("plural",), None),
    "themselves": (("plural",), None),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pronoun:
    """Mark a pronoun and the figure that it means."""

    start: int
    end: int
    figure: Figure
    reason: str


class PronounReader:
    """Read the pronouns of one text."""

    def __init__(self, doc: Doc, cast: Cast) -> None:
        self._doc = doc
        self._cast = cast
        self._subjects: list[tuple[Token, Figure]] = []  # the pronouns read so far of which something is told
        self._quoted = Quoted(text_of(doc))
        self._offsets = offsets_of(doc)
        self._sentence = [0] * len(doc)
        self._paragraph = [0] * len(doc)
        paragraph = 0
        for number, sent in enumerate(doc.sents):
            for at in range(sent.start, sent.end):
                self._sentence[at] = number
                self._paragraph[at] = paragraph
                paragraph += "\n" in doc[at].text_with_ws

    def find(self) -> Iterator[Pronoun]:
        """Yield the pronouns that can be resolved."""
        meant: dict[int, Figure] = {}  # what the pronouns read so far stand for, by their token
        for token in self._doc:
            wanted = _PRONOUNS.get(token.lower_)
            if wanted is None or (token.lower_ == "it" and _impersonal(token)) or token.head.lower_ == "kind":
                continue
            figure = self._antecedent(token, meant, *wanted)
            if figure is not None:
                meant[token.i] = figure
                if token.dep_ in SUBJECTS:
                    self._subjects.append((token, figure))
            if figure is not None and figure.members:
                generics_of(self._doc).rows[token.i] = figure.members
            if figure is not None and figure.actor is not None:
                yield Pronoun(token.idx, token.idx + len(token), figure, f"pronoun for {_called(figure)}")

    def _antecedent(
        self, token: Token, meant: dict[int, Figure], sorts: tuple[Sort, ...], gender: Gender | None
    ) -> Figure | None:
        best: Figure | None = None
        best_score = 0.0
        seen: set[int] = set()
        inside = self._quoted.at(token.idx)
        object_of_act = token.dep_ in _OBJECTS and token.lower_ not in _REFLEXIVE
        barred = _with_conjuncts(_subject_over(token)) if object_of_act else []
        seen.update(id(meant[subject.i]) for subject in barred if subject.i in meant)  # "he invited him" are two
        for start, end, figure in self._spoken_of(token):
            root = self._root(start, end)
            distance = self._sentence[token.i] - self._sentence[root.i]
            if distance > SENTENCES:
                break
            many = figure.many and "plural" in sorts
            if not (figure.sort in sorts or many) or (gender and figure.gender and figure.gender != gender):
                continue
            if any(start <= subject.idx < end for subject in barred):
                seen.add(id(figure))  # "Trump urged him": nobody is his own object, however often he is named
            if id(figure) in seen:
                continue
            if distance == 0 and not _allowed(token, root):
                continue
            seen.add(id(figure))
            score = _score(token, root, figure, distance, gender) + self._by_quotation(inside, start, root)
            score -= _PARAGRAPH * (self._paragraph[token.i] - self._paragraph[root.i])
            if score > best_score:
                best, best_score = figure, score
        return best

    def _spoken_of(self, token: Token) -> list[tuple[int, int, Figure]]:
        """Return the latest mentions before a pronoun, the latest first; "he said" speaks of somebody as his name does."""
        named = list(self._cast.before(token.idx, most=LOOK_BACK))
        if not named:
            return named
        meant = [(t.idx, t.idx + len(t), figure) for t, figure in self._subjects[-LOOK_BACK:] if t.idx > named[-1][0]]
        return sorted((*named, *meant), key=itemgetter(0), reverse=True) if meant else named

    def _root(self, start: int, end: int) -> Token:
        """Return the head word of the mention `start`..`end`."""
        first = max(0, bisect_right(self._offsets, start) - 1)
        last = max(first, bisect_right(self._offsets, end - 1) - 1)
        for token in self._doc[first : last + 1]:
            if not first <= token.head.i <= last or token.head.i == token.i:
                return token
        return self._doc[last]

    def _by_quotation(self, inside: tuple[int, int] | None, start: int, root: Token) -> float:
        """Weigh quotation marks: within one, the speaker is "I"; outside, what is inside counts less."""
        if inside is None:
            return -2.0 if self._quoted.at(start) is not None else 0.0
        if inside[0] <= start < inside[1]:
            return 2.0
        speaks = root.dep_ in SUBJECTS and (0 <= start - inside[1] < _NEAR or 0 <= inside[0] - start < _NEAR)
        return -6.0 if speaks else -1.0


def _called(figure: Figure) -> str:
    return figure.name or figure.reason


def _impersonal(token: Token) -> bool:
    """Say whether "it" stands for nothing: "it is unclear", "it took a week"."""
    if token.dep_ == "expl":
        return True
    verb = token.head
    if token.dep_ != "nsubj" or verb.lower_ not in listed("pronouns.impersonal"):
        return False
    told = next((child for child in verb.rights if child.dep_ in ("acomp", "attr", "oprd")), None)
    if told is None:
        return verb.lower_ in listed("pronouns.weather") or any(
            child.dep_ in ("ccomp", "xcomp") for child in verb.rights
        )
    if told.dep_ == "acomp":
        return told.lower_ not in listed("pronouns.personal")
    return not any(child.lower_ in ("a", "an") for child in told.lefts) or told.lower_ in listed("pronouns.times")


def _subject_over(token: Token) -> Token | None:
    """Return the subject of the act whose object `token` is, through acts that have none of their own."""
    verb = token.head if token.dep_ != "pobj" else token.head.head
    for _ in range(8):  # steps up the parse: deeper than that no writer goes
        subject = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
        if subject is not None:
            return subject
        if verb.dep_ in _CLOSED or verb.head == verb:
            return None
        verb = verb.head
    return None


def _with_conjuncts(subject: Token | None) -> list[Token]:
    """Return a subject and those joined to it: in "Putin and Xi thanked him", he is neither."""
    found = [subject] if subject is not None else []
    while found and len(found) < 6:  # noqa: PLR2004 (longer lists are no pair of actors)
        joined = next((child for child in found[-1].children if child.dep_ == "conj"), None)
        if joined is None:
            break
        found.append(joined)
    return found


def _allowed(token: Token, other: Token) -> bool:
    """Apply what grammar forbids: in "its neighbour Chad", "its" is not Chad's."""
    if token.dep_ == "poss":
        return other.i < token.i and not other.is_ancestor(token)
    listed = other.dep_ == "conj" or any(c.dep_ == "conj" for c in other.rights)
    if listed and token.lower_ == "it" and token.dep_ in SUBJECTS and token.head.is_ancestor(other):
        return False  # "Italy and Denmark, it threatened, would be next"
    return other.i < token.i


def _is_main(verb: Token) -> bool:
    """Say whether a verb is that of its sentence, or one joined to it."""
    for _ in range(4):  # verbs in a row
        if verb.dep_ == "ROOT":
            return True
        if verb.dep_ != "conj":
            return False
        verb = verb.head
    return False


def _score(token: Token, root: Token, figure: Figure, distance: int, gender: Gender | None) -> float:
    score = 10.0 - 3.0 * distance
    if root.dep_ in SUBJECTS:
        score += 3.0 if distance == 0 or _is_main(root.head) else 3.0 - _TOLD
    elif root.dep_ == "poss":
        score -= 1.0
    elif root.dep_ in ("compound", "amod", "nmod"):
        score -= 1.5 if figure.sort == "person" else 4.0  # "U.S. officials" hardly speaks of the state
    elif root.dep_ in ("pobj", "appos"):
        score -= 0.5
    if root.head.dep_ == "ROOT":
        score += 0.5
    joined = token.dep_ in _OBJECTS and token.head.dep_ == "conj" and root.head == token.head.head
    if joined and root.dep_ in _OBJECTS:
        score += 4.0  # "met Fujimori and urged him"
    if gender and figure.gender == gender:
        score += 0.5
    if figure.name is None:
        score -= 0.5
    return score + min(2.0, 0.2 * len(figure.starts))
