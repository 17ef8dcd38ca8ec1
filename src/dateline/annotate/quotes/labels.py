"""Find attributions that a line's form makes: "WALLACE: Let's start", "Pence: Flowers won't come", "“We won.” — Ann Lee"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dateline.annotate.quotes.phrases import Chars

_NAME = r"[A-Z][\w.’'-]*(?:\ (?:of\ |the\ |de\ |al-)?[A-Z][\w.’'-]*){0,4}"
_LABEL = re.compile(rf"^[\"“]?({_NAME})(:)\s+(?=\S)", re.VERBOSE)
_SIGNED = re.compile(rf"^([\"“].{{10,}}[\"”.!?])\s*([—―–]|--)\s*({_NAME}(?:,\ [^.\n]{{1,60}})?)\.?$", re.VERBOSE)
NO_SPEAKERS = frozenset(
    "Update Updated Correction Note Read Watch Related Photo Photos Source Sources Story Video More Editor Here Tip Tips"  # noqa: SIM905 (words in a row read best as one)
    " Exclusive Breaking Opinion Analysis Live Question Answer Example Warning Result Results Time Date Where When Who What Why".split()
)


def from_lines(text: str) -> Iterator[tuple[Chars, Chars, list[Chars]]]:
    """Yield source, cue and content of each line that has one of these forms."""
    at = 0
    for line in text.split("\n"):
        if match := _SIGNED.match(line):
            yield _at(match, 3, at), _at(match, 2, at), [_at(match, 1, at)]
        elif (match := _LABEL.match(line)) and match[1].split()[0] not in NO_SPEAKERS and _speaks(match[1], line):
            end = at + len(line.rstrip().rstrip('"”'))
            if end > at + match.end():
                yield _at(match, 1, at), _at(match, 2, at), [(at + match.end(), end)]
        at += len(line) + 1


def _speaks(name: str, line: str) -> bool:
    """Say whether a name before a colon is a speaker's: in capitals as in transcripts, or of a headline's one sentence."""
    return name.isupper() or (len(name.split()) <= 3 and len(line) <= HEADLINE)  # noqa: PLR2004 (a name has three words)


HEADLINE = 140  # characters


def _at(match: re.Match[str], group: int, at: int) -> Chars:
    return at + match.start(group), at + match.end(group)
