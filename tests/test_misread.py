"""Sentences whose verb the model takes for a noun are read anew, others are left as they are."""

from __future__ import annotations

import pytest

from dateline.annotate import misread
from dateline.annotate.nlp import load_nlp
from dateline.annotate.prefixes import hang_prefixes


@pytest.fixture(scope="module")
def nlp():
    return load_nlp()


MISREAD = {
    "Sri Lanka and Slovakia sign trade agreement.": "sign",
    "Guinea and Sierra Leone reopen border": "reopen",
    "Soldiers guard ballot boxes in Mali": "guard",
    "Talks between Belize and Guatemala end": "end",
    "Israel and Hamas strike deal": "strike",
    "UN envoys urge calm": "urge",
    "Two Turkish brigades crossed into northern Iraq overnight.": "crossed",
    "Chile and Bolivia to resume talks on access to the sea": "resume",
}
RIGHT = [
    "",
    "Talks",
    "Arms deal documents in Mali",
    "Human rights abuse in Mali",
    "India and Pakistan border talks",
    "US and Japan trade talks",
    "A list of soldiers and police checks.",
    "The right of Kenya to defend its border.",
    "Plans by Turkey to expel the ambassador.",
    "US envoys to Syria and Iraq.",
    "Kenya urged Chad to send grain.",
    "Two nurses killed in Mali",
    "A man called the Butcher.",
]


@pytest.mark.parametrize(("text", "verb"), MISREAD.items(), ids=lambda value: value[:20])
def test_a_misread_verb_becomes_the_root(nlp, text, verb):
    doc = nlp(text)
    root = next(iter(doc.sents)).root
    assert (root.text, root.pos_) == (verb, "VERB")
    assert any(child.dep_ == "nsubj" for child in root.lefts)
    assert doc.text == text  # the past tense was only for the parser


@pytest.mark.parametrize("text", RIGHT, ids=lambda value: value[:20])
def test_what_is_read_rightly_stays(nlp, text):
    with nlp.select_pipes(disable=[misread.NAME]):
        before = nlp(text).to_array(misread.PARTS)
    assert (nlp(text).to_array(misread.PARTS) == before).all()


def test_many_texts_are_read_as_one_is(nlp):
    texts = [f"The weather was mild. {text} It was Monday." for text in MISREAD] + RIGHT
    alone = [nlp(text).to_array(misread.PARTS).tolist() for text in texts]
    assert [doc.to_array(misread.PARTS).tolist() for doc in nlp.pipe(texts, batch_size=5)] == alone


def test_a_plan_of_a_headline_is_no_fact(nlp):
    doc = nlp("Moscow to supply Belarus with gas.")
    assert doc[1].tag_ == "MD"
    assert doc[2].dep_ == "ROOT"


@pytest.mark.parametrize(
    ("text", "word", "dep"),
    [
        ("The vice-president of Ghana visited Kenya.", "president", "nsubj"),
        ("The Kenyan ex-president was arrested.", "president", "nsubjpass"),
        ("The rebels launched a counter-attack on the town.", "attack", "dobj"),
        ("Non-governmental organisations condemned the raid.", "organisations", "nsubj"),
    ],
)
def test_hyphened_words_are_one(nlp, text, word, dep):
    doc = nlp(text)
    [token] = [t for t in doc if t.text == word]
    assert token.dep_ == dep
    assert [t.text for t in doc if t.dep_ == dep] == [word]
    assert "-" in [t.text for t in token.subtree]


def test_a_noun_that_hangs_on_its_own_prefix_makes_no_circle(nlp):
    text = "The talks were initially set to begin in July but later dropped until after Bashir's April re-election."
    doc = nlp.make_doc(text)
    for _, component in nlp.pipeline[:3]:
        doc = component(doc)
    april, prefix, election = (next(t for t in doc if t.text == word) for word in ("April", "re", "election"))
    april.head, prefix.head, election.head = april.nbor(-3).head, april, prefix
    hang_prefixes(doc)
    for token in doc:
        assert sum(1 for _ in token.ancestors) < len(doc)
    assert prefix.head == election
    assert election.head == april
