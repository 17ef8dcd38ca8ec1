"""Read the texts of a batch together, as many as fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.util import minibatch

MOST_TOKENS = 30_000  # of the texts read together: 4 KB each


def read_in_groups(
    component: TrainablePipe, docs: Iterable[Doc], batch_size: int, *, order: Callable[[Doc], int] | None = None
) -> Iterator[Doc]:
    """Have a component annotate texts, and yield them as they came; within a batch it reads them in `order`."""
    failed = component.get_error_handler()
    for batch in minibatch(docs, size=batch_size):  # type: ignore[no-untyped-call]
        texts = list(batch)
        try:
            for group in grouped(texts if order is None else sorted(texts, key=order)):
                component.set_annotations(group, component.predict(group))
        except Exception as error:  # noqa: BLE001 (spaCy's own way: the pipeline says what becomes of a text that fails)
            failed(component.name, component, texts, error)
        else:
            yield from texts


def grouped(docs: Iterable[Doc], most: int = MOST_TOKENS) -> Iterator[list[Doc]]:
    """Yield texts in groups that are not longer than `most` tokens together, each of one text at least."""
    group: list[Doc] = []
    tokens = 0
    for doc in docs:
        if group and tokens + len(doc) > most:
            yield group
            group, tokens = [], 0
        group.append(doc)
        tokens += len(doc)
    if group:
        yield group
