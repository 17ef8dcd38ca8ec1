from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from dateline.discover.inbox import read_inbox
from dateline.discover.receive import receive
from dateline.errors import DiscoverError
from dateline.types import Source

from .hostile import PAGE
from .test_discover_archives import archive

NOW = datetime(2018, 8, 25, 12, tzinfo=UTC)


def take(folder):
    pages, rejected = [], []
    for delivery in read_inbox(folder, now=NOW, settled=0):
        pages += delivery.pages
        rejected += delivery.rejected
        delivery.done()
    return pages, rejected


def given(page):
    return json.loads(page.body)


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_text_with_a_header(tmp_path):
    (tmp_path / "talks.txt").write_text(
        "Title: Talks resume\nURL: https://x.example/talks\nDate: 2018-08-24\nAuthor: Ann Author and Bob Byline\n\n"
        "Envoys met in Geneva.\n\nThey agreed: more talks."
    )
    (page,), rejected = take(tmp_path)
    assert (page.url, page.robots, rejected) == ("https://x.example/talks", "given", [])
    assert page.header("content-type") == "application/vnd.dateline.article+json"
    assert given(page) == {
        "text": "Envoys met in Geneva.\n\nThey agreed: more talks.",
        "title": "Talks resume",
        "published_at": "2018-08-24",
        "authors": ["Ann Author", "Bob Byline"],
    }
    assert names(tmp_path) == ["done", "taken"]
    assert names(tmp_path / "done") == ["talks.txt"]


def test_a_text_without_a_header_has_its_first_line_as_title_and_its_words_as_name(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Talks resume\n\nEnvoys met in Geneva: they talked.")
    (one, other), _ = take(tmp_path)
    assert given(one) == {"text": "Envoys met in Geneva: they talked.", "title": "Talks resume"}
    assert one.url.startswith("https://inbox.invalid/a/")
    assert one.url.rpartition("/")[2] == other.url.rpartition("/")[2]


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://x.example/canonical">', "https://x.example/canonical"),
        ("<link href=https://x.example/bare rel=canonical>", "https://x.example/bare"),
        ('<meta property="og:url" content="https://x.example/og?a=1&amp;b=2">', "https://x.example/og?a=1&b=2"),
        ("<!-- saved from url=(0031)https://x.example/saved -->", "https://x.example/saved"),
    ],
)
def test_a_saved_page_says_its_address(tmp_path, head, url):
    (tmp_path / "page.html").write_bytes(PAGE.replace(b"<head>", b"<head>" + head.encode()))
    (page,), _ = take(tmp_path)
    assert page.url == url
    assert page.header("content-type") == "text/html"


def test_a_page_without_an_address_gets_a_name(tmp_path):
    (tmp_path / "My page é.html").write_bytes(PAGE)
    (page,), _ = take(tmp_path)
    assert page.url.startswith("https://inbox.invalid/My%20page%20%C3%A9/")


def test_json_lines_of_pages_and_texts(tmp_path):
    rows = [
        {"url": "https://x.example/a", "html": PAGE.decode()},
        {
            "url": "https://x.example/b",
            "text": "Envoys met.",
            "title": "Talks",
            "published_at": "2018-08-24T17:05:00+02:00",
        },
        {"text": ""},
        {"url": "nonsense", "text": "x"},
        {"text": "x", "date": "someday"},
    ]
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "many.jsonl").write_text("\n".join([*lines, "not json", "[1]", ""]))
    pages, rejected = take(tmp_path)
    assert [page.url for page in pages] == ["https://x.example/a", "https://x.example/b"]
    assert given(pages[1])["published_at"] == "2018-08-24T17:05:00+02:00"
    assert [fault.code for fault in rejected] == ["empty", "bad_url", "bad_date", "bad_json", "bad_json"]
    assert names(tmp_path / "failed") == ["many.jsonl", "many.jsonl.reason.txt"]
    assert "line 6" in (tmp_path / "failed" / "many.jsonl.reason.txt").read_text()


def letter(html=None, text=None):
    mail = EmailMessage()
    mail["Subject"] = "The <daily> letter: talks résumé"
    mail["From"] = '"The Outlet" <news@x.example>'
    mail["Date"] = "Fri, 24 Aug 2018 17:05:00 +0200"
    mail["Message-ID"] = "<1@x.example>"
    if text:
        mail.set_content(text)
    if html:
        (mail.add_alternative if text else mail.set_content)(html, subtype="html")
    return mail.as_bytes()


def test_newsletters(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter(html="<p>Envoys met.</p>", text="Envoys met."))
    (tmp_path / "b.eml").write_bytes(letter(text="Envoys met."))
    (page, plain), rejected = take(tmp_path)
    assert rejected == []
    assert b"<title>The &lt;daily> letter: talks r\xc3\xa9sum\xc3\xa9</title>" in page.body
    assert b'content="2018-08-24T17:05:00+02:00"' in page.body
    assert b"<p>Envoys met.</p>" in page.body
    assert given(plain) == {
        "text": "Envoys met.\n", "title": "The <daily> letter: talks résumé", "site_name": "The Outlet",
        "published_at": "2018-08-24T17:05:00+02:00",
    }  # fmt: skip
    assert page.url.startswith("https://inbox.invalid/a/")


def test_archives_in_the_inbox(tmp_path):
    archive(tmp_path / "news.warc.gz", 60)
    pages, _ = take(tmp_path)
    assert len(pages) == 60
    assert names(tmp_path / "done") == ["news.warc.gz"]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.html", b" \n", "empty"),
        ("a.docx", b"x", "unknown_kind"),
        ("a.warc.gz", b"garbage", "bad_archive"),
        ("a.eml", b"From: x\nContent-Type: image/png\n\nx", "empty"),
        ("a.txt", b"Title: only a title", "empty"),
    ],
)
def test_what_cannot_be_read_goes_to_failed_with_its_reason(tmp_path, name, body, code):
    (tmp_path / name).write_bytes(body)
    pages, (fault,) = take(tmp_path)
    assert (pages, fault.code, fault.url) == ([], code, name)
    assert (tmp_path / "failed" / f"{name}.reason.txt").read_text().startswith(code)


def test_files_still_being_written_and_hidden_ones_are_left(tmp_path):
    for name in ("growing.txt", ".hidden.txt", "half.txt.part"):
        (tmp_path / name).write_text("x")
    assert list(read_inbox(tmp_path, now=NOW, settled=60)) == []
    assert len(names(tmp_path)) == 3


def test_a_file_is_moved_when_its_pages_are_stored_and_not_before(tmp_path):
    (tmp_path / "a.txt").write_text("Title: A\n\nText.")
    (delivery,) = read_inbox(tmp_path, now=NOW, settled=0)
    assert names(tmp_path / "taken") == ["a.txt"]
    assert list(read_inbox(tmp_path, now=NOW, settled=0)) == []  # nobody else takes it
    delivery.done()
    assert names(tmp_path / "done") == ["a.txt"]


def test_a_file_that_a_crash_left_behind_is_found_again(tmp_path):
    (tmp_path / "a.txt").write_text("Title: A\n\nText.")
    list(read_inbox(tmp_path, now=NOW, settled=0))
    long_ago = time.time() - 7200
    os.utime(tmp_path / "taken" / "a.txt", (long_ago, long_ago))
    pages, _ = take(tmp_path)
    assert len(pages) == 1


def test_two_files_of_one_name_are_both_kept(tmp_path):
    for _ in range(2):
        (tmp_path / "a.txt").write_text("Title: A\n\nText.")
        take(tmp_path)
    assert names(tmp_path / "done") == ["1-a.txt", "a.txt"]


def test_the_inbox_as_a_source(tmp_path):
    (tmp_path / "a.txt").write_text("Title: A\n\nText.")
    long_ago = time.time() - 60
    os.utime(tmp_path / "a.txt", (long_ago, long_ago))
    (delivery,) = receive(Source(id=5, url=str(tmp_path), kind="inbox"), now=NOW)
    assert len(delivery.pages) == 1


def test_no_folder_is_an_error(tmp_path):
    with pytest.raises(DiscoverError) as caught:
        list(receive(Source(url=str(tmp_path / "none"), kind="inbox"), now=NOW))
    assert caught.value.code == "no_file"
