"""Measure `annotate` against plain full `en_core_web_sm`, on the same texts in the same run: words per CPU second.

    python bench/annotate.py            with events
    python bench/annotate.py --parts    also the time of each component

The texts are the demo newsroom's. Turns alternate, and the median ratio counts, because machines are noisy. In the first turn
our side meets each kind of word for the first time; its ratio is given too. The last line holds the figures as JSON.

The ratio differs by machine: where thinc does not know the processor, its matrix products, which only the plain side uses,
are slower than numpy's. docs/quality.md has the figures last measured.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import spacy
from spacy.language import Language

from dateline.annotate.coding import annotate_texts
from dateline.annotate.nlp import MODEL, load_nlp
from dateline.stack.newsroom import load_expected
from dateline.stack.newsroom.content import load_outlets
from dateline.types import TextInput

BATCH = 16
TURNS = 5


def texts() -> list[TextInput]:
    """Return the newsroom's articles."""
    pages = load_expected(dict.fromkeys(load_outlets(), 1), shift_weeks=0)
    return [
        TextInput(id=page.id, text=page.text, title=page.title, published=page.published_at)
        for page in pages
        if page.text and page.language == "en"
    ]


def seconds(work: Callable[[], Any]) -> float:
    """Return the CPU seconds that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Take turns, and print the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", action="store_true")
    call = parser.parse_args()
    articles = texts()
    words = sum(len(article.text.split()) for article in articles)
    plain, ours = spacy.load(MODEL), load_nlp()
    floor: list[float] = []
    path: list[float] = []
    for _ in range(TURNS):
        floor.append(seconds(lambda: list(plain.pipe([article.text for article in articles], batch_size=BATCH))))
        path.append(seconds(lambda: list(annotate_texts(ours, articles))))
    ratios = [a / b for a, b in zip(floor, path, strict=True)]
    ratio = statistics.median(ratios)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{words} words: plain {words / statistics.median(floor):.0f}, ours {words / statistics.median(path):.0f} words/CPU s"
    )
    print(f"ratio {ratio:.2f}, in the first turn {ratios[0]:.2f}; peak memory of both together {peak:.0f} MB")
    if call.parts:
        _parts(ours, articles)
    print(json.dumps({"ratio": ratio, "first_ratio": ratios[0], "peak_mb": peak}))


def _parts(nlp: Language, articles: list[TextInput]) -> None:
    from dateline.annotate.nlp import make_doc

    docs = [make_doc(nlp, article) for article in articles]
    for name, component in nlp.pipeline:
        pipe = getattr(component, "pipe", None)
        began = time.process_time()
        docs = list(pipe(docs, batch_size=BATCH)) if pipe else [component(doc) for doc in docs]
        print(f"{name:24} {time.process_time() - began:6.2f} s")


if __name__ == "__main__":
    main()
