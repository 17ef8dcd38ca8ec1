"""The publisher's own day: what the page shows beside the headline, where its data give another."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dateline.errors import ExtractError
from dateline.extract.bounds import time_limit
from dateline.extract.read import read_page

WORDS = (
    "The council met in the evening and agreed to repair the old harbour wall before the winter storms come in. " * 6
)
PAGE = '<html lang="en"><head>{head}</head><body><h1>Council to repair the wall</h1>{shown}<article><p>{words}</p></article></body></html>'
SEEN = datetime(2025, 12, 31, tzinfo=UTC)
META = '<meta property="article:published_time" content="{}">'


def day_of(stated, shown, url="https://example.org/wall"):
    html = PAGE.format(head="".join(map(META.format, stated)), shown=shown, words=WORDS)
    published = read_page(html, url=url, seen_at=SEEN).published
    assert published is not None
    return published


def test_an_evening_in_utc_is_the_publishers_day():
    found = day_of(["2025-12-19T02:41:00+00:00"], '<p class="stamp">December 18, 2025</p>')
    assert (found.value, found.basis) == (date(2025, 12, 18), "text")
    found = day_of(["2025-12-19T02:41:00+00:00"], "", url="https://example.org/2025/12/18/wall")
    assert (found.value, found.basis) == (date(2025, 12, 18), "url")


def test_a_publishers_zone_is_believed():
    found = day_of(["2025-12-19T02:41:00+02:00"], '<p class="stamp">December 18, 2025</p>')
    assert found.on == date(2025, 12, 19)
    assert found.at is not None


def test_a_single_witness_of_a_later_day_is_a_move_to_another_system():
    assert day_of(["2024-08-07T12:00:00+00:00"], "<p>Dec 30, 2013</p>").on == date(2013, 12, 30)


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Updated Dec 30, 2013</p>",
        "<p>Dec 30, 2013</p><p>January 4, 2014</p>",
        '<p class="standfirst">Since the storm of Dec 30, 2013</p>',
        "<p>October 1, 2024</p>",
    ],
)
def test_updates_several_days_and_the_storys_own_say_nothing(shown):
    assert day_of(["2024-08-07T12:00:00+00:00"], shown).on == date(2024, 8, 7)


def test_an_unclosed_title_takes_in_the_page_at_no_cost():
    page = "<html><head><title>{}<body><h1>Council to repair</h1><p>" + WORDS + "</p></body></html>"
    with time_limit(2), pytest.raises(ExtractError, match="no article"):
        read_page(page.format("a | b - " * 50_000))
