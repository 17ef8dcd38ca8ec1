"""Clean the names that spaCy finds: articles, possessives, quotation marks, credits, ends of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from dateline.annotate.actors.normal import key_of
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.layers import text_of

NAMES = frozenset(
    ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
)  # spaCy's other labels are times and numbers
_TRAILING = "\"'\u201c\u201d\u2018\u2019.,;:!?()[]\u00ab\u00bb-\u2013\u2014\u2026 \u00a0\n\t"
_POSSESSIVES = ("'s", "\u2019s")
_BREAK = re.compile(r"\n|/(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Mark a stretch that spaCy takes for a name."""

    start: int
    end: int
    label: str


def find_pieces(doc: Doc) -> Iterator[Piece]:
    """Yield the names that spaCy found in `doc`, cleaned."""
    text = text_of(doc)
    last: Piece | None = None
    for ent in doc.ents:
        if ent.label_ in NAMES:
            for piece in clean(text, ent.start_char, ent.end_char, ent.label_):
                if _part_of_title(text, piece):
                    continue
                if last is not None and last.end + 1 == piece.start and text[last.end] in "'\u2019":
                    last = Piece(last.start, piece.end, last.label)  # "Michael O" and "Leary"
                    continue
                if last is not None:
                    yield last
                last = piece
    if last is not None:
        yield last


def clean(text: str, start: int, end: int, label: str) -> list[Piece]:
    """Cut articles, possessives and marks off a name, and cut it where a line ends."""
    pieces = []
    for part in _lines(text, start, end):
        first, last = part
        while last > first and (text[last - 1] in _TRAILING or text[last - 2 : last] in _POSSESSIVES):
            if text[last - 1] == "." and _abbreviated(text, first, last):
                break
            last -= 2 if text[last - 2 : last] in _POSSESSIVES else 1
        first = _past_opener(text, first, last)
        if first < last and _is_name(text[first:last]):
            pieces.append(Piece(first, last, label))
    return pieces


def _past_opener(text: str, first: int, last: int) -> int:
    """Return where a name begins behind its article and marks."""
    while first < last:
        if text[first] in _TRAILING:
            first += 1
            continue
        opener = text[first:last].split(" ", 1)
        opens = opener[0].casefold() in listed("mentions.openers") or key_of(opener[0]) in listed("mentions.courtesy")
        if len(opener) == 1 or not opens or not opener[1][:1].strip():
            break
        first += len(opener[0]) + 1
    return first


def _is_name(piece: str) -> bool:
    """Say whether it can be a name at all: some capital or figure; the rest of a verb ("n't") is none."""
    return any(char.isupper() or char.isdigit() for char in piece)


def _part_of_title(text: str, piece: Piece) -> bool:
    """Say whether it is the "State" of "Secretary of State"."""
    return text[max(0, piece.start - len("secretary of ")) : piece.end].casefold() == "secretary of state"


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a name where a line ends, and credits ("AP Photo/Jane Doe") at the slash."""
    parts, at = [], start
    for line in _BREAK.split(text[start:end]):
        parts.append((at, at + len(line)))
        at += len(line) + 1
    return parts


def _abbreviated(text: str, first: int, last: int) -> bool:
    """Say whether the last full stop belongs to the name: U.S., Jr., Inc."""
    word = text[first:last].rsplit(" ", 1)[-1]
    return "." in word[:-1] or word in ("Jr.", "Sr.", "Inc.", "Co.", "Ltd.", "Corp.")
