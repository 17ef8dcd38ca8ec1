"""Read with the statistical model only what is new in a text: what it read in an earlier version of it is used again.

    earlier text + its Parse ─align─► sentences that stand in both, with the words round them ─► kept
                                      all else, and two sentences on each side              ─► read by the model

The model looks at no more than a few words on each side of a token, so that a sentence among the same words is read the
same. That is not taken on trust: the kept sentences next to what is new are read again, and where one comes out otherwise
the whole text is read. The rules, which look at the article as a whole, always run over all of it.
See docs/decisions/parses-are-kept.md.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, ORTH, POS, SPACY, TAG
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc

from dateline.annotate.unchanged import Segment, segments, windows

NAMED = (TAG, POS, DEP, ENT_TYPE)  # attributes that are strings
ATTRIBUTES = [*NAMED, ENT_IOB, HEAD]  # HEAD: tokens from here to the head, so that a sentence can be moved as it is
LEVEL = 6

Rows = NDArray[np.uint64]  # one row a token, one column an attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """Be what the model read in a text: tags, heads, names. None of the text's words are in it.

    `read`: tokens that the model read for it; the others came from the parse of an earlier text.
    """

    model: str
    tokens: int
    read: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Hold a text that was read before, and what the model read in it."""

    text: str
    parse: Parse


def model_name(nlp: Language) -> str:
    """Name everything that decides what a parse says: the model, spaCy, and the components that are learned."""
    meta, learned = nlp.meta, "+".join(name for name, pipe in nlp.pipeline if isinstance(pipe, TrainablePipe))
    return f"{meta['lang']}_{meta['name']}/{meta['version']} spacy/{version('spacy')} {learned}"


def parse_docs(nlp: Language, docs: Sequence[Doc], known: Sequence[Known | None]) -> list[Parse]:
    """Give `docs` what the model reads in them, in place, from what is known where that is the same; return the parses."""
    name = model_name(nlp)
    plans = [_plan(nlp, doc, earlier, name) for doc, earlier in zip(docs, known, strict=True)]
    pieces = [piece for plan in plans for piece in plan.pieces]
    read = iter(_learned(nlp, pieces))
    joined = [plan.join([next(read) for _ in plan.pieces]) for plan in plans]
    failed = [at for at, rows in enumerate(joined) if rows is None]
    again = dict(zip(failed, _learned(nlp, [docs[at] for at in failed]), strict=True))
    parses = []
    for at, (doc, plan) in enumerate(zip(docs, plans, strict=True)):
        rows = joined[at]
        whole = rows if rows is not None else again[at]
        if len(doc):
            doc.from_array(ATTRIBUTES, whole)  # type: ignore[arg-type]
        anew = sum(map(len, plan.pieces)) if rows is not None else len(doc)
        parses.append(Parse(model=name, tokens=len(doc), read=anew, data=packed(doc, whole)))
    return parses


@dataclass(frozen=True, slots=True)
class _Plan:
    """Say which sentences of a text are kept and which pieces of it are read."""

    tokens: int
    kept: Rows | None  # of the earlier text
    parts: tuple[tuple[Segment, ...], ...]  # of the pieces
    pieces: tuple[Doc, ...]
    segments: tuple[Segment, ...] = ()

    def join(self, read: Sequence[Rows]) -> Rows | None:
        """Put together what was kept and what was read; None where they contradict each other."""
        if self.kept is None:
            return read[0]
        rows = np.zeros((self.tokens, len(ATTRIBUTES)), dtype=np.uint64)
        for it in self.segments:
            if it.old is not None:
                rows[it.start : it.end] = self.kept[it.old : it.old + it.end - it.start]
        for part, found in zip(self.parts, read, strict=True):
            first, last = self._inner(part)
            low, high = part[first].start, part[last].end
            inside = found[low - part[0].start : high - part[0].start]
            for it in part[first : last + 1]:
                if it.old is not None and not np.array_equal(
                    inside[it.start - low : it.end - low], rows[it.start : it.end]
                ):
                    return None
            heads = np.arange(high - low) + inside[:, -1].astype(np.int64)
            if len(heads) and (heads.min() < 0 or heads.max() >= high - low):
                return None
            rows[low:high] = inside
        return rows

    def _inner(self, part: tuple[Segment, ...]) -> tuple[int, int]:
        """Return the first and last segment of a piece that saw enough on both sides."""
        first = 0 if part[0].start == 0 else 1
        return first, len(part) - (1 if part[-1].end == self.tokens else 2)


def _plan(nlp: Language, doc: Doc, known: Known | None, name: str) -> _Plan:
    whole = _Plan(tokens=len(doc), kept=None, parts=(), pieces=(doc,))
    if known is None or known.parse.model != name or not len(doc):
        return whole
    earlier = nlp.make_doc(known.text)
    kept = _unpack(earlier, known.parse)
    if kept is None:
        return whole
    found = segments(_shapes(earlier), _shapes(doc), list(_sentences(kept)), _breaks(earlier), _breaks(doc))
    parts = windows(found)
    if sum(part[-1].end - part[0].start for part in parts) >= len(doc):
        return whole
    pieces = tuple(_piece(doc, part[0].start, part[-1].end) for part in parts)
    return _Plan(tokens=len(doc), kept=kept, parts=tuple(parts), pieces=pieces, segments=tuple(found))


def _learned(nlp: Language, docs: Sequence[Doc]) -> list[Rows]:
    """Run the learned components over bare docs."""
    for _, pipe in nlp.pipeline:
        if docs and isinstance(pipe, TrainablePipe):
            docs = list(pipe.pipe(docs, batch_size=len(docs)))
    return [doc.to_array(ATTRIBUTES).astype(np.uint64, copy=False) for doc in docs]


def _piece(doc: Doc, start: int, end: int) -> Doc:
    """Copy a stretch of a doc's tokens into a doc of their own, with nothing read in it."""
    tokens = doc[start:end]
    bare = Doc(doc.vocab, words=[token.orth_ for token in tokens], spaces=[bool(token.whitespace_) for token in tokens])
    for token, copy in zip(tokens, bare, strict=True):
        if token.norm != copy.norm:  # the tokenizer's exceptions have norms of their own, which the model looks at
            copy.norm_ = token.norm_
    return bare


def _shapes(doc: Doc) -> list[tuple[int, int]]:
    """Return what the model sees of each token: the word, and whether a space follows."""
    return [(orth, space) for orth, space in doc.to_array([ORTH, SPACY]).tolist()]


def _breaks(doc: Doc) -> list[int]:
    """Return where paragraphs end: behind tokens that hold a line break."""
    return [token.i + 1 for token in doc if token.is_space and "\n" in token.text]


def _sentences(rows: Rows) -> Iterator[tuple[int, int]]:
    """Yield first token and end of each sentence: the stretches that no arc crosses and that a root holds together."""
    heads = np.arange(len(rows)) + rows[:, -1].astype(np.int64)
    reach = np.maximum(heads, np.arange(len(rows)))
    furthest = np.maximum.accumulate(reach)
    nearest = np.minimum.accumulate(np.minimum(heads, np.arange(len(rows)))[::-1])[::-1]
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or (furthest[at - 1] < at and nearest[at] >= at):
            yield start, at
            start = at


# ------------------------------------------------------------------------------------------------------- as bytes


def packed(doc: Doc, rows: Rows) -> bytes:
    """Write rows as few bytes: names once, two bytes an attribute, four the head."""
    strings = doc.vocab.strings
    columns: list[bytes] = []
    names: list[list[str]] = []
    for column in range(len(NAMED)):
        values, places = np.unique(rows[:, column], return_inverse=True)
        names.append([strings[int(value)] for value in values])
        columns.append(places.astype("<u2").tobytes())
    columns.append(rows[:, -2].astype("<u1").tobytes())
    columns.append(rows[:, -1].astype(np.int64).astype("<i4").tobytes())
    head = json.dumps({"tokens": len(doc), "check": _check(doc), "names": names}).encode()
    return zlib.compress(len(head).to_bytes(4, "little") + head + b"".join(columns), LEVEL)


def _unpack(doc: Doc, parse: Parse) -> Rows | None:
    """Return the rows of a parse, None where it is not one of this doc's tokens."""
    data = zlib.decompress(parse.data)
    start = 4 + int.from_bytes(data[:4], "little")
    head = json.loads(data[4:start])
    tokens: int = head["tokens"]
    if tokens != len(doc) or head["check"] != _check(doc):
        return None
    rows = np.zeros((tokens, len(ATTRIBUTES)), dtype=np.uint64)
    for column, names in enumerate(head["names"]):
        values = np.array([doc.vocab.strings.add(name) if name else 0 for name in names], dtype=np.uint64)
        rows[:, column] = values[np.frombuffer(data, "<u2", tokens, start)] if tokens else 0
        start += 2 * tokens
    rows[:, -2] = np.frombuffer(data, "<u1", tokens, start)
    rows[:, -1] = np.frombuffer(data, "<i4", tokens, start + tokens).astype(np.int64).astype(np.uint64)
    return rows


def _check(doc: Doc) -> int:
    """Return a digest of where the tokens stand."""
    return zlib.crc32(np.array([token.idx for token in doc], dtype="<u4").tobytes())
