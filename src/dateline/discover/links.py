"""Read a home or section page: its links to article-like addresses of the same site."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urldefrag, urlsplit

from lxml import etree
from lxml import html as lxml_html

from dateline.discover.dates import date_in_path
from dateline.discover.web import Findings, absolute
from dateline.encoding import decode_html
from dateline.errors import DiscoverError, RulesError
from dateline.types import RawPage

TABLE = "discover/data/links.toml"
MOST_LINKS = 1_000  # of one page
SLUG_WORDS = 4  # words in the last part of an address that make it a headline
FEW_SLUG_WORDS = 3  # enough where a number stands beside them
TITLE_WORDS = 4  # words that a link's text has when it is a headline
PLAUSIBLE = 3  # points from which an address is taken for an article's

_NUMBER = re.compile(r"\d{5,}|[0-9a-f]{24,}|\b[a-z]{1,3}\d{4,}|\b(?=(?:[a-z]*\d){3})[a-z0-9]{10,}\b")
_SECOND_LEVEL = re.compile(r"^(?:co|com|org|net|ac|gov|gob|edu|or|ne|go)\.[a-z]{2}$")


@dataclass(frozen=True, slots=True)
class LinkRules:
    """Hold what is in the addresses of pages that are no article."""

    sections: frozenset[str]
    files: tuple[str, ...]


def read_links(page: RawPage, findings: Findings) -> None:
    """Add the links of a page that look like articles of its site. Raises DiscoverError("no_links") where it has none at all."""
    tree = page_tree(page)
    base = page.final_url
    stated = tree.find(".//base[@href]")
    if stated is not None:
        base = absolute(stated.get("href"), base) or base
    titles: dict[str, str] = {}
    for anchor in tree.iter("a"):
        url = absolute(anchor.get("href"), base)
        if url is None:
            continue
        text = " ".join(anchor.text_content().split()) or anchor.get("title") or ""
        plain = urldefrag(url).url
        if len(text) >= len(titles.get(plain, "")):
            titles[plain] = text  # a picture and a headline often lead to the same page
    if not titles:
        raise DiscoverError(f"{page.final_url} has no links", code="no_links")
    for url, text in titles.items():
        if same_site(url, page.final_url) and looks_like_article(url, text) and not findings.add(url, title=text):
            return


def looks_like_article(url: str, text: str = "") -> bool:
    """Say whether an address, and the text of a link to it, look like an article's."""
    rules = load_link_rules()
    path = urlsplit(url).path.lower()
    segments = [segment for segment in path.split("/") if segment]
    if not segments or path.endswith(rules.files) or not rules.sections.isdisjoint(segments):
        return False
    last = re.sub(r"\.\w{2,5}$", "", segments[-1])
    words = [word for word in re.split(r"[-_]", last) if word.isalpha()]
    numbered = bool(_NUMBER.search(path) or _NUMBER.search(urlsplit(url).query.lower()))
    points = 0
    points += 3 if date_in_path(url) is not None and len(words) > 1 else 0
    points += 3 if len(words) >= SLUG_WORDS else 2 if len(words) >= FEW_SLUG_WORDS else 0
    points += 1 if numbered else 0
    points += 1 if len(text.split()) >= TITLE_WORDS else 0
    points += 1 if path.endswith((".html", ".htm", ".shtml")) and words else 0
    points += 1 if numbered and len(text.split()) >= TITLE_WORDS else 0
    return points >= PLAUSIBLE


def same_site(url: str, other: str) -> bool:
    """Say whether two addresses are of one site: the same registered name, or the same host and port."""
    one, two = urlsplit(url), urlsplit(other)
    if _site(one.hostname or "") != _site(two.hostname or ""):
        return False
    return not (_is_address(one.hostname or "") and one.port != two.port)


@cache
def load_link_rules() -> LinkRules:
    """Read the rules that come with the package. Raises RulesError where the table is wrong."""
    data = tomllib.loads(files("dateline").joinpath(TABLE).read_text(encoding="utf-8"))
    for key in ("sections", "files"):
        if not isinstance(data.get(key), list) or any(
            not isinstance(each, str) or each != each.lower() for each in data[key]
        ):
            raise RulesError(f"{key!r} must be a list of words in lower case", table=TABLE)
    return LinkRules(frozenset(data["sections"]), tuple(data["files"]))


def page_tree(page: RawPage) -> lxml_html.HtmlElement:
    """Parse a page. Raises DiscoverError("no_links") for what is none."""
    text = decode_html(page.body, page.header("Content-Type")).replace("\x00", "")
    try:
        return lxml_html.document_fromstring(text.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DiscoverError(f"{page.final_url} cannot be read: {error}", code="no_links") from error


def _site(host: str) -> str:
    if _is_address(host):
        return host
    labels = host.lower().split(".")
    keep = 3 if _SECOND_LEVEL.match(".".join(labels[-2:])) else 2
    return ".".join(labels[-keep:])


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
