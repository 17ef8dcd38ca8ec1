from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.quotes import attribution_at
from dateline.annotate.quotes.attribution import find_attributions
from dateline.annotate.quotes.cues import load_cues, load_nouns, read_cues, read_nouns
from dateline.annotate.quotes.marks import find_marked
from dateline.errors import RulesError
from dateline.types import Quote
from tests.context_nlp import model

# text, source, cue, content, direct
CASES = [
    ("“We will not leave,” the mayor said on Friday.", "the mayor", "said", ["“We will not leave,”"], True),
    ("The mayor said that the bridge was closed.", "The mayor", "said", ["that the bridge was closed"], False),
    (
        "“We will stay,” she said. “We have no choice.”",
        "she",
        "said",
        ["“We will stay,”", "“We have no choice.”"],
        True,
    ),
    ("According to the ministry, forty people died.", "the ministry", "According to", ["forty people died"], False),
    ("Forty people died, according to the ministry.", "the ministry", "according to", ["Forty people died"], False),
    ("Iran accused Israel of an attack, and Moscow criticized the raid.", "Moscow", "criticized", ["the raid"], False),
    ("The general promised to withdraw his troops.", "The general", "promised", ["to withdraw his troops"], False),
    (
        "The senator called the deal “a betrayal of our allies.”",
        "The senator",
        "called",
        ["the deal “a betrayal of our allies.”"],
        True,
    ),
    (
        "“They fired first,” Colonel Ivan Petrov told reporters.",
        "Colonel Ivan Petrov",
        "told",
        ["“They fired first,”"],
        True,
    ),
    ("Smith, who leads the union, said the strike would go on.", "Smith", "said", ["the strike would go on"], False),
    ("WALLACE: Will the governor resign?", "WALLACE", ":", ["Will the governor resign?"], False),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "source", "cue", "content", "direct"), CASES, ids=[case[0][:40] for case in CASES])
def test_finds_source_cue_and_content(text, source, cue, content, direct):
    found = find_attributions(model()(text))
    said = [
        (
            a.source and text[slice(*a.source)],
            a.cue and text[slice(*a.cue)],
            [text[slice(*c)].rstrip(".") for c in a.content],
            a.direct,
        )
        for a in found
    ]
    assert (source, cue, [part.rstrip(".") for part in content], direct) in said


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["The army did not say who fired.", "He could argue that it was late.", "The bridge fell on Monday.", ""]
)
def test_what_nobody_says_is_no_quotation(text):
    assert find_attributions(model()(text)) == []


@pytest.mark.model
def test_the_cited_in_a_quotation_are_its_speakers():
    text = "“My father said that the war was lost, and I believed him,” the soldier said."
    found = find_attributions(model()(text))
    assert [text[slice(*a.cue)] for a in found if a.cue] == ["said"]
    assert found[0].source is not None
    assert text[slice(*found[0].source)] == "the soldier"


@pytest.mark.model
def test_innermost_attribution():
    doc = model()("Officials said that the minister promised peace.")
    outer = Quote(start=15, end=47, text="", direct=False, source=None, cue=None, speaker=None)
    inner = Quote(start=41, end=47, text="", direct=False, source=None, cue=None, speaker=None)
    layers_of(doc).quotes = [outer, inner]
    assert attribution_at(doc, 41, 46) is inner
    assert attribution_at(doc, 20, 30) is outer
    assert attribution_at(doc, 0, 9) is None


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('He said "yes" twice.', ["yes"]),
        ("“Call me ‘maybe’ again,” he said.", ["Call me ‘maybe’ again,"]),
        ("“One “two” three” four", ["One “two” three"]),
        ("“First paragraph\n“Second paragraph.”", ["First paragraph", "Second paragraph."]),
        ('A 5" pipe and no quotation.', []),
        ("", []),
    ],
)
def test_marks(text, inside):
    assert [text[m.inner_start : m.inner_end] for m in find_marked(text)] == inside


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["“" * 400, '"We ' * 500, "“A,” he said. " * 200, "said said said said", ": : :", "— said."]
)
def test_odd_texts_end(text):
    doc = model()(text)
    for attribution in find_attributions(doc):
        assert all(0 <= start < end <= len(text) for start, end in attribution.content)


def test_the_tables_load():
    cues = load_cues()
    assert cues["said"].lemma == "say"
    assert cues["denied"].lemma == "deny"
    assert cues["warning"].lemma == "warn"
    assert "claim" in load_nouns()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("say\tclause\t", "2: 3 columns where 4 belong"),
        ("say\tshout\t\t", "2: unknown kind shout"),
        ("say\t\t\t", "2: a cue needs a verb and a kind"),
        ("say\tclause\t\tsaid,says\nsay\tclause\t\t", "3: 'say' stands twice"),
    ],
)
def test_a_wrong_cue_names_its_line(row, message):
    with pytest.raises(RulesError) as caught:
        read_cues(f"lemma\tkinds\tprepositions\tforms\n{row}\n", table="cues.tsv")
    assert caught.value.message.startswith(f"cues.tsv:{message}")


def test_a_wrong_noun_names_its_line():
    with pytest.raises(RulesError, match=r"nouns\.tsv:2: a noun, a tab"):
        read_nouns("noun\tprepositions\nclaim\n", table="nouns.tsv")
