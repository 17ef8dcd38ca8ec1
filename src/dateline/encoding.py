"""Turn a page's bytes into text: what header, mark and page declare is believed only where the bytes agree.

Many pages are valid UTF-8 and declare something else, and a few are something else and declare UTF-8. So the order is:
byte order mark, UTF-8 if the bytes are valid UTF-8, then what header and page declare if it reads plausibly, then what
the bytes look like, then Windows-1252, which reads anything.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import resolve_encoding

FALLBACK = "cp1252"  # what browsers take for western pages that declare nothing
HEAD = 4096  # bytes searched for a declaration; browsers stop at 1,024, real pages do not
SAMPLE = 65_536  # bytes shown to the detector, which is slow
PLAUSIBLE = 0.02  # share of odd places a reading may have before it is taken for the wrong alphabet
ALLOWED = 2  # odd places that any page may have
MIXED = 0.02  # share of bytes that may be wrong in a page that is UTF-8 but for a pasted passage

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,>]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_SIBLINGS = {"iso8859-2": "cp1250", "iso8859-5": "cp1251", "iso8859-7": "cp1253", "iso8859-9": "cp1254"}
_SEVEN_BIT = ("iso2022_jp", "iso2022_jp_ext", "hz")  # look like ASCII, so only a declaration tells
# Cyrillic or Greek read as a western alphabet is words of accented letters only; KOI8 read as Windows-1251 is words whose
# capitals stand at the end; C1 controls and the signs that stand beside letters in a wrong reading are in no real text.
_ODD = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]{4,}|[\u0080-\u0084\u0086-\u009f\ufffd]"
    "|[\u0430-\u044f\u0451][\u0410-\u042f\u0401]+|[\u2500-\u259f]{2,}"
)
FEW_HIGH = 0.01  # of a page's bytes: English with curly quotation marks and a café stays far below
_MARKS = frozenset(bytes([byte]) for byte in b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99")
_HIGH = re.compile(rb"[\x80-\xff]")
_NON_ASCII = re.compile("[^\x00-\x7f]+")


def decode_html(body: bytes, content_type: str | None = None) -> str:
    """Read a page's bytes as text; never fails, and never lets a wrong declaration spoil a page of valid UTF-8."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    if (wide := _wide(body)) is not None:
        return body.decode(wide, errors="replace")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_other(body, content_type, error)
    if "\x1b$" in text or "~{" in text:
        return _seven_bit(body, content_type) or text
    return text


def declared_encodings(body: bytes, content_type: str | None) -> list[str]:
    """Return the codecs that header and page name, in that order; labels mean what browsers take them for."""
    labels = [match.group(1) for match in [_HEADER.search(content_type or "")] if match]
    found = (match.group(1) or match.group(2) for match in _DECLARED.finditer(body[:HEAD]))
    labels += [label.decode("ascii", errors="replace") for label in found]
    return list(dict.fromkeys(name for name in map(resolve_encoding, labels) if name))


def _wide(body: bytes) -> str | None:
    """Recognise UTF-16 without a mark: in markup every other byte is zero."""
    head = body[:200]
    if b"\x00" not in head or len(head) < len("<html") * 2:
        return None
    if head[1::2].count(0) > len(head) * 0.4 and 0 not in head[0:40:2]:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) * 0.4 and 0 not in head[1:40:2]:
        return "utf-16-be"
    return None


def _seven_bit(body: bytes, content_type: str | None) -> str | None:
    for name in declared_encodings(body, content_type):
        if name in _SEVEN_BIT:
            return body.decode(name, errors="replace")
    return None


def _decode_other(body: bytes, content_type: str | None, error: UnicodeDecodeError) -> str:
    """Read bytes that are not valid UTF-8."""
    if error.end == len(body) and error.reason == "unexpected end of data":
        return body.decode("utf-8", errors="replace")  # cut inside its last character
    if (mixed := _mostly_utf8(body)) is not None:
        return mixed
    declared = [name for name in declared_encodings(body, content_type) if name != "utf-8"]
    for name in [either for label in declared for either in (label, _SIBLINGS.get(label, label))]:
        text = _strictly(body, name)
        if text is not None and _plausible(text):
            return text
    guess = FALLBACK if _only_typographic(body) else _detected(body)
    text = _strictly(body, guess) if guess else None
    if text is not None and _plausible(text):
        return text
    best = declared[0] if declared else FALLBACK
    return body.decode(best, errors="replace")


def _mostly_utf8(body: bytes) -> str | None:
    """Read UTF-8 that holds a few bytes of something else, each of them as Windows-1252; None where it is not that."""
    text = body.decode("utf-8", errors="surrogateescape")
    wrong = sum(1 for char in text if "\ud800" <= char <= "\udfff")
    right = len(text) - len(_NON_ASCII.sub("", text)) - wrong  # characters of several bytes
    if wrong > max(1, MIXED * len(body)) or right <= wrong:
        return None
    return re.sub("[\ud800-\udfff]", lambda found: _single(ord(found.group()) - 0xDC00), text)


def _single(byte: int) -> str:
    return bytes([byte & 0xFF]).decode(FALLBACK, errors="replace")


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _plausible(text: str) -> bool:
    """Say whether text reads like some language: the wrong single-byte alphabet gives letters in impossible places."""
    special = len(text) - len(_NON_ASCII.sub("", text))
    odd = sum(len(found.group()) for found in _ODD.finditer(text))
    return odd <= max(ALLOWED, PLAUSIBLE * special)


def _only_typographic(body: bytes) -> bool:
    """Say whether a page is nearly all ASCII with typographers' marks of Windows-1252: too little to guess an alphabet from."""
    high = _HIGH.findall(body)
    letters = sum(byte >= b"\xc0" for byte in high)
    return (
        len(high) <= FEW_HIGH * len(body)
        and letters * 2 <= len(high)
        and all(byte in _MARKS for byte in high if byte < b"\xa0")
    )


def _detected(body: bytes) -> str | None:
    """Guess from the bytes themselves, from their first part that is not ASCII."""
    first = _HIGH.search(body)
    start = max(0, first.start() - SAMPLE // 8) if first else 0
    best = from_bytes(body[start : start + SAMPLE], steps=5, chunk_size=1024).best()
    return best.encoding if best is not None else None
