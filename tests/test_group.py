"""The filter `dateline cluster` and the pure decisions behind it."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from datetime import date, timedelta

import pytest

from dateline.group import cluster_lines, sign
from dateline.group.signatures import similarity
from dateline.group.words import words_of
from tests.group_texts import HARBOUR, QUAKE, QUAKE_LATER, STRIKE, reprint, shortened


def lines(*texts: str, **fields: object) -> list[str]:
    return [json.dumps({"id": f"a{number}", "text": body, **fields}) for number, body in enumerate(texts)]


def test_one_answer_a_line_in_order() -> None:
    source = [*lines(QUAKE[0]), "not json", "[1]", json.dumps({"id": 9}), *lines(QUAKE[1])]
    answers = list(cluster_lines(source))
    assert [answer.get("id") for answer in answers] == ["a0", None, None, 9, "a0"]
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        None,
        "bad_json",
        "bad_json",
        "bad_line",
        None,
    ]
    assert answers[1]["line"] == 2


def test_duplicate_of_is_the_earliest_then_the_smallest_id() -> None:
    rows = [
        {"id": "c", "text": QUAKE[0], "published_at": "2024-03-05"},
        {"id": "b", "text": QUAKE[0], "published_at": "2024-03-04T10:00:00+00:00"},
        {"id": "a", "text": QUAKE[0], "published_at": "2024-03-04T12:00:00+02:00"},
        {"id": "d", "text": QUAKE[0]},
    ]
    answers = {answer["id"]: answer for answer in cluster_lines(map(json.dumps, rows))}
    assert {id_: answer["duplicate_of"] for id_, answer in answers.items()} == {"a": None, "b": "a", "c": "a", "d": "a"}
    assert {answer["syndication_id"] for answer in answers.values()} == {"a"}


def test_a_reprint_is_syndicated_but_no_duplicate() -> None:
    first, second, third = cluster_lines(lines(QUAKE[0], reprint(QUAKE[0]), shortened(QUAKE[0])))
    assert first["syndication_id"] == second["syndication_id"] == third["syndication_id"] == "a0"
    assert second["duplicate_of"] is None


def test_stories_across_wordings() -> None:
    answers = list(cluster_lines(lines(*QUAKE, *STRIKE, *HARBOUR)))
    stories = [answer["story_id"] for answer in answers]
    assert len(set(stories[:3])) == len(set(stories[3:6])) == len(set(stories[6:])) == 1
    assert len(set(stories)) == 3


def test_days_part_stories() -> None:
    near = [
        json.dumps({"id": "x", "text": QUAKE[0], "published_at": "2024-03-04"}),
        json.dumps({"id": "y", "text": QUAKE_LATER[0], "published_at": "2024-07-02"}),
    ]
    assert len({answer["story_id"] for answer in cluster_lines(near)}) == 2


@pytest.mark.parametrize(("days", "together"), [(0, True), (30, True), (31, False), (400, False)])
def test_a_reprint_comes_within_weeks_and_the_same_words_at_any_time(days: int, *, together: bool) -> None:
    first = json.dumps({"id": "x", "text": QUAKE[0], "published_at": "2024-03-04"})
    day = str(date(2024, 3, 4) + timedelta(days=days))
    later = json.dumps({"id": "y", "text": reprint(QUAKE[0]), "published_at": day})
    again = json.dumps({"id": "z", "text": QUAKE[0], "published_at": day})
    assert len({answer["syndication_id"] for answer in cluster_lines([first, later])}) == (1 if together else 2)
    assert list(cluster_lines([first, again]))[1]["duplicate_of"] == "x"


def test_order_changes_nothing() -> None:
    source = lines(*QUAKE, *STRIKE, *HARBOUR, reprint(STRIKE[1]), QUAKE[2])
    expected = {answer["id"]: answer for answer in cluster_lines(source)}
    for seed in range(3):
        shuffled = source[:]
        random.Random(seed).shuffle(shuffled)
        assert {answer["id"]: answer for answer in cluster_lines(shuffled)} == expected


@pytest.mark.parametrize("when", ["yesterday", 5, "2024-13-01", ["2024-01-01"]])
def test_a_date_that_is_none_is_an_error_line(when: object) -> None:
    (answer,) = cluster_lines([json.dumps({"id": 1, "text": "x", "published_at": when})])
    assert answer["error"]["code"] == "bad_date"


@pytest.mark.parametrize("body", ["", "\x00", "\ud800", "a", "۱۲۳", "地震" * 500, "word " * 50_000])
def test_odd_texts_are_signed(body: str) -> None:
    assert sign(body).words >= 0


@pytest.mark.parametrize(
    "body",
    [
        "It\u2019s the driver's \u201cfirst\u201d snake_case visit \u2014 to caf\xe9 No. 5\u2026",
        "It's plain; ASCII\tonly, a_b 3.5\n'Quoted' line",
        "\u0130stanbul \u4e1c\u4eac \uff21\uff22\uff23 \ufb01rst",
        "",
    ],
)
def test_the_fast_way_to_words_is_the_slow_one(body: str) -> None:
    assert words_of(body) == re.findall(r"\w+", unicodedata.normalize("NFKC", body).lower())


def test_estimates_are_near_the_truth() -> None:
    words = [f"w{i}" for i in range(1000)]
    jaccard, contained = similarity(sign(" ".join(words)), sign(" ".join(words[:700])))
    assert jaccard == pytest.approx(0.7, abs=0.12)
    assert contained > 0.85
