"""Headlines: sentence case, and what they tell of."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dateline.annotate.coding import annotate_texts
from dateline.annotate.headline import as_sentence
from dateline.annotate.nlp import load_nlp
from dateline.types import AnnotatedArticle, TextInput

TEXT = (
    "The rebels of Casamance quit the peace talks on Monday. Their chief said in Dakar that Senegal had broken its word, "
    "and the government accused the rebels of bad faith."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_nlp()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Casamance Rebels Quit Peace Talks in Dakar", "Casamance rebels quit peace talks in Dakar"),
        ("Rebels Quit Talks as Senegal Protests", "Rebels quit talks as Senegal protests"),
        ("Rebels of Casamance quit the peace talks", "Rebels of Casamance quit the peace talks"),
        ("NATO Condemns Attack", "NATO condemns attack"),
        ("Xyzzy Frobs", "Xyzzy Frobs"),  # nothing is known of it: it may be a name
        ("", ""),
        ("… — !", "… — !"),
    ],
)
def test_title_case_becomes_sentence_case(title: str, expected: str) -> None:
    assert as_sentence(title, TEXT) == expected


def test_headline_vouches_for_what_the_text_tells(nlp: Language) -> None:
    text = "France condemned the attack on Monday. Germany sent two ships to the region."

    def confidences(title: str | None) -> dict[str, float]:
        [(_, answer)] = annotate_texts(nlp, [TextInput(id="a", text=text, title=title)])
        assert isinstance(answer, AnnotatedArticle)
        return {event.event_type: event.confidence for event in answer.events}

    alone, headed = confidences(None), confidences("France Condemns Attack")
    assert headed["ACCUSE"] > alone["ACCUSE"]
    assert headed["MOBILIZE"] == alone["MOBILIZE"]


@pytest.mark.parametrize("title", ["\0", "x" * 100_000, "A " * 5_000, "\ud800"])
def test_a_broken_headline_harms_nothing(nlp: Language, title: str) -> None:
    [(_, answer)] = annotate_texts(nlp, [TextInput(id="a", text="France condemned the attack on Monday.", title=title)])
    assert isinstance(answer, AnnotatedArticle)
