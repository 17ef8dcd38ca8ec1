from __future__ import annotations

import csv
import time
from datetime import date
from pathlib import Path

import pytest

from dateline.annotate.times import times_component
from dateline.annotate.times.spans import days_of, easter, holiday
from dateline.annotate.times.tables import load_tables, read_tables
from dateline.errors import RulesError
from tests.context_nlp import model, read

CASES = list(
    csv.DictReader((Path(__file__).parent / "data" / "times_cases.tsv").open(encoding="utf-8"), delimiter="\t")
)


@pytest.mark.model
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['published'] or 'undated'} {case['span']}")
def test_reads_type_value_and_days(case):
    layers = read(case["text"], times_component, case["published"])
    found = {mention.text: mention for mention in layers.times}
    assert case["span"] in found, list(found)
    mention = found[case["span"]]
    days = tuple(date.fromisoformat(case[key]) if case[key] else None for key in ("from", "to"))
    assert (mention.type, mention.value, (mention.from_, mention.to)) == (case["type"], case["value"] or None, days)
    assert case["text"][mention.start : mention.end] == mention.text


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "You may go.",
        "They march on the palace.",
        "He weighed 2000 kilos.",
        "She is 19 years old.",
        "Shares fell 3.5 percent.",
        "The second man sat down.",
        "Sun and rain.",
    ],
)
def test_leaves_other_words_alone(text):
    assert read(text, times_component, "2018-08-24").times == []


@pytest.mark.model
@pytest.mark.parametrize("text", ["", "\n\n", "Пётр приехал в мае.", "\ufffd\ufffd", "May May May May, 2018 2018"])
def test_odd_texts_end(text):
    for mention in read(text, times_component, "2018-08-24").times:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.model
def test_a_list_of_dates_is_read_in_bounded_time():
    text = "They met on Monday, May 3, 2010, and two days later in June 2011. " * 300
    model()(text)  # the parse itself is not ours
    began = time.process_time()
    layers = read(text, times_component, "2018-08-24")
    assert len(layers.times) >= 900
    assert time.process_time() - began < 15


def test_every_rule_of_the_table_matches_its_own_example():
    from dateline.annotate.times.tokens import cut

    for rule in load_tables().rules:
        assert rule.pattern.search(cut(rule.example).symbols), rule.name


@pytest.mark.parametrize(
    ("year", "day"),
    [(1990, date(1990, 4, 15)), (2018, date(2018, 4, 1)), (2024, date(2024, 3, 31)), (2025, date(2025, 4, 20))],
)
def test_easter(year, day):
    assert easter(year) == day


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("12-25", date(2018, 12, 25)),
        ("11-Thu4", date(2018, 11, 22)),
        ("05-Mon-1", date(2018, 5, 28)),
        ("easter-2", date(2018, 3, 30)),
    ],
)
def test_holidays(rule, day):
    assert holiday(rule, 2018) == day


@pytest.mark.parametrize("value", [None, "PXY", "PAST_REF", "XXXX-05", "2018-13", "2018-W60", "9999-12-31/", "0000"])
def test_values_without_days_have_none(value):
    assert days_of(value) is None


HEAD = "word\tclass\tvalue\n"
HOLIDAYS = "name\trule\nChristmas\t12-25\n"
RULES = "name\tpattern\treading\texample\n"


@pytest.mark.parametrize(
    ("words", "holidays", "rules", "message"),
    [
        (HEAD + "may\tMONTH\n", HOLIDAYS, RULES, "words.tsv:2: 2 columns where 3 belong"),
        (HEAD + "may\tMONTH\t5\nmay\tMONTH\t5\n", HOLIDAYS, RULES, "words.tsv:3: 'may' stands twice"),
        (HEAD + "may\tmonth\t5\n", HOLIDAYS, RULES, "words.tsv:2: 'month' is no class"),
        (HEAD, "name\trule\nChristmas\tin winter\n", RULES, "holidays.tsv:2: 'in winter' is no rule"),
        (HEAD, HOLIDAYS, RULES + "x\tMONTH\tmonth\tMay\n", "rules.tsv:2: 'MONTH' is no class"),
        (HEAD, HOLIDAYS, RULES + "x\tYEAR\tguess\t2018\n", "rules.tsv:2: 'guess' is no reading"),
        (HEAD, HOLIDAYS, RULES + "x\t(YEAR\tyear\t2018\n", "rules.tsv:2: the pattern does not compile"),
    ],
)
def test_a_wrong_table_names_its_line(words, holidays, rules, message):
    with pytest.raises(RulesError) as caught:
        read_tables(words, holidays, rules)
    assert message in caught.value.message


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Officials signed the Good Friday Agreement on 10 April 1998.", ["10 April 1998"]),
        ("The poet was shot after the Easter Rising of 1916.", ["1916"]),
        ("Hungary remembered the Christmas Accord.", []),
    ],
)
def test_a_thing_that_is_called_by_a_holiday_is_no_time(text, times):
    assert [mention.text for mention in read(text, times_component, "2018-08-24").times] == times
