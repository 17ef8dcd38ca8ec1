"""A note that corrects, clarifies or retracts an article is found, in several languages; what only looks like one is not."""

from __future__ import annotations

import pytest

from dateline.errors import RulesError
from dateline.extract.notes import COLUMNS, find_in, read_rules
from dateline.extract.read import read_page
from dateline.extract.tables import parse_table, read_table

EXAMPLES = [(line, row) for line, row in read_table("notes.tsv", COLUMNS)]

BODY = "".join(
    f"<p>The ministers of {one} and {other} met in the old harbour on Monday and spoke for three hours about fishing.</p>"
    for one, other in (("Iceland", "Norway"), ("Denmark", "Sweden"), ("Finland", "Estonia"), ("Latvia", "Poland"))
)


def page(*, before="", after="", head=""):
    return read_page(
        f"<html><head><title>Ministers meet</title>{head}</head><body><article><h1>Ministers meet in the harbour</h1>"
        f"{before}{BODY}{after}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("line", "row"), EXAMPLES, ids=[f"{line}-{row['language']}-{row['kind']}" for line, row in EXAMPLES]
)
def test_each_rule_finds_its_example_and_says_its_kind(line, row):
    note = find_in(row["example"])
    assert note is not None
    assert note.kind == row["kind"]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Market correction wipes out a year of gains: shares fell again on Monday.",
        "Corrections officers said that the prison was quiet on Sunday.",
        "“This article was withdrawn by the court,” the lawyer said.",
        '"An earlier version of this story was false," the mayor told reporters.',
        "The minister said that an earlier version of this law was kinder to farmers.",
        "This article of the constitution was amended in 1998.",
        "The army has withdrawn its troops from the border.",
        "The company retracted its offer on Friday.",
        "The house of correction - a prison - was built in 1820.",
        "Corrected for inflation, wages fell.",
        "The journal said it would withdraw the study. We regret that nobody asked us.",
        "",
        "Correction",
        "a " * 5000,
    ],
)
def test_what_only_looks_like_a_note_is_none(paragraph):
    assert find_in(paragraph) is None


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("CORRECTION, Aug. 12: The river is the Vah.", "correction"),
        ("Correction (12 August 2026): The river is the Vah.", "correction"),
        ("Correction appended: The river is the Vah.", "correction"),
        ("Editor's note: This story has been updated to clarify who spoke first.", "clarification"),
        ("Editors’ Note: This story has been retracted because its author made it up.", "retraction"),
        ("* This article was amended on 3 May. The fine was 300 euros.", "correction"),
        ("Clarification: This story has been withdrawn while we look into it.", "retraction"),
        ("Corrections and clarifications: The picture showed another harbour.", "correction"),
    ],
)
def test_notes_as_they_are_written(paragraph, kind):
    note = find_in(paragraph)
    assert note is not None
    assert note.kind == kind
    assert paragraph[note.start : note.end] == note.text


def test_an_editors_note_that_corrects_nothing_is_no_correction():
    assert find_in("Editor's note: This is the second part of a series about fishing.") is None


def test_a_note_below_the_text_is_found_and_does_not_become_text():
    article = page(after="<p>Correction: An earlier version of this story gave the wrong day of the meeting.</p>")
    assert article.note_kind == "correction"
    assert article.corrected is not None
    assert article.corrected.startswith("Correction: An earlier")
    assert (article.note_start, article.note_end) == (None, None)
    assert "earlier version" not in article.text


def test_a_note_inside_the_text_has_its_place():
    sentence = "An earlier version of this report named another harbour."
    article = page(
        after=f"<p>The talks go on in June, the host said. {sentence} Fishing will be on the table again.</p>"
    )
    assert article.note_kind == "correction"
    assert article.corrected == sentence
    assert article.text[article.note_start : article.note_end] == sentence


def test_whom_to_tell_of_errors_is_no_note():
    article = page(
        after="</article><footer><p>Corrections: write to errors@news.example and we look into it.</p></footer>"
    )
    assert article.note_kind is None


def test_a_label_above_the_note():
    article = page(before="<h2>Retraction</h2><p>The meeting that this page told of did not take place at all.</p>")
    assert article.note_kind == "retraction"
    assert article.corrected == "The meeting that this page told of did not take place at all."


def test_a_note_in_the_metadata():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ministers meet in the harbour", '
        '"correction": {"@type": "CorrectionComment", "text": "The meeting was on Monday, not on Sunday."}}</script>'
    )
    article = page(head=head)
    assert (article.note_kind, article.note_start) == ("correction", None)
    assert article.corrected == "The meeting was on Monday, not on Sunday."


def test_an_article_without_a_note_has_none():
    article = page()
    assert (article.corrected, article.note_kind, article.note_start, article.note_end) == (None, None, None, None)


HEADER = "\t".join(COLUMNS)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("praise\tlabel\ten\tbravo\tBravo: well done, all of you.", "kind 'praise'"),
        ("correction\tbelow\ten\toops\tOops: it was Monday.", "where is 'below'"),
        ("correction\tlabel\tenglish\toops\tOops: it was Monday.", "language 'english'"),
        ("correction\tlabel\ten\t(oops\tOops: it was Monday.", "bad pattern"),
        ("correction\tlabel\ten\toops\tNothing of that kind here.", "does not find its example"),
        ("correction\tlabel\ten\toops", "filled cells"),
    ],
)
def test_a_wrong_line_is_named(line, message):
    with pytest.raises(RulesError, match=message) as raised:
        list(read_rules(parse_table(f"{HEADER}\n{line}\n", "notes.tsv", COLUMNS)))
    assert raised.value.line == 2
    assert raised.value.table == "notes.tsv"
