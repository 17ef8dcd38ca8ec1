"""Find what stands between quotation marks: straight or curly, nested, over paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

MARKS = re.compile(r"[\"“”„«»]|''|``")
LONGEST = 6_000  # characters: a mark that finds no partner within this is a slip of the keyboard, not a quotation


@dataclass(frozen=True, slots=True)
class Marked:
    """Be a quotation with its marks: `text[start:end]`; `inner` without them. `open` means that its paragraph ends unclosed."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    open: bool = False
    words: int = 0


def find_marked(text: str) -> list[Marked]:
    """Return the outermost quotations, in order. A quotation that goes on in the next paragraph has a part in each."""
    found: list[Marked] = []
    begin: re.Match[str] | None = None
    at = 0
    for paragraph in text.split("\n"):
        begin, depth = None, 0
        for mark in MARKS.finditer(text, at, at + len(paragraph)):
            symbol = mark.group()
            if begin is None:
                if _opens(symbol, text, mark.start(), mark.end()):
                    begin, depth = mark, 1
            elif symbol in "“„«" or symbol == "``":
                depth += 1
            else:
                depth -= 1
                if depth <= 0:
                    found.append(Marked(begin.start(), mark.end(), begin.end(), mark.start()))
                    begin = None
        if begin is not None and len(paragraph) < LONGEST:
            end = at + len(paragraph.rstrip())
            found.append(Marked(begin.start(), end, begin.end(), end, open=True))
        at += len(paragraph) + 1
    return [replace(m, words=len(text[m.start : m.end].split())) for m in found if m.inner_end > m.inner_start]


def _opens(symbol: str, text: str, start: int, end: int) -> bool:
    if symbol in "“„«" or symbol == "``":
        return True
    if symbol in "”»":
        return False
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if symbol == '"' and before.isdigit() and not after.isalpha():
        return False  # inches
    return not after.isspace()
