"""Set apart what a news text is dated from, so that it is no part of its first sentence.

"LUANDA, Angola (Reuters) - The United Nations suspended …": read on, the town is the subject, and Angola suspends its own flights.
"""

from __future__ import annotations

import re
from typing import Final

from spacy.tokens import Doc

# The town in capitals, or an agency behind it; then a dash. The country, the province and the day may stand between.
DATELINE: Final = re.compile(
    r"""(?:^|\n)[ \t\u00a0]*
    (?:
        (?P<place>(?=[^a-z\n]*[A-Z\u00c0-\u00de]{4})[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de.'’/ -]{2,40}?)
        (?:,\ [^\n()—–;:]{1,40}?){0,3}
        (?:\ ?\([^)\n]{2,30}\))?
      |
        (?P<named>[A-Z][\w.'’/ -]{2,40}?)
        (?:,\ [^\n()—–;:]{1,40}?){0,3}
        \ ?\((?:[^)\n]{0,20}\b[A-Z]{2,}\b[^)\n]{0,20}|Reuters|Xinhua|Interfax|Bloomberg|Tass|Kyodo|Yonhap|dpa|Ansa)\)
    )
    [ \t\u00a0]*(?:—|–|--?)[ \t\u00a0]+(?=["“‘'(\[]*[A-Z\u00c0-\u00de0-9])""",
    re.VERBOSE,
)

WHOLE: Final = 8  # tokens behind a dateline that stay together: the parser likes to go on dividing
STOPS: Final = frozenset(".!?\n")


def place_of(match: re.Match[str]) -> tuple[int, int]:
    """Return where the town of a dateline stands."""
    return match.span("place") if match["place"] else match.span("named")


def set_apart(doc: Doc) -> None:
    """Make every dateline of a text a sentence of its own, before the parser runs: it keeps the bounds that it is given."""
    for match in DATELINE.finditer(doc.text):
        first = _token_at(doc, match.end())
        if first:
            doc[first].is_sent_start = True
            for token in doc[first + 1 : first + WHOLE]:
                if token.nbor(-1).text in STOPS:
                    break
                token.is_sent_start = False


def _token_at(doc: Doc, place: int) -> int | None:
    low, high = 0, len(doc)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if doc[middle].idx < place else (low, middle)
    return low if low < len(doc) else None
