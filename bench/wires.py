"""Make texts that read like a wire's to a machine: names and words as frequent as in news, happenings, reprints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

WORDS = 30_000
NAMES = 60_000
LENGTH = 400  # words
SENTENCE = 20  # words
COMMON = [
    "the",
    "of",
    "to",
    "and",
    "in",
    "a",
    "is",
    "that",
    "for",
    "it",
    "as",
    "was",
    "with",
    "be",
    "by",
    "on",
    "not",
    "he",
    "his",
    "but",
    "at",
    "are",
    "this",
    "have",
    "an",
    "they",
    "which",
]
SHARE_COMMON = 0.4  # of the words
SHARE_NAMES = 0.12
SHARE_OWN = 0.3  # of the words and names of a happening's articles that are its own
REPRINTS = 0.1  # of all texts
WORD_FOR_WORD = 0.5  # of the reprints; the others have a line added
TELLING = 0.2  # articles that tell of a happening that others tell of
ARTICLES_A_HAPPENING = 8


def make_texts(count: int, *, seed: int, telling: float = TELLING, reprints: float = REPRINTS) -> Iterator[str]:
    """Yield `count` texts of LENGTH words; the same arguments, the same texts. Happenings and reprints come anywhere in the row."""
    rng = np.random.default_rng(seed)
    words = np.array([f"w{'aeiou'[i % 5]}{i:x}" for i in range(WORDS)])
    names = np.array([f"N{'aeiou'[i % 5]}{i:x}" for i in range(NAMES)])
    often = _zipf(WORDS)
    named = _zipf(NAMES)
    happenings = [
        (rng.choice(names, 8), rng.choice(words, 40))
        for _ in range(max(1, round(count * telling / ARTICLES_A_HAPPENING)))
    ]
    kept: list[str] = []
    for _ in range(count):
        if kept and rng.random() < reprints:
            line = "" if rng.random() < WORD_FOR_WORD else " This report was taken over from an agency."
            yield kept[rng.integers(len(kept))] + line
            continue
        drawn = words[np.searchsorted(often, rng.random(LENGTH))]
        who = names[np.searchsorted(named, rng.random(LENGTH))]
        kinds = rng.random(LENGTH)
        if rng.random() < telling:
            own_names, own_words = happenings[rng.integers(len(happenings))]
            own = rng.random(LENGTH) < SHARE_OWN
            drawn = np.where(own, rng.choice(own_words, LENGTH), drawn)
            who = np.where(own, rng.choice(own_names, LENGTH), who)
        common = rng.choice(COMMON, LENGTH)
        mixed = np.select([kinds < SHARE_COMMON, kinds < SHARE_COMMON + SHARE_NAMES], [common, who], drawn).tolist()
        body = " ".join(f"{' '.join(mixed[at : at + SENTENCE])}." for at in range(0, LENGTH, SENTENCE))
        kept.append(body)
        yield body


def _zipf(count: int) -> np.ndarray:
    """Return the cumulated shares of `count` words, the n-th of which is n times as rare as the first."""
    shares = 1 / (np.arange(count) + 10.0)
    return np.cumsum(shares / shares.sum()).clip(max=1.0)
