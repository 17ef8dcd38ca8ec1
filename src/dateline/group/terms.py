"""Choose the words of a text that say which happening it tells of: names, numbers, and what is left of the others."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache

NAME_WEIGHT = 1.5  # a name or a number tells happenings of one kind apart better than a verb does
KEPT = 128  # terms per text; fewer cost stories, more gain none
READ = 6_000  # characters; what happened is told at the beginning, background follows
TITLE_TIMES = 1
MIN_STEM = 4
SUFFIXES = ("ingly", "edly", "ing", "ed", "es", "s", "ly")
# where a capital says nothing: after sentence ends, quotation marks, brackets, line ends
PHRASE_END = re.compile(
    "[.!?\u2026:;\"\u201c-\u201f\u00ab\u00bb()\\[\\]\n\u3002\uff01\uff1f]+\\s*|(?<!\\w)['\u2018\u2019](?=\\w)"
)
WORD = re.compile(r"[^\W_]+")
APOSTROPHE = re.compile(r"['\u2019]\w{1,2}\b")


@cache
def _common(language: str | None) -> frozenset[str]:
    """Return the language's most frequent words; English where we know nothing of it."""
    from justext.utils import get_stoplist  # type: ignore[import-untyped]
    from trafilatura.settings import JUSTEXT_LANGUAGES

    name = JUSTEXT_LANGUAGES.get(language or "en", "English")
    return frozenset(word.lower() for word in get_stoplist(name))


def stem(word: str) -> str:
    """Cut an inflection's ending: crude, and the same for both texts, which is all that comparing needs."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
            return word[: -len(suffix)]
    return word


def story_terms(text: str, *, title: str | None = None, language: str | None = None) -> tuple[tuple[str, float], ...]:
    """Return the text's terms with their weights, heaviest first, ties in the order of the text."""
    counts, named, plain = _count(text[:READ])
    for word in WORD.findall((title or "").lower()):
        counts[word] += TITLE_TIMES  # a headline's capitals say nothing of names
    common = _common(language)
    weights: dict[str, float] = {}
    for word, count in counts.items():
        number = not word.isalpha()
        if word in common or (len(word) < 2 and not number):  # noqa: PLR2004 (a letter is no word)
            continue
        name = number or named[word] > plain[word]
        term = word if name else stem(word)
        weight = (1 + math.log(count)) * (NAME_WEIGHT if name else 1.0)
        weights[term] = max(weight, weights.get(term, 0.0))
    ranked = sorted(weights.items(), key=lambda item: -item[1])  # stable: ties keep the order of the text
    return tuple((term, round(weight, 4)) for term, weight in ranked[:KEPT])


def _count(text: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count words, and how often each stood with a capital inside a sentence, and without one anywhere."""
    counts: Counter[str] = Counter()
    named: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for phrase in PHRASE_END.split(APOSTROPHE.sub("", text)):
        for position, word in enumerate(WORD.findall(phrase)):
            low = word.lower()
            counts[low] += 1
            if word[0].islower():
                plain[low] += 1
            elif position:
                named[low] += 1
    return counts, named, plain
