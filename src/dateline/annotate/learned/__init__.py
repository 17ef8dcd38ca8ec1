"""Run the learned components of `en_core_web_sm` as spaCy does, with the same weights and the same answers, at a third of the cost.

blas.py one thread for matrix products ─► network.py words to vectors ─► vectors.py, names.py, trees.py the components, groups.py their batches

The weights are spaCy's and so is everything that is learned; only the arithmetic is arranged anew. A network that is not
built as we know it is left to spaCy. See docs/decisions/learned-components-in-numpy.md.
"""

from __future__ import annotations

from typing import Any

from dateline.annotate.learned import names, trees, vectors

CONFIG: dict[str, Any] = {  # for spacy.load(): which of the pipeline's components are made by us
    "components": {
        "tok2vec": {"factory": vectors.FACTORY},
        "parser": {"factory": trees.FACTORY},
        "ner": {"factory": names.FACTORY},
    }
}
