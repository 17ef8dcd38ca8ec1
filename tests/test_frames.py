"""The frames: every example is read as its row says, and a wrong line is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.annotate.events import frames as frame_tables
from dateline.annotate.events.check import examples, failures
from dateline.annotate.events.codebook import page
from dateline.annotate.events.forms import noun_forms, verb_forms
from dateline.annotate.events.frames import COLUMNS, IDLE, TYPES, frames, parse_frames, tables_exist
from dateline.annotate.events.matching import Surroundings, _met
from dateline.annotate.events.outer import outers, rule_for
from dateline.annotate.events.tables import classes, goldstein, read_rows
from dateline.cli.frames import app
from dateline.errors import RulesError
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)

HEADER = "\t".join(COLUMNS)
GOOD = "attack\tverb\tobj\tsubj\tobj\t-\t190\tRebels attacked a base.\tRebels > base"


def test_every_example_is_read_as_its_row_says(event_nlp):  # noqa: F811
    wrong = [f"{f.example.table}:{f.example.line} {f.example.sentence} got {f.got}" for f in failures(event_nlp)]
    assert wrong == []


def test_there_is_a_table_and_a_frame_for_every_type():
    assert tables_exist() == sorted(f"{name}.tsv" for name in (IDLE, *TYPES))
    assert {frame.event_type for frame in frames()} == {IDLE, *TYPES}
    assert {mode for frame in frames() if (mode := frame.mode)} >= {
        "visit",
        "release",
        "aerial",
        "curfew",
        "expel",
        "demo",
    }


def test_the_tables_hold_many_senses_each_with_an_example():
    assert len(frames()) > 1000
    assert all(frame.example and ">" in frame.reads for frame in frames())
    assert len(list(examples())) > 400


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD.replace("verb", "verbs"), "part of speech"),
        (GOOD.replace("\t-\t190", "\tfriendly\t190"), "has no mode"),
        (GOOD.replace("190", "999"), "no CAMEO code"),
        (GOOD.replace("Rebels > base", "Rebels, base"), "SOURCE > TARGET"),
        (GOOD.replace("\tobj\tsubj", "\tobj:@nothing\tsubj"), "no class @nothing"),
        (GOOD.replace("Rebels attacked a base.", "-"), "an example sentence is wanted"),
        (GOOD.replace("\tobj\tsubj", "\tiobj\tsubj"), "no place 'iobj'"),
        (GOOD.replace("\tobj\tsubj", "\tobj.iobj:aid\tsubj"), "no place 'iobj'"),
        (GOOD.replace("\tobj\tsubj", "\twiht:ACTOR\tsubj"), "no place 'wiht'"),
        (GOOD.replace("\tobj\tsubj", "\tfor|with:ACTOR\tsubj"), "cannot have words"),
        (GOOD.replace("\tobj\tsubj", "\tclause\tsubj"), "clause needs its words"),
        (GOOD + "\textra", "10 cells, 9 wanted"),
        (GOOD + "\n" + GOOD, "stands on line 2 already"),
    ],
)
def test_a_wrong_line_is_named(row, message):
    with pytest.raises(RulesError, match=message) as caught:
        parse_frames(f"{HEADER}\n{row}\n", "ASSAULT", "ASSAULT.tsv")
    assert caught.value.table == "ASSAULT.tsv"
    assert caught.value.line in {2, 3}


def test_a_wrong_header_is_named():
    with pytest.raises(RulesError, match="header must be") as caught:
        list(read_rows("a\tb\n", "some.tsv", ("a", "c")))
    assert caught.value.line == 1


def test_alternatives_and_comments():
    found = parse_frames(f"# note\n{HEADER}\n{GOOD.replace('attack', 'go|march on|against')}\n", "ASSAULT", "t.tsv")
    assert [frame.words for frame in found] == [("go", "on"), ("go", "against"), ("march", "on"), ("march", "against")]
    assert found[0].line == 3


@pytest.mark.parametrize("place", ["xcomp", "comp"])
def test_a_clause_may_have_to_be_absent(event_nlp, place):  # noqa: F811
    verb = event_nlp("Ministers refused to sign.")[1]
    [frame] = parse_frames(
        f"{HEADER}\n{GOOD.replace('obj', f'!{place}', 1).replace('attack', 'refuse', 1)}\n", "ASSAULT", "t.tsv"
    )
    assert not _met(Surroundings(verb), frame, frame.needs[0])
    verb = event_nlp("Ministers refused.")[1]
    assert _met(Surroundings(verb), frame, frame.needs[0])


def test_every_outer_predicate_has_a_rule():
    for outer in outers():
        assert outer.cls == "fulfil" or any(rule_for(outer.cls, name) for name in TYPES), outer


def test_goldstein_values_are_on_the_scale():
    assert goldstein()["164"] == -7.0
    assert all(-10 <= value <= 10 for value in goldstein().values())


def test_classes_take_in_earlier_ones_and_the_agents_of_the_actor_tables():
    assert classes()["soldiers"] <= classes()["actors"]
    assert "lawmaker" in classes()["actors"]


@pytest.mark.parametrize(
    ("lemma", "form"),
    [("shell", "shelled"), ("stop", "stopped"), ("veto", "vetoes"), ("deny", "denied"), ("die", "dying"), ("seize", "seizing"),
     ("withdraw", "withdrew"), ("shoot", "shot"), ("panic", "panicked"), ("destroy", "destroyed")],
)  # fmt: skip
def test_verb_forms(lemma, form):
    assert form in verb_forms(lemma)


def test_noun_forms():
    assert "gunmen" in noun_forms("gunman")
    assert "allies" in noun_forms("ally")


def test_check_and_explain_from_the_command_line():
    run = CliRunner()
    shown = run.invoke(app, ["explain", "withdrew"])
    assert shown.exit_code == 0
    assert "RETREAT" in shown.output
    assert run.invoke(app, ["explain", "@talks"]).output.startswith("call")
    assert run.invoke(app, ["explain", "zzz"]).exit_code == 1


def test_coverage_shows_what_no_frame_reads(event_nlp):  # noqa: F811
    from dateline.annotate.events.coverage import count

    read, missed, sentences, with_event = count(event_nlp, ["Kenya met Chad.", "Kenya schmurfled Chad in May."])
    assert read["CONSULT"] == 2  # in both directions
    assert missed == {"schmurfled": 1}
    assert (sentences, with_event) == (2, 2)  # the second reader takes it for an act


def test_modes_are_those_of_the_codebook():
    assert sum(len(modes) for modes in frame_tables.MODES.values()) == 72


def test_the_page_of_types_is_as_the_tables_are():
    written = (Path(__file__).parent.parent / "docs" / "codebook-types.md").read_text(encoding="utf-8")
    assert page() == written, "run `dateline frames codebook > docs/codebook-types.md`"
