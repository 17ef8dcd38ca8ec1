# ruff: noqa: RUF001 (the sentences are in the languages that they are about)
from __future__ import annotations

import os
import time

import pytest

from dateline.encoding import decode_html

RUSSIAN = "<p>" + "Президент заявил в среду, что переговоры в Женеве продолжатся на следующей неделе. " * 5
FRENCH = "<p>" + "Le président a déclaré mercredi à Genève que l’été serait très chaud. " * 5
JAPANESE = "<p>" + "首相は水曜日、東京で記者会見を開き、経済について話した。" * 5
GREEK = "<p>" + "Ο πρωθυπουργός δήλωσε την Τετάρτη ότι οι συνομιλίες θα συνεχιστούν. " * 5
CHINESE = "<p>" + "外交部发言人星期三在北京说，双方将继续谈判。" * 5
POLISH = "<p>" + "Sąd orzekł w środę, że żądania są słuszne. " * 5


@pytest.mark.parametrize(
    ("text", "sent_as", "header", "meta"),
    [
        (RUSSIAN, "utf-8", "windows-1251", None),
        (RUSSIAN, "cp1251", None, None),
        (RUSSIAN, "cp1251", "iso-8859-1", None),
        (RUSSIAN, "cp1251", "utf-8", "windows-1251"),
        (RUSSIAN, "koi8-r", "windows-1251", None),
        (FRENCH, "utf-8", "iso-8859-1", "iso-8859-1"),
        (FRENCH, "cp1252", "utf-8", "utf-8"),
        (FRENCH, "cp1252", "iso-8859-1", None),
        (FRENCH, "utf-16", None, None),
        (FRENCH, "utf-16-le", None, None),
        (FRENCH, "utf-8-sig", "windows-1252", None),
        (JAPANESE, "shift_jis", None, "Shift_JIS"),
        (JAPANESE, "euc-jp", None, None),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", None),
        (GREEK, "iso8859-7", "iso-8859-1", "iso-8859-7"),
        (CHINESE, "gbk", "utf-8", "gb2312"),
        (CHINESE, "gb18030", "iso-8859-1", None),
        (POLISH, "iso8859-2", "iso-8859-2", None),
        (POLISH, "cp1250", "iso-8859-2", None),
        (FRENCH, "utf-8", "x-no-such-charset", "also-none"),
    ],
)
def test_pages_are_read_whatever_they_declare(text, sent_as, header, meta):
    page = (f'<meta charset="{meta}">' if meta else "") + text
    content_type = f"text/html; charset={header}" if header else "text/html"

    # what the codec itself cannot hold (a curly apostrophe in Latin-1) is not ours to save
    assert decode_html(page.encode(sent_as, "replace"), content_type) == page.encode(sent_as, "replace").decode(sent_as)


def test_a_passage_pasted_from_another_encoding_leaves_the_rest_alone():
    body = ("é" * 200).encode() + b"caf\xe9 \x93hi\x94" + ("ü" * 200).encode()

    assert decode_html(body, "text/html; charset=utf-8") == "é" * 200 + "café “hi”" + "ü" * 200


def test_a_page_cut_inside_its_last_character_stays_utf8():
    assert decode_html("Genève a dit « été »".encode()[:-1]).startswith("Genève a dit « été")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00" * 100, b"\x1b$", b"\x80"])
def test_garbage_is_some_text(body):
    assert isinstance(decode_html(body, "text/html; charset="), str)


def test_three_megabytes_of_noise_take_bounded_time():
    start = time.perf_counter()

    decode_html(os.urandom(3_000_000))

    assert time.perf_counter() - start < 5
