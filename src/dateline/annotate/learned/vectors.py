"""Be spaCy's `tok2vec`, whose vectors the tagger and the parser read, by our arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.pipeline.tok2vec import DEFAULT_TOK2VEC_MODEL, Tok2Vec
from spacy.tokens import Doc
from thinc.api import Model

from dateline.annotate.learned.network import Floats, Network

FACTORY = "dateline_tok2vec"


class Vectors(Tok2Vec):
    """Be the component."""

    network: Network | None = None
    taken: bool = False  # whether `network` was looked for: the weights are loaded after the component is made

    def predict(self, docs: Iterable[Doc]) -> list[Floats]:
        """Return the vectors of each text's tokens."""
        if not self.taken:
            self.network, self.taken = Network.of(self.model), True
        texts = list(docs)
        if self.network is None:
            return super().predict(texts)  # type: ignore[no-any-return]
        return self.network.read(texts)


@Language.factory(FACTORY, assigns=["doc.tensor"], default_config={"model": DEFAULT_TOK2VEC_MODEL})
def make_vectors(nlp: Language, name: str, model: Model[Any, Any]) -> Vectors:
    """Make the component."""
    return Vectors(nlp.vocab, model, name)
