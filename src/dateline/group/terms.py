"""Choose the words of a text that say which happening it tells of: names, numbers, and what is left of the others."""

from __future__ import annotations

import math
import operator
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from dateline.group.words import plain_marks

NAME_WEIGHT = 1.5  # a name or a number tells happenings of one kind apart better than a verb does
KEPT = 128  # terms per text; fewer cost stories, more gain none
READ = 6_000  # characters; what happened is told at the beginning, background follows
TITLE_TIMES = 1
MIN_STEM = 4
SUFFIXES = ("ingly", "edly", "ing", "ed", "es", "s", "ly")
# where a capital says nothing: after sentence ends, quotation marks, brackets, line ends
_END = "[.!?\u2026:;\"\u201c-\u201f\u00ab\u00bb()\\[\\]\n\u3002\uff01\uff1f]|(?<!\\w)['\u2018\u2019](?=\\w)"
PHRASE_FIRST = re.compile(rf"(?:\A|{_END})[\W_]*([^\W_]+)")
WORD = re.compile(r"[^\W_]+")
OPENING = re.compile(r"(?<!\w)'(?=\w)")
_ENDS = frozenset('.!?:;"()[]\n')
_PARTED = {code: "\n" if chr(code) in _ENDS else " " for code in range(128) if not chr(code).isalnum()}
APOSTROPHE = re.compile(r"['\u2019]\w{1,2}\b")
CACHED = 1 << 16  # words whose stem or hash is kept: those of a language that occur again and again
UNIT = 100_000  # a weight is a whole number of hundred-thousandths, which is all that it has


def _weight(count: int) -> float:
    return round(1 + math.log(count), 4)


MANY = 64  # times that a word stands in a text
WEIGHTS = [0.0, *(_weight(count) for count in range(1, MANY))]
HEAVIEST = operator.itemgetter(1)


@cache
def _common(language: str | None) -> frozenset[str]:
    """Return the language's most frequent words; English where we know nothing of it."""
    from justext.utils import get_stoplist  # type: ignore[import-untyped]
    from trafilatura.settings import JUSTEXT_LANGUAGES

    name = JUSTEXT_LANGUAGES.get(language or "en", "English")
    return frozenset(word.lower() for word in get_stoplist(name))


@lru_cache(CACHED)
def stem(word: str) -> str:
    """Cut an inflection's ending: crude, and the same for both texts, which is all that comparing needs."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
            return word[: -len(suffix)]
    return word


@dataclass(frozen=True, slots=True)
class Terms:
    """Be a text's terms with their weights, heaviest first, packed as they are stored: taken one by one they cost too much."""

    words: str = ""  # blanks between; of letters and digits only
    hashes: bytes = b""  # eight bytes each, little end first
    weights: bytes = b""  # hundred-thousandths, four bytes each, little end first

    @classmethod
    def packed(cls, words: Sequence[str], weights: Sequence[float]) -> Terms:
        """Pack words and the weight of each in the text."""
        scaled = np.rint(np.array(weights, dtype=float) * UNIT).astype("<i4")
        return cls(" ".join(words), hashes_of(words).astype("<u8").tobytes(), scaled.tobytes())

    def __len__(self) -> int:
        return len(self.weights) // 4


def hashes_of(words: Iterable[str]) -> NDArray[np.uint64]:
    """Return each word's hash."""
    return np.fromiter(map(_hash, words), dtype=np.uint64)


@lru_cache(CACHED)
def _hash(term: str) -> int:
    text = term.encode("utf-8", "replace")
    return zlib.crc32(text) << 32 | zlib.crc32(text[::-1])


def story_terms(text: str, *, title: str | None = None, language: str | None = None) -> Terms:
    """Return the text's terms and their weights, heaviest first, ties in the order of the text."""
    counts, named = _count(text[:READ])
    for word in WORD.findall((title or "").lower()):
        counts[word] = counts.get(word, 0) + TITLE_TIMES  # a headline's capitals say nothing of names
    common = _common(language)
    weights: dict[str, float] = {}
    for word, count in counts.items():
        if word in common:
            continue
        number = not word.isalpha()
        if len(word) < 2 and not number:  # noqa: PLR2004 (a letter is no word)
            continue
        name = number or named.get(word, 0) > 0
        weight = WEIGHTS[count] if count < MANY else _weight(count)
        term, weight = (word, round(weight * NAME_WEIGHT, 5)) if name else (stem(word), weight)
        if weight > weights.get(term, 0.0):
            weights[term] = weight
    ranked = sorted(weights.items(), key=HEAVIEST, reverse=True)  # stable: ties keep the order of the text
    kept = ranked[:KEPT]
    return Terms.packed([term for term, _ in kept], [weight for _, weight in kept])


def _count(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Count words, and by how much more often each stood with a capital inside a sentence than without one anywhere."""
    found, leading = _words(APOSTROPHE.sub("", text) if "'" in text or "\u2019" in text else text)
    first = Counter(leading)
    counts: dict[str, int] = {}
    named: dict[str, int] = {}
    for word, count in Counter(found).items():
        low = word.lower()
        counts[low] = counts.get(low, 0) + count
        if word[0].islower():
            named[low] = named.get(low, 0) - count
        elif inside := count - first.get(word, 0):
            named[low] = named.get(low, 0) + inside
    return counts, named


def _words(text: str) -> tuple[list[str], list[str]]:
    """Return the words, and those of them that a phrase begins with. Splitting is faster than matching, where it will do."""
    plain = text if text.isascii() else plain_marks(text)
    if not plain.isascii():
        return WORD.findall(text), PHRASE_FIRST.findall(text)
    if "'" in plain:
        plain = OPENING.sub("\n", plain)
    parted = plain.translate(_PARTED)
    return parted.split(), [words[0] for line in parted.split("\n") if (words := line.split(None, 1))]
