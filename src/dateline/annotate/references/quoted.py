"""Find what stands between quotation marks, roughly: enough to know that a speaker does not call himself "he"."""

from __future__ import annotations

from bisect import bisect_right

_OPEN = "\u201c\u00ab\u201e"
_CLOSE = "\u201d\u00bb"
_LONGEST = 2000  # characters: a mark that is not closed by then was none


class Quoted:
    """Answer which quotation a character stands in."""

    def __init__(self, text: str) -> None:
        self._spans = _spans(text)
        self._starts = [start for start, _ in self._spans]

    def at(self, position: int) -> tuple[int, int] | None:
        """Return the quotation round `position`, or None."""
        number = bisect_right(self._starts, position) - 1
        if number >= 0 and self._spans[number][1] > position:
            return self._spans[number]
        return None


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for at, char in enumerate(text):
        if char not in '\u201c\u00ab\u201e\u201d\u00bb"\n':
            continue
        if opened is not None and at - opened > _LONGEST:
            opened = None
        if char == "\n":
            if opened is not None and text[opened] == '"':
                opened = None  # a straight mark closes within its paragraph
        elif opened is None:
            if char in _OPEN or char == '"':
                opened = at
        elif char in _CLOSE or char == '"':
            spans.append((opened, at + 1))
            opened = None
    return spans
