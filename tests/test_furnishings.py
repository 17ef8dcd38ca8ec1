"""Section, tags, site name, kind: what a publisher says, without what its systems add."""

from __future__ import annotations

import pytest

from dateline.extract import furnishings
from dateline.extract.language import detect_language
from dateline.extract.page import parse_page

WORDS = "<p>The council met in the evening and agreed to repair the old harbour wall.</p>"


def page(head):
    return parse_page(f"<html><head>{head}</head><body>{WORDS}</body></html>")


def meta(name, *values):
    return page("".join(f'<meta property="{name}" content="{value}">' for value in values))


@pytest.mark.parametrize(
    ("title", "section", "path", "kind"),
    [
        ("Wall to be repaired", "World", "/world/wall", "news"),
        ("Wall to be repaired", "Gastkommentar", "/1/wall", "opinion"),
        ("Wall to be repaired", None, "/naujienos/nuomones/3/wall", "opinion"),
        ("Column: The wall is a sign", "Business", "/business/wall", "opinion"),
        ("Editorial | The wall", None, "/wall", "opinion"),
        ("The column: a history of pillars in harbours", None, "/wall", "news"),
        ("Live: the wall is closed", "World", "/wall", "liveblog"),
        ("Storm LIVE: Wall breaks", "World", "/wall", "liveblog"),
        ("Liveticker zum Sturm", None, "/sturm", "liveblog"),
        ("How people live: a walk along the wall", None, "/wall", "news"),
        ("Olive: a colour for walls", None, "/olive", "news"),
    ],
)
def test_live_blogs_and_opinion_are_told_by_what_the_publisher_says(title, section, path, kind):
    assert furnishings.kind_of_article({}, section, f"https://example.org{path}", title) == kind


def test_tags_are_words_for_readers():
    tags = meta("article:tag", "Harbours", "PG&amp;amp;E", "26157981-b4f7-4929-adc1-e860c6f03636", "Category:", "@lll")
    tags.meta["article:tag"] += ["Jane Roe GOVERNMENT_FIGURE PERSON", "9603212", "news_news"]
    assert furnishings.tags_of(tags, {}) == ("Harbours", "PG&E")


@pytest.mark.parametrize(
    ("given", "section"),
    [("World", "World"), ("Health, Science", "Health, Science"), ("Harbour,Local,News", "Harbour"), ("A, B, C", "A")],
)
def test_a_list_of_sections_gives_its_first(given, section):
    assert furnishings.section_of(meta("article:section", given), {}) == section


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("The Harbour Post", "The Harbour Post"),
        ("Tech Blog | Mobile, Insights", "Tech Blog"),
        ("All about walls | Harbourpost", "Harbourpost"),
        ("Al-Harbour", "Al-Harbour"),
        ("/", None),
    ],
)
def test_a_sites_name_is_cut_from_its_slogan(given, name):
    assert furnishings.site_of(meta("og:site_name", given), {}, "https://www.harbourpost.example/wall") == name


def test_a_language_that_the_model_does_not_know_is_not_the_one_that_the_page_claims():
    text = (
        "Umasipala uvumile ukulungisa udonga oludala lwasechwebeni ngaphambi kokuthi kufike izivunguvungu zasebusika. "
        "Amakhansela ahlangane kusihlwa ngoMsombuluko futhi avumelana ngokubambisana nabasebenzi basechwebeni. "
    )
    language, warning = detect_language(text * 3, "en")
    assert language != "en"
    assert warning
