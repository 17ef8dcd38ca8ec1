"""The second reader: what it says where the frames are silent, and that its files are whole."""

from __future__ import annotations

import numpy as np
import pytest

from dateline.annotate.events import network
from dateline.annotate.events.frames import TYPES
from dateline.annotate.events.second import HINT, second_frames
from dateline.annotate.layers import layers_of
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)

WORDS = [
    "The",
    "rebels",
    "lobbed",
    "a",
    "dozen",
    "shells",
    "into",
    "the",
    "market",
    "of",
    "Aleppo",
    "on",
    "Friday",
    ".",
]


def test_answers_are_probabilities_of_types_statuses_and_parties():
    answers = network.ask(WORDS, [2, 5])
    assert network.outcomes() == ("-", *sorted(TYPES))
    assert answers.types.shape == (2, 1 + len(TYPES))
    assert answers.statuses.shape == (2, len(network.STATUSES))
    assert answers.sides.shape == (2, 2, 1 + len(WORDS))
    for each in (answers.types, answers.statuses, answers.sides):
        assert np.allclose(each.sum(-1), 1, atol=1e-4)
    assert network.outcomes()[answers.types[0].argmax()] == "ASSAULT"
    assert network.STATUSES[answers.statuses[0].argmax()] == "asserted"
    assert WORDS[answers.sides[0, 0].argmax() - 1] == "rebels"


def test_a_sentence_answers_alike_whatever_was_asked_before():
    first = network.ask(WORDS, [2])
    network.ask(["Ministers", "dined", "."], [1])
    assert (network.ask(WORDS, [2]).types == first.types).all()


@pytest.mark.parametrize(
    ("modality", "negated", "status"),
    [
        ("asserted", False, "asserted"),
        ("asserted", True, "negated"),
        ("planned", True, "planned"),
        ("threatened", False, "unreal"),
        ("hypothetical", False, "unreal"),
        ("historical", False, "historical"),
    ],
)
def test_a_modality_is_one_of_the_statuses(modality, negated, status):
    assert network.status_of(modality, negated=negated) == status


def test_words_split_into_the_longest_pieces_that_are_known():
    pieces = list(network.pieces())
    assert [pieces[n] for n in network.split("Unbelievable")] == ["unbelievable"]
    assert [pieces[n] for n in network.split("défilé-marche")] == ["def", "##ile", "-", "marche"]
    assert [pieces[n] for n in network.split("x" * 100)] == ["[UNK]"]
    assert [pieces[n] for n in network.split("\u0301")] == ["[UNK]"]


@pytest.mark.parametrize("words", [[], [""], ["\x00"], ["\ud800"], ["🙂"] * 3, ["word"] * 5000, ["中文"]])
def test_anything_is_answered(words):
    answers = network.ask(words, range(len(words)))
    assert answers.types.shape == (len(words), 1 + len(TYPES))
    assert np.isfinite(answers.types).all()
    assert np.isfinite(answers.sides).all()


def test_words_behind_the_last_piece_tell_of_nothing():
    answers = network.ask(["attacked"] * 1000, [999])
    assert answers.types[0, 0] == answers.sides[0, 0, 0] == 1


def test_words_of_violence_are_worth_asking_about_and_tables_are_not():
    assert network.hint("bombed") > HINT > network.hint("table")


def test_every_type_has_its_places():
    assert {name for name, _ in second_frames()} == set(TYPES)


def test_what_no_frame_reads_is_read(event_nlp):  # noqa: F811
    doc = event_nlp("The Syrian army lobbed shells at Turkey on Friday.")
    events = [e for e in layers_of(doc).events if e.event_type == "ASSAULT"]
    assert [(e.source.text, e.target.text) for e in events] == [("The Syrian army", "Turkey")]
