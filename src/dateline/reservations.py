"""Read what a publisher allows to be done with a page: `noarchive`, and reservations of text and data mining.

Both are recorded on the page, from the header X-Robots-Tag, the TDM Reservation Protocol's header and the same in `<meta>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

HEAD = 65_536  # bytes of a page in which `<meta>` is looked for

_META = re.compile(rb"<meta\b[^>]{1,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_AGAINST_TRAINING = frozenset({"noai", "noimageai", "noml"})
_AGAINST_ARCHIVING = frozenset({"noarchive", "none"})
_WITH_VALUES = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})

Headers = Iterable[tuple[str, str]]


def reservations(headers: Headers, body: bytes, name: str) -> tuple[bool, bool | None]:
    """Return `noarchive` and whether text and data mining is reserved, or training of models opted out of.

    `noarchive`: the page asks not to be kept for others (we keep it for ourselves, and say so in its row). The second is
    None where nothing is said. `name` is how robots know us.
    """
    metas = list(_metas(body))
    rules = set(_rules(headers, metas, name))
    said = [value.strip() for key, value in headers if key.lower() == "tdm-reservation"]
    said += [content.strip() for key, content in metas if key == "tdm-reservation"]
    reserved = "1" in said or not _AGAINST_TRAINING.isdisjoint(rules)
    return not rules.isdisjoint(_AGAINST_ARCHIVING), True if reserved else False if "0" in said else None


def _rules(headers: Headers, metas: Iterable[tuple[str, str]], name: str) -> Iterator[str]:
    for key, value in headers:
        if key.lower() == "x-robots-tag":
            yield from _meant_for_us(value.lower(), name)
    for key, content in metas:
        if key in ("robots", name):
            yield from (rule.strip() for rule in content.lower().split(","))


def _meant_for_us(value: str, name: str) -> Iterator[str]:
    """Split `googlebot: noindex, noarchive`: a rule after a name is for that robot only, until the next name."""
    ours = True
    for part in value.split(","):
        who, colon, rule = part.strip().partition(":")
        if colon and who.strip() not in _WITH_VALUES:
            ours = who.strip() in (name, "*")
            part = rule  # noqa: PLW2901 (the name is cut off)
        if ours:
            yield part.strip()


def _metas(body: bytes) -> Iterator[tuple[str, str]]:
    for tag in _META.finditer(body[:HEAD]):
        found = {key.lower(): one or two or bare for key, one, two, bare in _ATTRIBUTE.findall(tag.group())}
        if b"name" in found and b"content" in found:
            yield found[b"name"].decode("latin-1").lower(), found[b"content"].decode("latin-1")
