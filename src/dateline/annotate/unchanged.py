"""Find what stands unchanged in a new version of a text: whole sentences, with the words round them. Pure; tokens only."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = (
    8  # tokens: the model looks at four on each side of a token, and the parser a little ahead; twice that is kept
)
MARGIN = (
    2  # sentences that are read again on each side of what is new: the outer lacks its context, the inner proves it
)
MOST_PAIRS = 4_000_000  # of tokens compared one with the other: more is a rewritten text, which is read whole


@dataclass(frozen=True, slots=True)
class Segment:
    """Be a stretch of the new text's tokens. `old`: where the same sentence starts in the old text; None: it is new."""

    start: int
    end: int
    old: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """Be `size` tokens that stand in both texts, from `old` in the one and from `new` in the other."""

    old: int
    new: int
    size: int


def segments(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    sentences: Sequence[tuple[int, int]],
    old_breaks: Sequence[int],
    new_breaks: Sequence[int],
) -> list[Segment]:
    """Split the new tokens into sentences that the old text has among the same words, and what lies between them.

    `sentences` are those of the old text; breaks are where paragraphs end.
    """
    kept: list[Segment] = []
    for run in same_runs(old, new, old_breaks, new_breaks):
        low = 0 if run.old == 0 and run.new == 0 else run.old + CONTEXT
        end = run.old + run.size
        high = end if end == len(old) and run.new + run.size == len(new) else end - CONTEXT
        shift = run.new - run.old
        kept += [
            Segment(start + shift, stop + shift, start) for start, stop in sentences if low <= start and stop <= high
        ]
    found: list[Segment] = []
    at = 0
    for it in kept:
        if it.start > at:
            found.append(Segment(at, it.start, None))
        found.append(it)
        at = it.end
    if at < len(new):
        found.append(Segment(at, len(new), None))
    return found


def windows(found: Sequence[Segment]) -> list[tuple[Segment, ...]]:
    """Return the stretches that are to be read: each new segment with the sentences round it; neighbours are joined."""
    wanted: set[int] = set()
    for at, it in enumerate(found):
        if it.old is None:
            wanted.update(range(max(0, at - MARGIN), min(len(found), at + MARGIN + 1)))
    parts: list[list[Segment]] = []
    for at in sorted(wanted):
        if at - 1 not in wanted:
            parts.append([])
        parts[-1].append(found[at])
    return [tuple(part) for part in parts]


def same_runs(
    old: Sequence[Hashable], new: Sequence[Hashable], old_breaks: Sequence[int], new_breaks: Sequence[int]
) -> list[Run]:
    """Return the stretches that both texts have, in order: by paragraphs first, then by words where paragraphs differ."""
    ours, theirs = list(_paragraphs(len(old), old_breaks)), list(_paragraphs(len(new), new_breaks))
    matcher = SequenceMatcher(
        None, [tuple(old[a:b]) for a, b in ours], [tuple(new[a:b]) for a, b in theirs], autojunk=False
    )
    runs: list[Run] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in {"delete", "insert"}:
            continue
        old_low, old_high = ours[i1][0], ours[i2 - 1][1]
        new_low, new_high = theirs[j1][0], theirs[j2 - 1][1]
        if tag == "equal":
            runs.append(Run(old_low, new_low, old_high - old_low))
        elif (old_high - old_low) * (new_high - new_low) <= MOST_PAIRS:
            words = SequenceMatcher(None, old[old_low:old_high], new[new_low:new_high], autojunk=False)
            runs += [Run(old_low + it.a, new_low + it.b, it.size) for it in words.get_matching_blocks() if it.size]
    return list(_joined(runs))


def _paragraphs(tokens: int, breaks: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for end in breaks:
        yield start, end
        start = end
    if start < tokens:
        yield start, tokens


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Make one of runs that follow each other in both texts."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.old + last.size, last.new + last.size) == (run.old, run.new):
            last = Run(last.old, last.new, last.size + run.size)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last
