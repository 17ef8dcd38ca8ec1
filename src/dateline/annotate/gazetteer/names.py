"""Fold place names to the keys under which the gazetteer files them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

_DROPPED = re.compile(r"[.'’‘ʻʼ`´]")
_SPACED = re.compile(r"[\s\-–—‐/,]+")
_LONG_FORMS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "pt": "point"}  # as first word: "St. Louis"
# Letters that NFKD leaves alone
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """Return the key of a name: lower case, no accents or apostrophes, hyphens as spaces, "St." as "saint"."""
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", name.translate(_LETTERS).lower().translate(_LETTERS))
        name = "".join(c for c in plain if not unicodedata.combining(c))
    words = _SPACED.sub(" ", _DROPPED.sub("", name.lower())).split()
    if len(words) > 1 and words[0] in _LONG_FORMS:
        words[0] = _LONG_FORMS[words[0]]
    return " ".join(words)


def digest(key: str) -> int:
    """Return 64 bits that stand for a folded name: stable across runs and machines, unlike `hash`."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")
