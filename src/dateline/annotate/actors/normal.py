"""Cut a text into words whose keys compare equal however a name is written: case, accents, hyphens, apostrophes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

POSSESSIVE = "'s"
PHRASE = 80  # characters: what is no longer is asked about more than once
_APOSTROPHES = "'\u2019\u2018\u02bc`"
_WORD = re.compile(
    rf"""(?P<dotted>(?:[^\W\d_]\.){{2,}})            # U.S., U.A.E.
       | (?P<possessive>[{_APOSTROPHES}][sS]\b)
       | (?P<word>[^\W_]+(?:[{_APOSTROPHES}](?![sS]\b)[^\W_]+)*)
       | (?P<joint>[-\u2010\u2011{_APOSTROPHES}])    # a hyphen, or the apostrophe of "Workers'": joins, means nothing
       | (?P<mark>\S)""",
    re.VERBOSE,
)
# letters that Unicode does not decompose, as English newspapers write them
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ß": "ss",
        "ə": "a",
        "\u02bb": "",
    }
)


class Word(
    NamedTuple
):  # a tuple is made three times as fast as a frozen dataclass, and each text is cut into thousands
    """Be one word or mark of a text. `key` is what is compared; a mark's key is the mark itself."""

    text: str
    start: int
    end: int
    key: str
    possessed: bool = False  # "Japan's", "Workers'": the word owns what follows

    @property
    def capitalized(self) -> bool:
        """Say whether it begins with a capital."""
        return self.text[:1].isupper()


@lru_cache(maxsize=1 << 16)
def key_of(text: str) -> str:
    """Return `text` without case, accents, dots and apostrophes."""
    low = text.casefold()
    if low.isascii():
        return low.replace(".", "").replace("'", "")
    flat = "".join(c for c in unicodedata.normalize("NFKD", low.translate(_PLAIN)) if not unicodedata.combining(c))
    return "".join(c for c in flat if c not in _APOSTROPHES and c != ".") or low


def words_of(text: str) -> list[Word]:
    """Cut `text` into words and marks. Hyphens vanish; a possessive ending marks the word before it."""
    return list(_phrase(text)) if len(text) <= PHRASE else _cut(text)


@lru_cache(maxsize=1 << 13)
def _phrase(text: str) -> tuple[Word, ...]:
    """Cut a phrase, of which the same are asked about again and again."""
    return tuple(_cut(text))


def _cut(text: str) -> list[Word]:
    words: list[Word] = []
    for match in _WORD.finditer(text):
        kind, found = match.lastgroup, match.group()
        if kind == "possessive":
            _possess(words, match.start())
        elif kind == "joint":
            if found not in "-\u2010\u2011\u2018`" and words:
                last = words[-1]
                if last.end == match.start() and last.key.endswith("s"):
                    _possess(words, match.start())
        elif kind == "mark":
            words.append(Word(found, match.start(), match.end(), found))
        else:
            words.append(Word(found, match.start(), match.end(), key_of(found)))
    return words


def _possess(words: list[Word], at: int) -> None:
    if words and words[-1].end == at:
        last = words[-1]
        words[-1] = Word(last.text, last.start, last.end, last.key, possessed=True)


@lru_cache(maxsize=1 << 14)
def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys of all words of `text`."""
    return tuple(word.key for word in words_of(text))


def slug(name: str) -> str:
    """Return a name as it stands in ids: `kim-jong-un`."""
    return "-".join(key for key in alias_keys(name)[0] if key[:1].isalnum())


def alias_keys(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of a name's words and the words; plain names, which most are, take a short way."""
    plain = name.replace("-", " ")
    if plain.isascii() and plain.replace(" ", "").isalnum():
        words = tuple(plain.split())
        return tuple(word.lower() for word in words), words
    found = words_of(name)
    return tuple(word.key for word in found), tuple(word.text for word in found)
