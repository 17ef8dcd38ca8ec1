"""What must not stand in an article's text, one kind at a time, in several languages; and what must."""

from __future__ import annotations

import pytest

from dateline.extract.read import read_page

PARAGRAPHS = (
    "The council met in the evening and agreed to repair the old harbour wall before the winter storms come in from the north.",
    "Members of all parties voted for the plan, which costs four million and will be paid for by the harbour and by the county.",
    "Work is to begin in the first week of October, said the engineer in charge, and should last until the end of the year.",
    "Fishermen had asked for the repair since the flood two years ago, when eleven boats were lost in a single night of storm.",
)
PAGE = """<html lang="en"><body><main><article><h1>Council to repair the wall</h1>{above}
<p>{0}</p><p>{1}</p>{inside}<p>{2}</p><p>{3}</p>{below}</article>{after}</main></body></html>"""


def text(**parts):
    return read_page(PAGE.format(*PARAGRAPHS, **{"above": "", "inside": "", "below": "", "after": ""} | parts)).text


@pytest.mark.parametrize(
    ("where", "markup"),
    [
        ("inside", '<div class="related"><h3>Related</h3><ul><li><a href="/a">Ten harbours of the north</a></li></ul></div>'),
        ("inside", '<p><a href="/b">Read more: How the flood came to the harbour two years ago</a></p>'),
        ("inside", '<p><strong>Lesen Sie auch:</strong> <a href="/b">Wie die Flut in den Hafen kam</a></p>'),
        ("inside", '<div class="newsletter"><p>Sign up for our newsletter and get the news of the harbour each morning.</p></div>'),
        ("inside", '<div class="ad-slot"><p>ADVERTISEMENT</p></div>'),
        ("inside", '<p class="advert">Advertisement</p>'),
        ("inside", '<div class="share"><a href="#">Facebook</a> <a href="#">Email</a></div>'),
        ("below", '<div class="author-bio"><p>Jane Roe has covered the harbour for the Post since 2004 and lives in the old town.</p></div>'),
        ("below", '<div class="tags"><a href="/t">Harbour</a> <a href="/t">Storms</a></div>'),
        ("after", '<section class="comments"><h3>Comments</h3><p>I was there and saw that nobody attacked the mayor at all.</p></section>'),
        ("after", '<div class="cookie-banner"><p>This website uses cookies so that it can remember you. Read our policy.</p></div>'),
        ("after", "<footer><p>The Harbour Post is a member of the press council and follows its rules in all things.</p></footer>"),
        ("above", '<div class="byline">By <a rel="author" href="/jane">Jane Roe</a></div>'),
        ("above", '<time class="published" datetime="2024-05-01">May 1, 2024</time>'),
    ],
)  # fmt: skip
def test_furniture_is_no_text(where, markup):
    assert text(**{where: markup}).split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("<h2>What it costs</h2>", "What it costs"),
        ("<ul><li>Four million for the wall itself.</li></ul>", "Four million for the wall itself."),
        ("<blockquote><p>We have waited long enough for this wall.</p></blockquote>", "We have waited long enough for this wall."),
        ("<p>Cafe\u0301 owners on the quay were glad of the news as well.</p>", "Caf\u00e9 owners on the quay were glad of the news as well."),
        ("<p>No-break\u00a0spaces and\u2009thin ones are spaces in the\u200btext.</p>", "No-break spaces and thin ones are spaces in thetext."),
        ('<p><b>At the quay.</b> The mayor <a href="/m">boasted</a>that the wall would hold.</p>', "At the quay. The mayor boasted that the wall would hold."),
    ],
)  # fmt: skip
def test_what_the_author_wrote_is_text(markup, line):
    assert line in text(inside=markup).split("\n")


def test_a_long_paragraph_that_comes_twice_is_one():
    told = "Divers of the fire brigade who went down to the foot of the wall in spring had found holes through which a man could swim, the county wrote."
    assert text(inside=f"<p>{told}</p>" * 2).split("\n").count(told) == 1
