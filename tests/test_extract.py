"""Reading articles from pages that we wrote ourselves, each with what is expected of it beside it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unicodedata import is_normalized

import pytest

from dateline.errors import ExtractError, RulesError
from dateline.extract import EXTRACTOR, read_page
from dateline.extract.body import ask_trafilatura
from dateline.extract.daywords import days_in
from dateline.extract.lines import article_line, open_extract
from dateline.extract.page import parse_page
from dateline.extract.stamps import parse_date
from dateline.extract.tables import parse_table
from dateline.extract.titles import cut_site

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_read_as_expected(name: str) -> None:
    expected = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    page = (PAGES / f"{name}.html").read_text("utf-8")
    line = article_line(read_page(page, url=expected.pop("page_url", None)))
    assert is_normalized("NFC", line["text"])
    assert all(paragraph == " ".join(paragraph.split()) for paragraph in line["text"].split("\n"))
    for needle in expected.pop("not_in_text", []):
        assert needle not in line["text"]
    for needle in expected.pop("in_text", []):
        assert needle in line["text"]
    if "paragraphs" in expected:
        assert line["text"].split("\n") == expected.pop("paragraphs")
    assert {key: line[key] for key in expected} == expected


def test_what_trafilatura_loses_is_in_the_text() -> None:
    html = (PAGES / "lost_paragraphs.html").read_text("utf-8")
    promise = "The county has promised to pay half"
    assert promise not in "\n".join(ask_trafilatura(parse_page(html).root))
    assert promise in read_page(html).text


def page(body: str, head: str = "") -> str:
    filler = "".join(
        f"<p>Paragraph number {i} tells of the harbour, its cranes, and the people who work there all day long.</p>"
        for i in range(4)
    )
    return f"<html><head><title>A harbour at work</title>{head}</head><body><article><h1>A harbour at work</h1>{body}{filler}</article></body></html>"


def test_the_extractor_is_named() -> None:
    assert read_page(page("")).extractor == EXTRACTOR


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("no markup at all", "not_html"),
        ("<html><body></body></html>", "no_article"),
        ("<p>" * 3 + "<div>" * 10_000 + "deep", "too_deep"),
        ("<i></i>" * 160_000, "too_large"),
    ],
)
def test_what_is_no_article_says_so(html: str, code: str) -> None:
    with pytest.raises(ExtractError) as error:
        read_page(html)
    assert error.value.code == code


def test_a_future_date_is_not_believed() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    article = read_page(page("", head), seen_at=datetime(2024, 5, 1, tzinfo=UTC))
    assert article.published is None


def test_the_publishers_own_zone_is_kept() -> None:
    head = (
        '<meta property="article:published_time" content="2024-03-01T23:30:00Z">'
        '<meta name="date" content="2024-03-02T01:30:00+02:00">'
    )
    article = read_page(page("", head))
    assert article.published is not None
    assert article.published.on == date(2024, 3, 2)
    assert article.published.offset_minutes == 120


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2024-03-02T01:30:00+0200", datetime.fromisoformat("2024-03-02T01:30:00+02:00")),
        ("2024-03-02T01:30Z", datetime.fromisoformat("2024-03-02T01:30:00+00:00")),
        ("2024-03-02 01:30:00", date(2024, 3, 2)),
        ("2024/3/2", date(2024, 3, 2)),
        ("20240302", date(2024, 3, 2)),
        ("Sat, 02 Mar 2024 01:30:00 +0000", datetime.fromisoformat("2024-03-02T01:30:00+00:00")),
        ("Sat Mar 02 2024 01:30:00 GMT+0000 (UTC)", datetime.fromisoformat("2024-03-02T01:30:00+00:00")),
        ("1709343000", datetime.fromtimestamp(1709343000, UTC)),
        ("2024-13-45", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_machine_dates(raw: str, value: object) -> None:
    assert parse_date(raw) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published April 12, 2013", date(2013, 4, 12)),
        ("12th of April 2013", date(2013, 4, 12)),
        ("le 1er août 2020", date(2020, 8, 1)),
        ("12. März 2021, 10:00 Uhr", date(2021, 3, 12)),
        ("15 de septiembre de 2019", date(2019, 9, 15)),
        ("7 мая 2022", date(2022, 5, 7)),
        ("2025年1月13日", date(2025, 1, 13)),
        ("3.11.2022", date(2022, 11, 3)),
        ("31/12/2019", date(2019, 12, 31)),
    ],
)
def test_days_in_words(text: str, day: date) -> None:
    assert list(days_in(text)) == [day]


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Storm hits coast - The Daily Example", "Storm hits coast"),
        ("Storm hits coast | Weather | The Daily Example", "Storm hits coast"),
        ("The Daily Example: Storm hits coast", "The Daily Example: Storm hits coast"),
        ("The Daily Example | Storm hits coast", "Storm hits coast"),
        ("Storm - and then rain", "Storm - and then rain"),
    ],
)
def test_the_sites_name_is_cut_from_a_title(title: str, cut: str) -> None:
    assert cut_site(title, {"thedailyexample"}) == cut


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"author": "By Jane Roe and John Doe"', ["Jane Roe", "John Doe"]),
        ('"author": {"@type": "Person", "name": "Von Anna Müller"}', ["Anna Müller"]),
        ('"author": [{"@type": "Person", "name": "Jane Roe"}, {"@type": "Person", "name": "Jane Roe"}]', ["Jane Roe"]),
        ('"author": "Jane Roe, Staff Writer"', ["Jane Roe"]),
        ('"author": "jroe77"', ["jroe77"]),
        ('"author": "https://example.org/jane"', []),
        ('"author": ""', []),
    ],
)
def test_authors_are_people(author: str, names: list[str]) -> None:
    data = f'{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A harbour at work", {author}}}'
    found = read_page(page("", f'<script type="application/ld+json">{data}</script>')).authors
    assert list(found) == names or (names == ["jroe77"] and list(found) in ([], names))


def test_a_rule_table_names_its_wrong_line() -> None:
    with pytest.raises(RulesError, match=r"phrases.tsv:3"):
        list(
            parse_table(
                "kind\tlongest\tpattern\na\t1\tb\nonly one cell\n", "phrases.tsv", ("kind", "longest", "pattern")
            )
        )


def test_the_filter_answers_each_line(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(""), "utf-8")
    work = open_extract()
    answers = work(
        [
            {"id": 1, "html": page("")},
            {"id": 2, "path": str(tmp_path / "a.html")},
            {"id": 3, "path": str(tmp_path / "missing.html")},
            {"id": 4},
            {"id": 5, "html": ""},
            {"id": 6, "html": page(""), "url": 7},
        ]
    )
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5, 6]
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        None, None, "unreadable", "bad_line", "empty", "bad_line",
    ]  # fmt: skip
    assert answers[0]["text"] == answers[1]["text"]


def test_seen_at_bounds_by_a_day_at_most() -> None:
    seen = datetime(2024, 5, 1, tzinfo=UTC)
    soon = (seen + timedelta(hours=20)).isoformat()
    head = f'<meta property="article:published_time" content="{soon}">'
    assert read_page(page("", head), seen_at=seen).published is not None


def test_a_name_between_headline_and_text_signs_where_it_stands_again_behind_it() -> None:
    told = "<p>Ines Mott</p>"
    assert read_page(page(told)).authors == ()
    after = "<aside><h4>Ines Mott</h4><p>has covered the port since 2011.</p></aside></body>"
    assert read_page(page(told).replace("</body>", after)).authors == ("Ines Mott",)
    assert read_page(page("<p>Island Life</p>")).authors == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By JANE ROE<br>Courier Staff Writer", ("Jane Roe",)),
        ("1 September 2023 By Jane Roe", ("Jane Roe",)),
        ("This article was written by Jane Roe, the harbour reporter.", ("Jane Roe",)),
        ("Dec. 19, 2023 - By Jane Roe on behalf of the Harbour Group", ("Jane Roe",)),
    ],
)
def test_lines_that_sign(line: str, names: tuple[str, ...]) -> None:
    assert read_page(page(f"<p>{line}</p>")).authors == names


@pytest.mark.parametrize("stated", ["262588213843476", "page.head.extra.author"])
def test_what_systems_write_is_no_author(stated: str) -> None:
    assert read_page(page("", f'<meta name="author" content="{stated}">')).authors == ()


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<footer><p>Published: 3 March 2019</p></footer>", date(2019, 3, 3)),
        ("<div class='end'><p>3 March 2019</p></div>", date(2019, 3, 3)),
        ("<p>In 2019 the cranes were painted.</p><p>On 3 March 2019 the second crane fell into the harbour.</p>", None),
        ("<blockquote><p>The crane fell.</p><p>3 March 2019</p></blockquote>", None),
    ],
)
def test_far_from_the_headline_only_a_line_that_dates_is_believed(line: str, day: date | None) -> None:
    published = read_page(page("").replace("</article>", f"</article>{line}")).published
    assert (published.on if published else None) == day
