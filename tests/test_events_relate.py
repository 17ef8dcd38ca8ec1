"""`relate`: always an answer, the best one, with a confidence."""

from __future__ import annotations

import pytest

from dateline.annotate.events.frames import TYPES
from dateline.annotate.relate import relate_lines
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)


def line(text, source=None, target=None):
    def span(part):
        return None if part is None else {"start": text.index(part), "end": text.index(part) + len(part)}

    return {"id": text, "text": text, "source": span(source), "target": span(target)}


@pytest.mark.parametrize(
    ("text", "source", "target", "wanted"),
    [
        ("Kenya has freed a Chadian envoy but criticised Sudan.", "Kenya", "a Chadian envoy", "RETREAT"),
        ("Kenya has freed a Chadian envoy but criticised Sudan.", "Kenya", "Sudan", "ACCUSE"),
        ("Somali gunmen, police said, killed two Kenyan nurses.", "Somali gunmen", "two Kenyan nurses", "ASSAULT"),
        ("Kenya refused to take part in a scheme of Chad.", "Kenya", "Chad", "REJECT"),
    ],
)
def test_the_event_between_the_two_given_sides(event_nlp, text, source, target, wanted):  # noqa: F811
    [answer] = relate_lines(event_nlp, [line(text, source, target)])
    assert answer["event_type"] == wanted
    assert answer["id"] == text
    assert 0 < answer["confidence"] < 1
    assert text[answer["trigger"]["start"] : answer["trigger"]["end"]] == answer["trigger"]["text"]


def test_always_an_answer(event_nlp):  # noqa: F811
    texts = ["", "Nothing here.", "Kenya Chad", "x" * 300]
    answers = relate_lines(event_nlp, [line(text) for text in texts])
    assert all(answer["event_type"] in TYPES and answer["quad"] in {1, 2, 3, 4} for answer in answers)


@pytest.mark.parametrize(("last", "wanted"), [("Peru bombed Chile.", "ASSAULT"), ("Talks.", "CONSULT")])
def test_words_so_far_off_that_their_voice_underflows(event_nlp, last, wanted):  # noqa: F811
    text = f"Kenya and Chad. {'So it is. ' * 20}{'x' * 60_000} {last}"
    [answer] = relate_lines(event_nlp, [line(text, "Kenya", "Chad")])
    assert answer["event_type"] == wanted


def test_a_missing_side_is_no_error(event_nlp):  # noqa: F811
    [answer] = relate_lines(event_nlp, [line("Two Kenyan nurses were kidnapped.", None, "Two Kenyan nurses")])
    assert answer["event_type"] == "ASSAULT"
