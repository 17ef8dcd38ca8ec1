"""An article that was given as text takes the same path as a fetched page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dateline.errors import ExtractError
from dateline.extract import extract_page
from dateline.extract.given import given_page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXT = "The minister resigned on Monday.\r\n\r\n  Her deputy takes over\u00a0at once. "


def read(**fields):
    return extract_page(given_page(fields, url="https://example.org/a", now=NOW))


def test_text_and_what_is_known_come_back():
    article = read(text=TEXT, title=" A minister  resigns ", published_at="2018-08-24", authors=["A. Writer"])
    assert article.text == "The minister resigned on Monday.\nHer deputy takes over at once."
    assert (article.title, article.authors, article.language) == ("A minister resigns", ("A. Writer",), "en")
    assert article.published.value == date(2018, 8, 24)


def test_an_instant_keeps_its_offset_and_one_without_a_zone_is_a_day():
    assert read(text=TEXT, published_at="2018-08-24T23:30:00-05:00").published.offset_minutes == -300
    assert read(text=TEXT, published_at="2018-08-24T23:30:00").published.precision == "day"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"text": " \n "}, "empty"), ({"title": "x"}, "empty"), ({"text": TEXT, "published_at": "Friday"}, "bad_date")],
)
def test_what_cannot_be_used_says_why(fields, code):
    with pytest.raises(ExtractError) as caught:
        read(**fields)
    assert caught.value.code == code


def test_nul_and_surrogates_are_replaced():
    assert "\x00" not in read(text="a\x00b \ud800 c").text
