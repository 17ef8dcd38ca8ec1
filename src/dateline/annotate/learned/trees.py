"""Be spaCy's `parser`, a whole batch at a time: its steps are small, and the more texts take one together the less each costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.pipeline.dep_parser import DEFAULT_PARSER_MODEL, DependencyParser
from spacy.tokens import Doc
from thinc.api import Model

from dateline.annotate.learned.blas import one_thread
from dateline.annotate.learned.groups import read_in_groups
from dateline.annotate.learned.network import use_numpy

FACTORY = "dateline_parser"


class Trees(DependencyParser):  # type: ignore[misc]  # spaCy's is compiled and has no types
    """Be the component."""

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Parse texts, in order."""
        return read_in_groups(self, docs, batch_size, order=len)

    def predict(self, docs: Iterable[Doc]) -> Any:
        """Return the states in which the parser ended."""
        with one_thread():
            return super().predict(docs)


@Language.factory(
    FACTORY,
    assigns=["token.dep", "token.head", "token.is_sent_start", "doc.sents"],
    default_config={
        "moves": None,
        "update_with_oracle_cut_size": 100,
        "learn_tokens": False,
        "min_action_freq": 30,
        "model": DEFAULT_PARSER_MODEL,
        "scorer": {"@scorers": "spacy.parser_scorer.v1"},
    },
)
def make_trees(  # noqa: PLR0917 (spaCy gives them by name)
    nlp: Language,
    name: str,
    model: Model[Any, Any],
    moves: Any,
    update_with_oracle_cut_size: int,
    learn_tokens: bool,  # noqa: FBT001 (the same)
    min_action_freq: int,
    scorer: Callable[..., Any] | None,
) -> Trees:
    """Make the component."""
    use_numpy(model)
    return Trees(
        nlp.vocab,
        model,
        name=name,
        moves=moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        learn_tokens=learn_tokens,
        min_action_freq=min_action_freq,
        scorer=scorer,
    )
