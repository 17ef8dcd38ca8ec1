"""Say where each field of an article came from, and which witnesses say otherwise (`extract --explain`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dateline.extract.blocks import key_of
from dateline.extract.read import Trace
from dateline.extract.structured import text_of
from dateline.types import Article, PubDate

LONGEST = 100  # characters of what another witness says
MOST = 3  # other witnesses shown for a field
SECTION = ("article:section", "parsely-section", "section")
PICTURE = ("og:image", "og:image:url", "twitter:image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Hold a field as it is shown: its value, who says so, and who says otherwise."""

    name: str
    value: str | None
    origin: str = ""
    others: tuple[tuple[str, str], ...] = ()


def fields_of(article: Article, trace: Trace) -> Iterator[Field]:
    """Yield an article's fields in the order in which people look for them."""
    yield _title(article, trace)
    yield _authors(article, trace)
    votes = trace.dates.votes if trace.dates else ()
    yield _date("published", article.published, votes)
    yield _date("modified", article.modified, votes)
    claim = "the page's claim" if any("page claims" in warning for warning in article.warnings) else ""
    yield Field(
        name="language", value=article.language, origin=f"read from the text{f', against {claim}' if claim else ''}"
    )
    named = _first(trace, ("og:site_name",)) or ("jsonld" if trace.article.get("publisher") else "meta")
    yield Field(name="site", value=article.site_name, origin=named if article.site_name else "")
    section = "jsonld" if text_of(trace.article.get("articleSection")) else _first(trace, SECTION) or "breadcrumbs"
    yield Field(name="section", value=article.section, origin=section if article.section else "")
    yield Field(
        name="kind", value=article.kind, origin="" if article.kind == "news" else "type, section, address or label"
    )
    paywall = {None: None, True: "yes", False: "no"}[article.paywalled]
    stated = "jsonld" if trace.article.get("isAccessibleForFree") is not None else "meta"
    yield Field(name="paywall", value=paywall, origin=stated if paywall else "")
    tags = "jsonld" if trace.article.get("keywords") else "meta"
    yield Field(name="tags", value=", ".join(article.tags), origin=tags if article.tags else "")
    yield Field(
        name="picture", value=article.image, origin=(_first(trace, PICTURE) or "jsonld") if article.image else ""
    )
    linked = "link rel=canonical" if trace.page and trace.page.links.get("canonical") else "og:url"
    yield Field(name="address", value=article.canonical_url, origin=linked if article.canonical_url else "")
    if article.corrected:
        yield Field(name=article.note_kind or "note", value=article.corrected, origin="a note on the page")


def _title(article: Article, trace: Trace) -> Field:
    votes = trace.title.votes if trace.title else ()
    key = key_of(article.title or "")
    agree = [name for name, says in votes if key_of(says) == key]
    others = [(name, says) for name, says in votes if key_of(says) != key]
    return Field(name="title", value="as above" if article.title else None, origin=_list(agree), others=_cut(others))


def _authors(article: Article, trace: Trace) -> Field:
    votes = trace.authors.votes if trace.authors else ()
    keys = [key_of(name) for name in article.authors]
    agree = [name for name, says in votes if all(key in key_of(says) for key in keys)] if keys else []
    others = [(name, says) for name, says in votes if name not in agree and name in {"jsonld", "meta", "rel"}]
    return Field(name="authors", value=", ".join(article.authors), origin=_list(agree), others=_cut(others))


def _date(name: str, date: PubDate | None, votes: Iterable[tuple[str, str]]) -> Field:
    if date is None:
        return Field(name=name, value=None)
    stated = date.value.isoformat()
    agree = [date.basis, *(basis for basis, says in votes if says == stated)]
    zone = "" if date.at else "  (the day only)"
    others: list[tuple[str, str]] = []
    if name == "published":
        days = {says[:10]: (basis, says) for basis, says in votes if says[:10] < stated[:10]}
        others = list(days.values())
    return Field(name=name, value=stated.replace("T", " ") + zone, origin=_list(agree), others=_cut(others))


def _first(trace: Trace, names: Iterable[str]) -> str:
    return next((name for name in names if trace.page and trace.page.meta.get(name)), "")


def _list(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _cut(others: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    unique = {
        key_of(says): (name, says if len(says) <= LONGEST else says[: LONGEST - 1] + "…") for name, says in others
    }
    return tuple(unique.values())[:MOST]
