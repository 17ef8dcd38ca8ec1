"""Resolve third-person pronouns: nearness, number, gender, and what grammar allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from dateline.annotate.references.figures import Cast, Figure, Gender, Sort

LOOK_BACK = 24  # mentions: what was said longer ago is not what a pronoun means
_SENTENCES = 3  # how many sentences back
_REFLEXIVE = frozenset("himself herself itself themselves".split())
_PRONOUNS: dict[str, tuple[Sort, Gender | None]] = {
    "he": ("person", "male"), "him": ("person", "male"), "his": ("person", "male"), "himself": ("person", "male"),
    "she": ("person", "female"), "her": ("person", "female"), "hers": ("person", "female"), "herself": ("person", "female"),
    "it": ("body", None), "its": ("body", None), "itself": ("body", None),
}  # fmt: skip
_IMPERSONAL = frozenset(
    "be seem appear take turn happen matter rain snow become remain look sound feel mean".split()
) | frozenset("'s ’s is was were been being seems seemed appears appeared takes took turns turned becomes became".split())


@dataclass(frozen=True, slots=True)
class Pronoun:
    """Mark a pronoun and the figure that it means."""

    start: int
    end: int
    figure: Figure
    reason: str


def find_pronouns(doc: Doc, cast: Cast) -> Iterator[Pronoun]:
    """Yield the pronouns of `doc` that can be resolved, noting each as a mention, so that chains go on."""
    for token in doc:
        wanted = _PRONOUNS.get(token.lower_)
        if wanted is None or (wanted[0] == "body" and _impersonal(token)):
            continue
        figure = _antecedent(token, wanted[0], wanted[1], cast)
        if figure is not None:
            yield Pronoun(token.idx, token.idx + len(token), figure, f"pronoun for {figure.name}")


def _impersonal(token: Token) -> bool:
    """Say whether "it" stands for nothing: "it is unclear", "it took a week"."""
    if token.lower_ != "it":
        return False
    if token.dep_ == "expl":
        return True
    return token.dep_ in ("nsubj", "nsubjpass", "") and token.head.lower_ in _IMPERSONAL


def _antecedent(token: Token, sort: Sort, gender: Gender | None, cast: Cast) -> Figure | None:
    best: Figure | None = None
    best_score = -1.0
    sentence = token.sent.start
    seen: set[int] = set()
    for start, end, figure in cast.before(token.idx, most=LOOK_BACK):
        if figure.sort != sort or (gender and figure.gender and figure.gender != gender) or id(figure) in seen:
            continue
        span = token.doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            continue
        root = span.root
        distance = _sentences_between(token, root)
        if distance > _SENTENCES:
            break
        if distance == 0 and not _allowed(token, root):
            continue
        seen.add(id(figure))
        score = _score(root, figure, distance, sentence, gender)
        if score > best_score:
            best, best_score = figure, score
    return best


def _sentences_between(token: Token, other: Token) -> int:
    count, at = 0, token.sent.start
    while at > other.i and count <= _SENTENCES:
        at = token.doc[at - 1].sent.start if at else 0
        count += 1
    return count


def _allowed(token: Token, other: Token) -> bool:
    """Apply what grammar forbids: "Trump told him" does not speak of Trump."""
    if token.dep_ == "poss":
        return other not in token.head.subtree or other.i < token.i
    if token.lower_ in _REFLEXIVE:
        return True
    if token.dep_ in ("dobj", "obj", "dative", "pobj", "iobj"):
        verb = token.head if token.dep_ != "pobj" else token.head.head
        return not (other.head == verb and other.dep_ in ("nsubj", "nsubjpass"))
    return other.i < token.i


def _score(root: Token, figure: Figure, distance: int, sentence: int, gender: Gender | None) -> float:
    score = 10.0 - 3.0 * distance
    if root.dep_ in ("nsubj", "nsubjpass"):
        score += 3.0
    elif root.dep_ in ("poss", "compound", "amod", "nmod"):
        score -= 1.5 if figure.sort == "person" else 4.0  # "U.S. officials" hardly speaks of the state
    elif root.dep_ in ("pobj", "appos"):
        score -= 0.5
    if root.head.dep_ == "ROOT":
        score += 0.5
    if gender and figure.gender == gender:
        score += 0.5
    return score + min(2.0, 0.2 * len(figure.starts))
