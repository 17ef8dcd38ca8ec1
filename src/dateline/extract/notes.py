"""Find the note by which a publisher corrects, clarifies or retracts an article: in its text, beside it, or in its metadata.

The rules are data: `data/notes.tsv`. A label opens a paragraph ("Correction: …"); a sentence names the article itself ("An
earlier version of this story …"). What stands in quotation marks is somebody's words, and no note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import get_args

from dateline.errors import RulesError
from dateline.extract.blocks import Block
from dateline.extract.structured import Node, text_of
from dateline.extract.tables import read_table
from dateline.types import NoteKind

COLUMNS = ("kind", "where", "language", "pattern", "example")
KINDS: tuple[NoteKind, ...] = (
    "retraction",
    "correction",
    "clarification",
)  # the gravest counts where there are several
SHORTEST = 8  # characters; less is a label alone, in Chinese too
LONGEST = 1_500  # characters of a note; a longer paragraph that opens so is no note
LABEL = 120  # characters in which a label stands
AROUND = 8  # blocks before and behind the article among which a note may stand
ADDRESS = "@"  # in a line on whom to tell of errors

_OPENING = r"^[^\w\"'“‘«„]*(?:(?:editor['’]?s?|author['’]?s?|publisher['’]?s?)['’]? note\W{1,3}|\*+\s*|update\W{1,3})?"
_AFTER_LABEL = r"(?:\s*[(\[][^)\]]{0,40}[)\]]|,\s[^:—–]{0,30}|\s+(?:on |of )?\d[^:—–]{0,20}|\s(?:appended|added|made))?\s*(?:[:：—–]|\s-\s)"  # noqa: RUF001
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=\S)|(?<=[。！？])")  # noqa: RUF001


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Be a note in its words. `start`, `end`: where it stands in the article's text; None: beside it."""

    kind: NoteKind
    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Be one line of the table, ready to be matched. `alone`: a label with nothing behind it."""

    kind: NoteKind
    core: str
    pattern: re.Pattern[str]
    alone: re.Pattern[str] | None = None


class Rules:
    """Hold rules, and one pattern for all labels and one for all sentences: most paragraphs match neither."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        known = tuple(rules)
        self.labels = [rule for rule in known if rule.alone is not None]
        self.sentences = [rule for rule in known if rule.alone is None]
        self._label, self._sentence = _any_of(self.labels), _any_of(self.sentences)

    def of_label(self, paragraph: str) -> Iterator[tuple[Rule, int]]:
        """Yield the labels that open a paragraph, with where they end."""
        opening = paragraph[:LABEL]
        for rule in self.labels if self._label.match(opening) else ():
            if match := rule.pattern.match(opening):
                yield rule, match.end()

    def of_sentence(self, sentence: str) -> Iterator[Rule]:
        """Yield the rules by which a sentence is a note."""
        for rule in self.sentences if self._sentence.match(sentence) else ():
            if rule.pattern.match(sentence):
                yield rule

    def of_label_alone(self, line: str) -> Iterator[Rule]:
        """Yield the labels that a line consists of."""
        for rule in self.labels if self._label.match(line) else ():
            if rule.alone is not None and rule.alone.match(line):
                yield rule


def _any_of(rules: Iterable[Rule]) -> re.Pattern[str]:
    return re.compile(f"{_OPENING}(?:{'|'.join(rule.core for rule in rules) or '(?!)'})", re.IGNORECASE)


@cache
def load_rules() -> Rules:
    """Read and check the rules. Raises RulesError, naming the line."""
    return Rules(read_rules(read_table("notes.tsv", COLUMNS)))


def read_rules(rows: Iterable[tuple[int, dict[str, str]]], *, name: str = "notes.tsv") -> Iterator[Rule]:
    """Make rules of rows; each must find its own example."""
    for line, row in rows:
        rule = _rule(row, name, line)
        found = find_in(row["example"], Rules([rule]))
        if found is None:
            raise RulesError(f"the pattern does not find its example: {row['example']!r}", table=name, line=line)
        yield rule


def _rule(row: dict[str, str], name: str, line: int) -> Rule:
    kind = next((kind for kind in get_args(NoteKind) if kind == row["kind"]), None)
    if kind is None:
        raise RulesError(f"kind {row['kind']!r} is none of {', '.join(KINDS)}", table=name, line=line)
    if row["where"] not in {"label", "sentence"}:
        raise RulesError(f"where is {row['where']!r}, wanted label or sentence", table=name, line=line)
    if not re.fullmatch(r"[a-z]{2}", row["language"]):
        raise RulesError(f"language {row['language']!r} is no ISO 639-1 code", table=name, line=line)
    label = row["where"] == "label"
    try:
        pattern = re.compile(f"{_OPENING}(?:{row['pattern']}){_AFTER_LABEL if label else ''}", re.IGNORECASE)
        alone = re.compile(rf"^\W*(?:{row['pattern']})\W*$", re.IGNORECASE) if label else None
    except re.error as error:
        raise RulesError(f"bad pattern: {error}", table=name, line=line) from error
    return Rule(kind, f"(?:{row['pattern']})", pattern, alone)


def find_in(paragraph: str, rules: Rules | None = None) -> Note | None:
    """Find the gravest note in one paragraph, with its offsets in the paragraph."""
    found = list(_found(paragraph, load_rules() if rules is None else rules))
    if not found:
        return None
    kind, start, end = min(found, key=lambda it: KINDS.index(it[0]))
    # a label's paragraph may say more gravely what it is: then all of it is the note
    start, end = min(
        ((low, high) for _, low, high in found if low <= start and end <= high), key=lambda it: it[0] - it[1]
    )
    return Note(kind=kind, text=paragraph[start:end], start=start, end=end)


def _found(paragraph: str, rules: Rules) -> Iterator[tuple[NoteKind, int, int]]:
    behind = 0  # a label
    for rule, end in rules.of_label(paragraph) if SHORTEST < len(paragraph) <= LONGEST else ():
        behind = end
        yield rule.kind, 0, len(paragraph)
    for start, end in _sentences(paragraph, behind):
        for rule in rules.of_sentence(paragraph[start:end]) if end - start <= LONGEST else ():
            yield rule.kind, start, end


def find_note(blocks: Sequence[Block], article: Node) -> tuple[Note, Block | None] | None:
    """Find the note on a page, and the block in which it stands; None for the block where the metadata hold it."""
    found: list[tuple[Note, Block | None]] = []
    near = _near(blocks)
    for block, after in zip(near, [*near[1:], None][: len(near)], strict=True):
        note = find_in(block.text)
        if note is not None:
            found.append((note, block))
        elif after is not None and len(block.text) <= LABEL and SHORTEST < len(after.text) <= LONGEST:
            found += [
                (Note(kind=rule.kind, text=after.text, start=0, end=len(after.text)), after)
                for rule in load_rules().of_label_alone(block.text)
            ]
    stated = article.get("correction")
    said = text_of(stated) or (text_of(stated.get("text")) if isinstance(stated, dict) else None)
    if said and len(said) > SHORTEST:
        inner = find_in(said)
        found.append((Note(kind=inner.kind if inner else "correction", text=said), None))
    return min(found, key=lambda it: KINDS.index(it[0].kind)) if found else None


def _near(blocks: Sequence[Block]) -> list[Block]:
    """Return the article's blocks, and those round it that may be a note: not links, nor where to write to."""
    taken = [block.index for block in blocks if block.taken]
    if not taken:
        return []
    first, last = taken[0] - AROUND, taken[-1] + AROUND
    return [
        block
        for block in blocks
        if block.taken
        or block.inside
        or (first <= block.index <= last and not block.links and ADDRESS not in block.text)
    ]


def placed(note: Note, block: Block | None, blocks: Iterable[Block]) -> Note:
    """Give a note its offsets in the article's text, where its block was left in it."""
    at = 0
    for it in blocks:
        if not it.taken:
            continue
        if it is block and note.start is not None and note.end is not None:
            return replace(note, start=at + note.start, end=at + note.end)
        at += len(it.text) + 1
    return replace(note, start=None, end=None)


def _sentences(paragraph: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of the sentences from `start` on."""
    for match in _SENTENCE_END.finditer(paragraph, start):
        yield start, match.start() + len(match.group().rstrip())
        start = match.end()
    if start < len(paragraph):
        yield start, len(paragraph)
