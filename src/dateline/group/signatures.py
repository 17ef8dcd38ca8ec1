"""Sign a text: a short record from which copies and stories are found, so that the text is not needed again.

Copies: the digest of its words finds the very same text; a MinHash of its shingles, cut into bands, finds near copies
(Broder 1997; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from dateline.group.terms import Terms, story_terms
from dateline.group.words import words_of

PERMUTATIONS = 128
BAND_ROWS = 5  # 25 bands of 5: texts that share 3/4 of their shingles meet with probability .999, half of them: .55
BANDS = PERMUTATIONS // BAND_ROWS
SHINGLE = 4  # words
CHARACTER_SHINGLE = 8  # for scripts that do not part words
LONG_WORD = 12  # mean characters a "word" from which the script is taken not to part words
HASH_BITS = 45  # of a band or key; the bits above say of which days it is, see store/grouped_keys.py
HASH_MASK = np.uint64((1 << HASH_BITS) - 1)
_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
SEED = 1  # part of every stored MinHash: changing it makes the stored ones useless


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Hold what is compared of a text."""

    words: int
    sha256: bytes  # of the words in lower case: equal for the very same text
    minhash: bytes  # PERMUTATIONS unsigned 32-bit numbers, little end first; empty for a text without words
    terms: Terms  # names, numbers and rare words


def sign(text: str, *, title: str | None = None, language: str | None = None) -> Signature:
    """Sign one text. `title` counts towards its story only: reprints carry other headlines."""
    words = words_of(text)
    digest = hashlib.sha256(" ".join(words).encode("utf-8", "replace")).digest()
    hashes = _shingles(words)
    terms = story_terms(text, title=title, language=language)
    return Signature(words=len(words), sha256=digest, minhash=_minhash(hashes), terms=terms)


def _shingles(words: list[str]) -> NDArray[np.uint64]:
    """Hash every run of SHINGLE words (or of characters, where the script does not part words)."""
    if words and sum(map(len, words)) > LONG_WORD * len(words):
        run = "".join(words)
        pieces = {run[i : i + CHARACTER_SHINGLE] for i in range(max(1, len(run) - CHARACTER_SHINGLE + 1))}
        return np.array(sorted(zlib.crc32(piece.encode("utf-8", "replace")) for piece in pieces), dtype=np.uint64)
    codes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint64)
    if len(codes) == 0:
        return codes
    size = max(1, len(codes) - SHINGLE + 1)
    mixed = np.zeros(size, dtype=np.uint64)
    for offset in range(min(SHINGLE, len(codes))):
        mixed = mix(mixed, codes[offset : offset + size])
    return np.unique(mixed)


def _minhash(hashes: NDArray[np.uint64]) -> bytes:
    from rensa import RMinHash

    if len(hashes) == 0:
        return b""
    offsets = np.array([0, len(hashes)], dtype=np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, PERMUTATIONS, SEED)
    return np.array(matrix.to_rows()[0], dtype="<u4").tobytes()


def bands_of(minhashes: Sequence[bytes]) -> NDArray[np.uint64]:
    """Hash each MinHash's bands: one row of BANDS numbers of HASH_BITS a text, equal where the bands are."""
    rows = np.frombuffer(b"".join(minhashes), dtype="<u4").reshape(-1, PERMUTATIONS)[:, : BANDS * BAND_ROWS]
    parts = rows.reshape(-1, BANDS, BAND_ROWS).astype(np.uint64)
    mixed = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), parts.shape[:2])
    for position in range(BAND_ROWS):
        mixed = mix(mixed, parts[:, :, position])
    return mixed & HASH_MASK


def mix(state: NDArray[np.uint64], value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Take one more number into a hash. It wraps: a hash, not a sum."""
    mixed = (state ^ value) * _FACTOR
    return mixed ^ (mixed >> _SHIFT)


def similarity(one: Signature, other: Signature) -> tuple[float, float]:
    """Estimate how alike two texts are: the share of shingles in common, and the share of the shorter text's in the other."""
    if not one.minhash or not other.minhash:
        return 0.0, 0.0
    equal = np.frombuffer(one.minhash, dtype="<u4") == np.frombuffer(other.minhash, dtype="<u4")
    jaccard = float(equal.mean())
    both = jaccard / (1 + jaccard) * (one.words + other.words)
    return jaccard, min(1.0, both / max(1, min(one.words, other.words)))


def day_of(published: date | datetime | None) -> date | None:
    """Return the publisher's calendar day."""
    return published.date() if isinstance(published, datetime) else published
