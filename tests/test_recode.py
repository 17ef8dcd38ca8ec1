"""Coding again says what changes, with its sentence, before anything that counts is touched."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from dateline import pipeline
from dateline.extract.given import given_page
from dateline.recode import RecodeReport, compare, recode
from dateline.runtime import open_tools
from dateline.settings import Settings
from dateline.store.codings import CoderVersions
from dateline.store.recoding import Choice, CodedMention

TEXT = (
    "Iranian officials rejected the offer from the United States on Monday.\n"
    "French President Emmanuel Macron met Chancellor Olaf Scholz in Berlin on Tuesday."
)


def mention(start, **changes):
    fields = {
        "text_id": 1, "mention_key": uuid.uuid4(), "trigger_start": start, "trigger_end": start + 5, "trigger_text": "said",
        "sentence_text": "It was said.", "event_type": "REJECT", "mode": None, "modality": "asserted", "negated": False,
        "source_text": None, "source_country": "IRN", "target_text": None, "target_country": "USA", "date_from": None,
        "date_to": None, "place_name": None, "attribution_text": None,
    }  # fmt: skip
    return CodedMention(**(fields | changes))


def compared(before, after):
    report = RecodeReport()
    compare(before, after, report)
    return report


def test_the_same_mention_is_the_same_by_its_key_whatever_the_order():
    one, two = mention(0), mention(50)
    report = compared([one, two], [two, one])
    assert (report.same, report.gained, report.lost, report.changed) == (2, [], [], [])


def test_a_touching_trigger_read_otherwise_is_a_change_and_says_in_what():
    old = mention(0)
    new = replace(old, mention_key=uuid.uuid4(), trigger_start=2, event_type="ACCUSE", target_country=None)
    report = compared([old], [new])
    assert [change.parts for change in report.changed] == [("event_type", "target_country")]
    assert not report.gained
    assert not report.lost


def test_what_only_one_side_has_was_gained_or_lost():
    old, new = mention(0), mention(100)
    report = compared([old], [new])
    assert (report.gained, report.lost) == ([new], [old])


@pytest.fixture
def settings(prepared_url, tmp_path):
    return Settings(home=tmp_path, database_url=prepared_url, workers=1)


@pytest.mark.model
def test_new_codings_count_only_when_promoted(settings):
    with open_tools(settings) as tools:
        page = given_page({"text": TEXT, "published_at": "2024-05-14"}, url="https://example.org/a", now=tools.now())
        assert pipeline.give(tools, [page])["given"] == 1
        assert pipeline.ingest(tools)["annotate"]["events"] >= 2
        # an older coder, as far as the store can tell
        with tools.engine.begin() as conn:
            conn.exec_driver_sql("update dateline.codings set coder = 'dateline/0.0.1'")
            conn.exec_driver_sql("update dateline.event_mentions set event_type = 'ACCUSE' where event_type = 'REJECT'")
        report = recode(tools, Choice())
        assert report.texts == 1
        assert [change.parts for change in report.changed] == [("event_type",)]
        assert report.changed[0].after.sentence_text.startswith("Iranian officials rejected")
        assert active(tools) == ["dateline/0.0.1"]
        again = recode(tools, Choice())
        assert (again.texts, len(again.changed)) == (0, 1)
        assert recode(tools, Choice(), promote=True).promoted == 1
        assert active(tools) == [tools.versions().coder]
        types = set(rows(tools, "select event_type from dateline.event_report"))
        assert "REJECT" in types
        assert "ACCUSE" not in types
        assert recode(tools, Choice()).changed == []


def test_a_choice_of_days_leaves_other_texts_alone(settings):
    from datetime import date

    from dateline.store.recoding import uncoded_texts

    versions = CoderVersions(coder="x", model="x", actors="x", gazetteer="x")
    with open_tools(settings) as tools, tools.engine.begin() as conn:
        assert uncoded_texts(conn, Choice(since=date(2024, 1, 1), until=date(2024, 1, 2)), versions) == []


def rows(tools, sql):
    with tools.engine.connect() as conn:
        return list(conn.exec_driver_sql(sql).scalars())


def active(tools):
    return rows(tools, "select coder from dateline.codings where is_active")
