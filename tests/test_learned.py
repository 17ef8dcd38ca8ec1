"""Our arithmetic of the learned components answers what spaCy's own does."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import spacy
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, SENT_START, TAG
from spacy.language import Language
from spacy.tokens import Doc, Span

from dateline.annotate.learned import CONFIG
from dateline.annotate.learned.blas import one_thread
from dateline.annotate.learned.groups import grouped
from dateline.annotate.learned.network import Network
from dateline.annotate.nlp import MODEL
from dateline.stack.newsroom import load_expected
from dateline.stack.newsroom.content import load_outlets

ATTRIBUTES = [TAG, DEP, HEAD, SENT_START, ENT_IOB, ENT_TYPE]
ODD = [
    "",
    " \n ",
    "Kim",
    "the United Nations Office for the Coordination of Humanitarian Affairs in the Democratic Republic of the Congo",
    "GENEVA\n\nThe  envoy\tsaid\u00a0“no” — 3,000 of them\n\n\n on Monday, Jan. 2 .",
    "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z " * 5,
    "Мир 和平 🙂🙂 \x01 ﷽",
]


def loaded(**options: object) -> Language:
    return spacy.load(MODEL, exclude=["lemmatizer", "attribute_ruler", "senter"], **options)  # type: ignore[arg-type]


@cache
def plain() -> Language:
    return loaded()


@cache
def ours() -> Language:
    return loaded(config=CONFIG)


@cache
def texts() -> list[str]:
    pages = load_expected(dict.fromkeys(load_outlets(), 1), shift_weeks=0)
    return [page.text for page in pages if page.text and page.language == "en"][:40] + ODD


def same(one: Doc, other: Doc) -> bool:
    return bool(np.array_equal(one.to_array(ATTRIBUTES), other.to_array(ATTRIBUTES)))


def test_batches_are_read_as_spacy_reads_them():
    for one, other in zip(plain().pipe(texts(), batch_size=16), ours().pipe(texts(), batch_size=16), strict=True):
        assert same(one, other), other.text[:80]
        assert [(e.start, e.end, e.label_) for e in one.ents] == [(e.start, e.end, e.label_) for e in other.ents]


@pytest.mark.parametrize("text", ODD)
def test_a_text_alone_is_read_as_spacy_reads_it(text):
    assert same(plain()(text), ours()(text))


def test_long_names_are_followed_to_their_end():
    names = ours().get_pipe("ner")
    docs = list(ours().pipe(texts()[:8] + ODD))
    for steps in (0, 1, 40):
        found = names.chooser.choose(docs, together=steps)
        assert [list(ents) for ents in found] == [[(e.start, e.end, e.label) for e in doc.ents] for doc in docs]


def test_names_that_stand_already_are_kept():
    read = []
    for nlp in (plain(), ours()):
        doc = nlp.make_doc("Somebody Else met Angela Merkel in Paris.")
        doc.set_ents([Span(doc, 0, 2, label="PERSON")], default="missing")
        read.append([(e.text, e.label_) for e in nlp(doc).ents])
    assert read[0] == read[1]
    assert ("Somebody Else", "PERSON") in read[1]


def test_an_unknown_network_is_left_to_spacy():
    assert Network.of(ours().get_pipe("tagger").model) is None


def test_embeddings_are_bounded(monkeypatch):
    monkeypatch.setattr("dateline.annotate.learned.network.MOST_KEPT", 50)  # a number, not code
    vectors = Network.of(plain().get_pipe("tok2vec").model)
    docs = [plain().make_doc(text) for text in texts()[:3]]
    again = [Network.of(plain().get_pipe("tok2vec").model).read([doc])[0] for doc in docs]
    for one, other in zip(vectors.read(docs), again, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_groups_are_bounded_by_tokens():
    docs = [plain().make_doc("a b c"), plain().make_doc("d e"), plain().make_doc("f " * 9), plain().make_doc("g")]
    assert [len(group) for group in grouped(docs, most=5)] == [2, 1, 1]


def test_one_thread_is_undone():
    with one_thread(), one_thread():
        pass
    from dateline.annotate.learned.blas import _switches

    switches = _switches()
    if switches is not None:
        before = switches[0]()
        with one_thread():
            assert switches[0]() == 1
        assert switches[0]() == before
