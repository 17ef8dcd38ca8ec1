"""Read texts in batches: the one way by which the filter, the DAGs and the command line annotate."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc

from dateline import __version__
from dateline.annotate.headline import read_headlines
from dateline.annotate.nlp import make_doc
from dateline.annotate.parses import Known, Parse, parse_docs
from dateline.annotate.records import annotated
from dateline.errors import AnnotateError, UserError
from dateline.text import storable
from dateline.types import AnnotatedArticle, TextInput

log = logging.getLogger(__name__)

BATCH = 16  # texts; small batches are the fastest for spaCy, and the smallest in memory
MAX_CHARS = 1_000_000  # the parser needs about 1 GB for each 100,000 characters beyond spaCy's own limit


TABLES = Path(__file__).parent / "data"
TABLE_SUFFIXES = (".tsv", ".csv", ".json", ".toml", ".txt")

Outcome = tuple[TextInput, AnnotatedArticle | AnnotateError]
Keep = Callable[[str, Parse], None]  # is told, by text id, what the model read


@dataclass(frozen=True, slots=True)
class Memory:
    """Hold what the model read before, and who is told what it reads."""

    known: Mapping[str, Known]
    keep: Keep


@cache
def coder_version() -> str:
    """Name the version of the coder: ours, and a digest of the rule tables, since a changed table codes otherwise."""
    digest = hashlib.sha256()
    for path in sorted(path for path in TABLES.rglob("*") if path.suffix in TABLE_SUFFIXES):
        digest.update(path.relative_to(TABLES).as_posix().encode() + b"\0" + path.read_bytes())
    return f"dateline/{__version__}+{digest.hexdigest()[:8]}"


def annotate_texts(
    nlp: Language,
    texts: Iterable[TextInput],
    *,
    batch: int = BATCH,
    known: Mapping[str, Known] | None = None,
    keep: Keep | None = None,
) -> Iterator[Outcome]:
    """Yield each text with what was read in it, or with the error that ended it, in order.

    A text in another language than English is answered with empty layers and a warning. A text on which the coder
    itself fails ends alone: the failure is logged with its traceback, and its neighbours in the batch are read.
    `known`: by text id, what the model read in an earlier version of a text: only what changed since is read by it again.
    """
    memory = None if known is None and keep is None else Memory(known or {}, keep or _forget)
    chunk: list[TextInput] = []
    for item in texts:
        chunk.append(item)
        if len(chunk) >= batch:
            yield from _annotate_batch(nlp, chunk, memory)
            chunk = []
    if chunk:
        yield from _annotate_batch(nlp, chunk, memory)


def _annotate_batch(nlp: Language, chunk: list[TextInput], memory: Memory | None) -> Iterator[Outcome]:
    known = [_unread(item) for item in chunk]
    wanted = [item for item, answer in zip(chunk, known, strict=True) if answer is None]
    done = iter(_read_all(nlp, wanted, memory))
    for item, answer in zip(chunk, known, strict=True):
        yield item, answer if answer is not None else next(done)


def _unread(item: TextInput) -> AnnotatedArticle | AnnotateError | None:
    """Answer at once for a text that need not or cannot be read; None for one that is to be read."""
    if len(item.text) > MAX_CHARS:
        return AnnotateError(f"text has {len(item.text):,} characters; {MAX_CHARS:,} is the most", code="too_long")
    if item.language and item.language.lower().split("-")[0].split("_")[0] != "en":
        warning = f"language {item.language} is not annotated: only English is"
        return AnnotatedArticle(id=item.id, coder=coder_version(), warnings=(warning,))
    return None


def _read_all(nlp: Language, items: list[TextInput], memory: Memory | None) -> list[AnnotatedArticle | AnnotateError]:
    try:
        return _read(nlp, items, memory)
    except UserError:  # a rule table is wrong: that is no text's fault
        raise
    except Exception:
        if len(items) > 1:  # one of them is to blame: read each alone
            return [answer for item in items for answer in _read_all(nlp, [item], memory)]
        log.exception("annotate id=%s failed", items[0].id)
        return [AnnotateError("the coder failed on this text; the log has the traceback", code="coder_failed")]


def _read(nlp: Language, items: list[TextInput], memory: Memory | None) -> list[AnnotatedArticle | AnnotateError]:
    docs = [make_doc(nlp, replace(item, text=storable(item.text))) for item in items]
    version = coder_version()
    read_headlines(nlp, docs)
    read = nlp.pipe(docs, batch_size=len(docs)) if memory is None else _read_with(nlp, items, docs, memory)
    return [annotated(doc, id=item.id, coder=version) for item, doc in zip(items, read, strict=True)]


def _read_with(nlp: Language, items: Sequence[TextInput], docs: Sequence[Doc], memory: Memory) -> Iterable[Doc]:
    """Have the model read what is new, and the rules all."""
    for item, parse in zip(items, parse_docs(nlp, docs, [memory.known.get(item.id) for item in items]), strict=True):
        memory.keep(item.id, parse)
    for _, pipe in nlp.pipeline:
        if not isinstance(pipe, TrainablePipe):
            docs = list(pipe.pipe(docs)) if hasattr(pipe, "pipe") else [pipe(doc) for doc in docs]
    return docs


def _forget(_text_id: str, _parse: Parse) -> None:
    """Keep nothing."""
