"""Hang on the noun what the parser hangs beside it: "vice", "-" and "president" of "the vice-president"."""

from __future__ import annotations

import numpy as np
from spacy.attrs import ORTH
from spacy.tokens import Doc, Token

HYPHENS = frozenset("-‐‑")  # noqa: RUF001 (the hyphens that texts use)
PREFIXES = frozenset(
    "vice ex co non anti pro counter re pre post sub inter multi semi ultra neo pan mini half quasi under arch de self".split()  # noqa: SIM905
)
NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ"})


def hang_prefixes(doc: Doc) -> None:
    """Mend the heads of hyphened words of a parsed text whose parts the parser made sisters."""
    signs = [doc.vocab.strings[sign] for sign in HYPHENS]
    for at in np.flatnonzero(np.isin(doc.to_array(ORTH), signs)).tolist():
        token = doc[at]
        if token.whitespace_ or not 0 < at < len(doc) - 1:
            continue
        before, word = doc[at - 1], doc[at + 1]
        if before.lower_ not in PREFIXES or before.whitespace_ or word.tag_ not in NOUNS:
            continue
        if before.dep_ in {"compound", "amod"} and before.head.i == word.i:
            continue
        _mend(before, token, word)


def _mend(before: Token, hyphen: Token, word: Token) -> None:
    own = {before.i, hyphen.i, word.i}
    # the topmost: what hangs on something below the noun ("after Bashir's April re-election") would make a circle
    outer = next(t for t in (before, word, hyphen) if not any(above.i in own for above in t.ancestors))
    dep, head, is_root = outer.dep_, outer.head, outer.head.i == outer.i
    orphans = [c for t in (before, hyphen) for c in t.children if c.i not in own]
    word.head = word if is_root else head
    word.dep_ = dep
    before.head, before.dep_ = word, "compound"
    hyphen.head, hyphen.dep_ = word, "punct"
    for child in orphans:
        child.head = word
