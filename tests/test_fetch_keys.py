from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.errors import FetchError
from dateline.fetch.keys import canonical_key, clean_url, host_port

STORY = "https://example.com/2018/08/24/trump-cancels-pompeo-trip"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/2018/08/24/trump-cancels-pompeo-trip",
        "HTTPS://WWW.Example.COM:443/2018/08/24/trump-cancels-pompeo-trip/",
        "http://example.com:80/2018/08/24/trump-cancels-pompeo-trip#comments",
        "https://m.example.com/2018/08/24/trump-cancels-pompeo-trip?utm_source=rss&utm_medium=feed",
        "https://mobile.example.com/2018/08/24/trump-cancels-pompeo-trip/amp/",
        "https://amp.example.com/amp/2018/08/24/trump-cancels-pompeo-trip?amp=1",
        "https://example.com/2018/08/24/trump-cancels-pompeo-trip.amp.html",
        "https://example.com/2018/08/24/trump-cancels-pompeo-trip/index.html?fbclid=x&ref=home",
        "https://example.com//2018/08/./24/x/../trump-cancels-pompeo-trip?CMPID=1",
        "https://example.com/2018/08/24/trump%2Dcancels-pompeo-trip;jsessionid=AB12",
        "https://www.google.com/amp/s/www.example.com/2018/08/24/trump-cancels-pompeo-trip/amp",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2018/08/24/trump-cancels-pompeo-trip",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F2018%2F08%2F24%2Ftrump-cancels-pompeo-trip&h=1",
        "  https://example.com/2018/08/24/trump-cancels-pompeo-trip\n",
        "https://example.com./2018/08/24/trump-cancels-pompeo-trip",
    ],
)
def test_addresses_of_one_page_have_one_key(url):
    assert canonical_key(url) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/article.php?id=1", "https://example.com/article.php?id=2"),
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/?cid=1", "https://example.com/?cid=2"),  # no telling path: it may be the page's name
        (
            "https://example.com/modules/latest-world-news/2018/show.php?sid=1",
            "https://example.com/modules/latest-world-news/2018/show.php?sid=2",
        ),
        ("https://example.com/news/asia/today?source=1", "https://example.com/news/asia/today?source=2"),
        ("https://example.com/archive-2018?m=07", "https://example.com/archive-2018?m=08"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://uk.example.com/a", "https://example.com/a"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/2"),
        ("https://example.com/amp", "https://example.com/"),
    ],
)
def test_different_pages_have_different_keys(one, other):
    assert canonical_key(one) != canonical_key(other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://example.com/s?b=2&a=1", "https://example.com/s?a=1&b=2"),
        ("http://127.0.0.1:8001/story/", "http://127.0.0.1:8001/story"),
        ("https://m.bbc.co.uk/news", "https://bbc.co.uk/news"),
        ("https://en.m.wikipedia.org/wiki/X", "https://en.wikipedia.org/wiki/X"),
        ("https://München.de/straße", "https://xn--mnchen-3ya.de/stra%C3%9Fe"),
        ("https://example.com/stra%c3%9fe", "https://example.com/stra%C3%9Fe"),
        ("http://[2606:4700::1111]/a", "https://[2606:4700::1111]/a"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com", "https://example.com/"),
    ],
)
def test_keys(url, key):
    assert canonical_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "//example.com/a",
        "http://",
        "http:///a",
        "http://user:secret@example.com/",
        "http://good.example\\@evil.example/",
        "http://exa mple.com/",
        "http://example.com:99999/",
        "http://[::1/",
        "http://a..b/",
        "https://example.com/" + "x" * 3000,
        "\x00",
        "http://\ud800.com/",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(FetchError) as caught:
        canonical_key(url)
    assert caught.value.code == "bad_url"
    assert not caught.value.retry


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=30))
def test_a_key_is_its_own_key(path, query):
    try:
        key = canonical_key(f"https://example.com/{path}?{query}")
    except FetchError:
        return
    assert canonical_key(key) == key


def test_hosts_are_told_apart_by_port():
    assert host_port("http://Example.com/a") == "example.com:80"
    assert host_port("https://example.com/a") == "example.com:443"
    assert host_port("http://127.0.0.1:8001/a") == "127.0.0.1:8001"


def test_an_address_is_made_fit_for_asking():
    assert clean_url("http://Bücher.de/ä b?q=é#top") == "http://xn--bcher-kva.de/%C3%A4%20b?q=%C3%A9"
    assert clean_url("http://example.com?x=1") == "http://example.com/?x=1"
