"""The demo newsroom: every page over real HTTP, what it announces, and whether its expected results are sound."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from datetime import date, datetime, timedelta
from html import unescape
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
import requests
from protego import Protego

from dateline.errors import RulesError, StackError
from dateline.stack.newsroom import is_answering, load_expected, prepare, serve_version, serving
from dateline.stack.newsroom.check import check
from dateline.stack.newsroom.content import load_outlets, load_pieces, read_piece
from dateline.stack.newsroom.expected import _shifted_event, locate
from dateline.stack.newsroom.markup import optional_text, plain, read_block, running_text, to_html
from dateline.stack.newsroom.records import ExpectedPage
from dateline.stack.newsroom.state import STATE_FILE

TODAY = date(2031, 5, 14)
PORTS = dict.fromkeys(load_outlets(), 80)
PAGES = load_expected(PORTS)
ARTICLES = [page for page in PAGES if page.text is not None]
SPECIALS = [page for page in PAGES if page.text is None]
ASIDE = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def newsroom(home):
    with serving(home, today=TODAY) as served:
        yield served


@pytest.fixture(scope="module")
def session():
    with requests.Session() as opened:
        yield opened


@pytest.fixture(scope="module")
def here(newsroom) -> dict[str, ExpectedPage]:
    """Give all pages with the addresses and dates of the newsroom that runs, by id."""
    return {page.id: page for page in load_expected(newsroom.home)}


def squeezed(words: str) -> str:
    """Leave only what is not white space: glued words and no-break spaces are part of the exercise."""
    return "".join(words.split())


def words_of(content: bytes, page: ExpectedPage) -> str:
    html = content.decode("windows-1252" if "utf8_declared" in page.traits else "utf-8")
    return squeezed(unescape(TAG.sub(" ", ASIDE.sub(" ", html))))


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.id)
def test_an_article_says_on_its_page_what_is_expected_of_it(page, here, session):
    page = here[page.id]
    answer = session.get(page.url, timeout=10)
    assert answer.status_code == page.status == 200
    said = words_of(answer.content, page)
    if "paginated" in page.traits:
        said += words_of(session.get(page.url + "?page=2", timeout=10).content, page)
    wanted = [page.title, page.standfirst, *page.authors, *page.text.split("\n"), *page.captions, *page.optional]
    missing = [words for words in wanted if words and squeezed(words) not in said]
    assert missing == []
    assert f'<link rel="canonical" href="{page.canonical_url}">' in answer.text
    assert page.url == page.canonical_url


@pytest.mark.parametrize("page", SPECIALS, ids=lambda page: page.id)
def test_an_address_that_is_no_article_answers_as_it_should(page, here, session):
    page = here[page.id]
    answer = session.get(page.url, timeout=10, allow_redirects=False)
    assert answer.status_code == page.status
    if page.kind == "redirect":
        assert answer.headers["Location"] == page.canonical_url
    if page.kind == "variant":
        assert f'<link rel="canonical" href="{page.canonical_url}">' in answer.text


def test_the_check_of_the_package_finds_nothing_wrong():
    assert check() == []


def test_every_offset_fits_its_text():
    for page in ARTICLES:
        for event in page.events:
            where = event["trigger_within"]
            assert page.text[where["start"] : where["end"]] == where["text"], page.id


def test_the_set_is_as_large_and_as_mixed_as_promised():
    assert len(ARTICLES) >= 66
    assert len({page.outlet for page in ARTICLES}) >= 4
    assert {page.outcome for page in PAGES} == {"coded", "duplicate", "robots", "not_article", "gone", "not_found"}
    assert sum(event["must"] for page in ARTICLES for event in page.events) > 700
    assert any(not page.events for page in ARTICLES if page.language == "en")  # sport and film: no event
    assert all(not page.events for page in ARTICLES if page.language == "fr")
    published = [page.published_at.year for page in ARTICLES]
    assert min(published) == 1990
    assert max(published) >= 2025


def test_reprints_share_words_and_the_first_one_is_not_the_duplicate():
    groups: dict[str, list[ExpectedPage]] = {}
    for page in ARTICLES:
        if page.syndication:
            groups.setdefault(page.syndication, []).append(page)
    assert sum(len(group) > 1 for group in groups.values()) >= 4
    for group in groups.values():
        first, *others = sorted(group, key=lambda page: page.published_at)
        assert first.outcome == "coded"
        for copy in others:
            ours, theirs = set(first.text.split("\n")), set(copy.text.split("\n"))
            assert len(ours & theirs) >= 4
            assert (copy.outcome == "duplicate") == (ours == theirs)


def test_json_ld_and_open_graph_are_right_on_most_pages_and_wrong_where_marked(here, session):
    seen = 0
    for page in here.values():
        if page.text is None or "slow" in page.traits:
            continue
        html = session.get(page.url, timeout=10).content.decode(errors="replace")
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
        assert (block is None) == ("jsonld_none" in page.traits), page.id
        assert ('property="og:title"' in html) == ("og_none" not in page.traits)
        if block is None:
            continue
        if "jsonld_broken" in page.traits:
            with pytest.raises(json.JSONDecodeError):
                json.loads(block[1])
            continue
        data = json.loads(block[1])
        right_date = datetime.fromisoformat(data["datePublished"]) == page.published_at
        assert right_date == ("jsonld_wrong_date" not in page.traits), page.id
        assert isinstance(data["author"], dict) == ("jsonld_outlet_author" in page.traits or not page.authors)
        assert ("articleBody" in data) == bool(page.traits & {"paginated", "article_body_only"})
        seen += right_date
    assert seen > 60


def test_the_reference_layout_has_its_traits(here, session):
    [page] = [page for page in here.values() if "reference_layout" in page.traits]
    html = session.get(page.url, timeout=10).text
    [caption] = page.captions
    assert html.count(caption) == 2  # once as alternative text
    assert f'alt="{caption}"' in html
    assert html.index("</figcaption>") < html.index(page.standfirst + "</p>")
    assert "\u00a0<a href" in html
    assert "</a>\u00a0" in html
    assert "declared</a>that" in html
    assert "declared that" in page.text
    assert re.search("\u201c[^\u201d]*\u2018[^\u2019]*\u2019[^\u201c]*\u201d", page.text)


@pytest.mark.parametrize(
    ("trait", "declared", "real"),
    [("utf8_declared", "utf-8", "windows-1252"), ("latin1_declared", "iso-8859-1", "utf-8")],
)
def test_a_wrong_charset_is_declared_in_header_and_page(trait, declared, real, here, session):
    for page in here.values():
        if trait in page.traits:
            answer = session.get(page.url, timeout=10)
            assert answer.headers["Content-Type"] == f"text/html; charset={declared}"
            assert f'<meta charset="{declared}">'.encode() in answer.content
            assert any(ord(letter) > 127 for letter in page.text)
            assert all(paragraph.encode(real) in answer.content for paragraph in page.text.split("\n"))


def test_a_paginated_article_is_whole_only_in_its_json_ld(here, session):
    [page] = [page for page in here.values() if "paginated" in page.traits]
    html = session.get(page.url, timeout=10).text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(block[1])["articleBody"].split("\n\n") == page.text.split("\n")
    shown = ASIDE.sub(" ", html)
    assert page.text.split("\n")[-1] not in shown
    assert '<a rel="next"' in shown


def test_a_slow_page_drips(here, session):
    [page] = [page for page in here.values() if "slow" in page.traits]
    started = time.monotonic()
    with session.get(page.url, timeout=10, stream=True) as answer:
        first = next(answer.iter_content(512))
        early = time.monotonic() - started
        rest = b"".join(answer.iter_content(65536))
    assert early < 1
    assert 2 <= time.monotonic() - started <= 4
    assert (first + rest).rstrip().endswith(b"</html>")


def test_a_zipped_page_is_zipped_only_for_those_who_take_it(here, session):
    [page] = [page for page in here.values() if "gzip" in page.traits]
    zipped = session.get(page.url, timeout=10)
    plainly = session.get(page.url, timeout=10, headers={"Accept-Encoding": "identity"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plainly.headers
    assert zipped.content == plainly.content


def test_validators_answer_304_and_change_with_the_page(here, newsroom, session):
    [page] = [page for page in here.values() if page.correction]
    corrected = session.get(page.url, timeout=10)
    assert page.correction in corrected.text
    for header, value in (
        ("If-None-Match", corrected.headers["ETag"]),
        ("If-None-Match", f'"other", W/{corrected.headers["ETag"]}'),
        ("If-Modified-Since", corrected.headers["Last-Modified"]),
    ):
        answer = session.get(page.url, timeout=10, headers={header: value})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == corrected.headers["ETag"]
    serve_version(newsroom.home, page.id, 1)
    first = session.get(page.url, timeout=10, headers={"If-None-Match": corrected.headers["ETag"]})
    assert first.status_code == 200
    assert page.correction not in first.text
    assert "295 people on board was shot down" in first.text
    assert first.headers["Last-Modified"] != corrected.headers["Last-Modified"]
    serve_version(newsroom.home, page.id, 2)
    assert session.get(page.url, timeout=10).content == corrected.content


def test_announcements_name_every_address_once(here, newsroom, session):
    expected = list(here.values())
    named: list[str] = []
    for source in newsroom.sources:
        answer = session.get(source.url, timeout=10)
        assert answer.status_code == 200
        again = session.get(source.url, timeout=10, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        if source.kind == "feed":
            feed = feedparser.parse(answer.content)
            assert not feed.bozo
            assert feed.feed.title == source.name
            urls = [entry.link for entry in feed.entries]
            dates = {entry.link: entry.published_parsed[:6] for entry in feed.entries}
            for page in expected:
                if page.url in dates and page.published_at:
                    assert dates[page.url] == page.published_at.utctimetuple()[:6]
        elif source.kind == "sitemap":
            names = {
                "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
                "n": "http://www.google.com/schemas/sitemap-news/0.9",
            }
            entries = fromstring(answer.content).findall("s:url", names)
            urls = [entry.findtext("s:loc", None, names) for entry in entries]
            assert all(entry.findtext("n:news/n:publication_date", None, names) for entry in entries)
            assert all(entry.findtext("n:news/n:title", None, names) for entry in entries)
        else:
            urls = answer.text.split()
        named += urls
    assert sorted(named) == sorted(page.url for page in expected)


def test_robots_txt_closes_what_is_expected_to_be_closed(here, newsroom, session):
    expected = list(here.values())
    for source in newsroom.sources:
        base = source.url[: source.url.index("/", 8)]
        rules = Protego.parse(session.get(base + "/robots.txt", timeout=10).text)
        assert 0 < rules.crawl_delay("Dateline") <= 0.5
        for page in expected:
            if page.url.startswith(base):
                assert rules.can_fetch(page.url, "Dateline") == (page.outcome != "robots"), page.url
        assert rules.can_fetch(source.url, "Dateline")


def test_a_person_can_browse_each_outlet(here, newsroom, session):
    for source in newsroom.sources:
        base = source.url[: source.url.index("/", 8)]
        front = session.get(base + "/", timeout=10)
        links = re.findall(r'href="([^"]+)"', front.text)
        assert all(link.startswith(base) for link in links)
        assert session.get(base + "/style.css", timeout=10).headers["Content-Type"] == "text/css"
        [section, *_] = [link for link in links if "/section/" in link]
        assert session.get(section, timeout=10).status_code == 200
        assert session.get(base + "/nothing/here", timeout=10).status_code == 404
        assert session.head(base + "/", timeout=10).content == b""
    pictures = re.findall(
        r'<img src="([^"]+)"', session.get(next(page.url for page in here.values() if page.captions), timeout=10).text
    )
    assert session.get(pictures[0], timeout=10).headers["Content-Type"] == "image/svg+xml"


def test_the_shift_moves_current_pieces_to_this_week_by_whole_weeks(here, newsroom):
    weeks = newsroom.shift_weeks
    assert weeks > 0
    plainly, moved = {page.id: page for page in ARTICLES}, list(here.values())
    current = {piece.id for piece in load_pieces() if piece.current}
    assert len(current) >= 8
    newest = max(page.published_at.date() for page in moved if page.id in current)
    assert timedelta(0) <= TODAY - newest < timedelta(days=7)
    for page in moved:
        if page.text is None:
            continue
        before = plainly[page.id]
        by = timedelta(weeks=weeks) if page.id in current else timedelta(0)
        assert page.published_at == before.published_at + by
        assert page.published_at.weekday() == before.published_at.weekday()
        for event, still in zip(page.events, before.events, strict=True):
            if event["date"] and not (still["date"].get("shifts") and by):
                assert event["date"]["from"] == still["date"]["from"]


def test_an_expected_date_that_is_relative_moves_with_its_piece():
    event = {"date": {"from": "2026-01-16", "to": "2026-01-18", "shifts": True}}
    assert _shifted_event(event, timedelta(weeks=2))["date"] == {"from": "2026-01-30", "to": "2026-02-01"}
    fixed = {"date": {"from": "1990-08-02", "to": "1990-08-02"}}
    assert _shifted_event(fixed, timedelta(weeks=2)) == fixed


def test_ports_and_shift_are_chosen_once(newsroom):
    again = prepare(newsroom.home, today=TODAY + timedelta(days=400))
    assert (again.ports, again.shift_weeks, again.token) == (newsroom.ports, newsroom.shift_weeks, newsroom.token)
    assert again.allow_hosts == tuple(f"127.0.0.1:{port}" for port in newsroom.ports.values())
    assert is_answering(again)


def test_it_runs_as_a_program_until_sigterm(tmp_path):
    newsroom = prepare(tmp_path)
    assert not is_answering(newsroom)
    process = subprocess.Popen(newsroom.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + 20
        while not is_answering(newsroom):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    assert (process.returncode, said) == (0, "")
    assert "event=stopped" in (tmp_path / "logs" / "newsroom.log").read_text(encoding="utf-8")


def test_a_port_that_another_program_took_is_said(tmp_path):
    newsroom = prepare(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", newsroom.ports["longview"]))
        other.listen()
        assert not is_answering(newsroom, timeout=0.2)
        with (
            pytest.raises(StackError, match=rf"port {newsroom.ports['longview']} .*The Long View.* is taken"),
            serving(tmp_path),
        ):
            pass
        finished = subprocess.run(newsroom.command, capture_output=True, text=True, timeout=20, check=False)
    assert finished.returncode == 1
    assert "is taken by another program" in finished.stderr


@pytest.mark.parametrize("damage", ["{", '{"ports": {}}', "[]"])
def test_a_damaged_state_is_said(damage, tmp_path):
    (tmp_path / STATE_FILE).write_text(damage, encoding="utf-8")
    with pytest.raises(StackError, match="is damaged"):
        prepare(tmp_path)


def test_markup():
    body = ["One [link](/a) and [two](@b/c)++words.", "## Head", "%% 09:04 | Start", "> Quoted", "Last  one\nhere."]
    assert running_text(body) == "One link and two words.\nQuoted\nLast one here."
    assert optional_text(body) == ("Head", "Start")
    assert read_block("%% 09:04 | Start").clock == "09:04"
    assert plain("[a](/b)++c") == "a c"
    assert to_html("see [it](/x) <now>", address=str.upper) == 'see <a href="/X">it</a> &lt;now&gt;'
    assert to_html("see [it](/x) now", address=str, nbsp=True) == 'see\u00a0<a href="/x">it</a>\u00a0now'


def test_locate_wants_words_that_stand_there_once():
    assert locate({"text": "b"}, "abc", "t") == {"start": 1, "end": 2, "text": "b"}
    assert locate({"text": "b", "occurrence": 2}, "abcb", "t") == {"start": 3, "end": 4, "text": "b", "occurrence": 2}
    with pytest.raises(RulesError, match="does not say"):
        locate({"text": "x"}, "abc", "t")
    with pytest.raises(RulesError, match="which occurrence"):
        locate({"text": "b"}, "abcb", "t")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("no front matter", "front matter"),
        ("+++\ntitle = \n+++\nText", "unreadable"),
        ('+++\ntitle = "A"\n+++\nText', "unreadable"),
        ('+++\ntitle = "A"\npublished = "2020-01-01T00:00:00"\n+++\nText', "offset"),
        ('+++\ntitle = "A"\npublished = "2020-01-01T00:00:00Z"\ncolour = 1\n+++\nText', "colour"),
    ],
)
def test_a_damaged_article_is_named(raw, why, tmp_path):
    path = tmp_path / "courier" / "piece.md"
    path.parent.mkdir()
    path.write_text(raw, encoding="utf-8")
    with pytest.raises(RulesError, match=why) as caught:
        read_piece(path)
    assert caught.value.table == "courier/piece"
