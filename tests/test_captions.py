"""Captions: what stands under pictures and videos, however a template marks it, and nothing else."""

from __future__ import annotations

import pytest

from dateline.extract.read import read_page

WORDS = "The council met on Monday and agreed to repair the old harbour wall before the winter storms come in from the north. "
CAPTION = "The harbour wall after the storm of last winter."
PAGE = """<html lang="en"><body><main><h1>Council to repair the wall</h1>
{above}
<article><p>{words}</p><p>{words2}</p>{inside}<p>{words3}</p></article>
{below}</main></body></html>"""


def read(above="", inside="", below=""):
    texts = {"words": WORDS * 3, "words2": WORDS.replace("Monday", "Tuesday") * 3, "words3": WORDS.upper() * 2}
    return read_page(PAGE.format(above=above, inside=inside, below=below, **texts), url="https://example.org/wall")


@pytest.mark.parametrize(
    "markup",
    [
        f"<figure><img src=a.jpg><figcaption>{CAPTION}</figcaption></figure>",
        f'<div class="media"><img src=a.jpg><div class="caption">{CAPTION}</div></div>',
        f'<div class="photo"><img src=a.jpg><span class="cutline">{CAPTION}</span></div>',
        f'<div class="pic"><a href="/a"><img src=a.jpg></a><span class="image-caption">{CAPTION}</span></div>',
        f'<div class="player"><img src=a.jpg><button>Play</button><div class="player-title">{CAPTION}</div></div>',
        f'<div><img src=a.jpg aria-describedby="c7"><div id="c7">{CAPTION}</div></div>',
        f'<div class="foto"><img src=a.jpg><p class="bildunterschrift">{CAPTION}</p></div>',
        f'<div class="foto"><img src=a.jpg><p class="pie-de-foto">{CAPTION}</p></div>',
        f'<p class="legend">{CAPTION}</p>',
    ],
)
@pytest.mark.parametrize("place", ["above", "inside"])
def test_captions_are_found_by_name_by_description_and_by_place(markup, place):
    article = read(**{place: markup})
    assert article.captions == (CAPTION,)
    assert CAPTION not in article.text


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="credit-line"><span class="by">By Jane Roe</span> | <span class="org">The Harbour Post</span></div>',
        '<div class="copyright">Copyright Harbour Post. Distributed by agreement, all rights reserved.</div>',
        '<ul class="gallery"><li><a href="/b">Ten pictures of harbours that you have never seen</a></li></ul>',
    ],
)
def test_bylines_notices_and_links_are_no_captions(markup):
    assert read(above=markup).captions == ()
    assert read(below=markup).captions == ()


def test_a_credit_beside_its_picture_is_one():
    picture = '<div class="media"><img src=a.jpg><div class="credit">Photograph: H. Lowe for the Post</div></div>'
    assert read(inside=picture).captions == ("Photograph: H. Lowe for the Post",)


def test_a_heading_with_the_words_of_a_caption_stays():
    article = read(
        above="<figure><img src=a.jpg><figcaption>The old harbour</figcaption></figure>",
        inside="<h2>The old harbour</h2>",
    )
    assert "The old harbour" in article.text.split("\n")
