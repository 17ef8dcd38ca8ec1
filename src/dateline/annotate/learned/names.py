"""Be spaCy's `ner`: the same weights and the same greedy choices, all tokens at once instead of one after another.

Outside a name, what the model says of a token depends on the token alone; inside one, on the token, the one before, and the
first of the name. So every token is asked at once what it would begin, and the names begun are followed step by step
together. spaCy asks of each token in turn whether each of 74 actions may be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.attrs import ENT_IOB, ENT_TYPE
from spacy.language import Language
from spacy.pipeline.ner import DEFAULT_NER_MODEL, EntityRecognizer
from spacy.tokens import Doc
from thinc.api import Model

from dateline.annotate.learned.blas import one_thread
from dateline.annotate.learned.choices import Chooser, Found
from dateline.annotate.learned.groups import read_in_groups

FACTORY = "dateline_ner"
INSIDE, OUTSIDE, BEGINNING = 1, 2, 3  # as spaCy numbers a token's place in a name


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold the names of one text."""

    found: tuple[Found, ...]


class Names(EntityRecognizer):  # type: ignore[misc]  # spaCy's is compiled and has no types
    """Be the component."""

    chooser: Chooser | None = None
    taken: bool = False  # whether `chooser` was looked for: the weights are loaded after the component is made

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Read the names of texts, in order."""
        return read_in_groups(self, docs, batch_size)

    def predict(self, docs: Iterable[Doc]) -> Any:
        """Return the names of each text; texts that have some already are left to spaCy."""
        if not self.taken:
            moves = [self.moves.get_class_name(at) for at in range(self.moves.n_moves)]
            self.chooser, self.taken = Chooser.of(self.model, moves, self.vocab.strings), True
        texts = [docs] if isinstance(docs, Doc) else list(docs)
        if self.chooser is None or self.cfg["beam_width"] != 1 or any(doc.has_annotation("ENT_IOB") for doc in texts):
            return super().predict(texts)
        with one_thread():
            return [Reading(tuple(found)) for found in self.chooser.choose(texts)]

    def set_annotations(self, docs: Sequence[Doc], states_or_beams: Any) -> None:
        """Give texts their names."""
        if not states_or_beams or not isinstance(states_or_beams[0], Reading):
            super().set_annotations(docs, states_or_beams)
            return
        for doc, reading in zip(docs, states_or_beams, strict=True):
            if not len(doc):
                continue
            rows = np.zeros((len(doc), 2), dtype=np.uint64)
            rows[:, 0] = OUTSIDE
            for start, end, label in reading.found:
                rows[start:end] = INSIDE, label
                rows[start, 0] = BEGINNING
            doc.from_array([ENT_IOB, ENT_TYPE], rows)  # type: ignore[arg-type]


@Language.factory(
    FACTORY,
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "moves": None,
        "update_with_oracle_cut_size": 100,
        "model": DEFAULT_NER_MODEL,
        "incorrect_spans_key": None,
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
)
def make_names(  # noqa: PLR0917 (spaCy gives them by name)
    nlp: Language,
    name: str,
    model: Model[Any, Any],
    moves: Any,
    update_with_oracle_cut_size: int,
    incorrect_spans_key: str | None,
    scorer: Callable[..., Any] | None,
) -> Names:
    """Make the component."""
    return Names(
        nlp.vocab,
        model,
        name=name,
        moves=moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        incorrect_spans_key=incorrect_spans_key,
        scorer=scorer,
    )
