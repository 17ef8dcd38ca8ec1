"""Read what a page says of itself in JSON-LD: which node is the article, and its properties as plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from dateline.extract.blocks import key_of, tidy

Node = dict[str, Any]

MAX_SCRIPT = 3_000_000  # characters; larger blocks are catalogues
MAX_DEPTH = 8  # graphs nest three or four deep
ARTICLE_TYPE = re.compile(r"(?:article|posting|report|review|liveblog)$", re.IGNORECASE)
WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
MARKUP = re.compile(r"<[^<>]{0,500}>")
BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
# where a node holds other nodes that are not about this page
FOREIGN = frozenset(("itemlistelement", "comment", "review", "mentions", "about", "citation", "relatedlink", "haspart"))


def read_nodes(root: HtmlElement) -> list[Node]:
    """Return every JSON-LD node of the page that has a type, outer before inner, without lists of other pages."""
    nodes: list[Node] = []
    for script in root.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        text = script.text
        if not text or not kind.startswith("application/ld+json") or len(text) > MAX_SCRIPT:
            continue
        nodes.extend(_walk(_load(text), 0))
    return nodes


def _load(text: str) -> Any:
    """Parse JSON as sites write it: with raw newlines, wrapped in comments, with a comma too many, or cut off."""
    text = WRAPPER.sub("", WRAPPER.sub("", text)).strip()
    for attempt in (text, TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            pass
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name, inner in value.items():
            if isinstance(inner, dict | list) and name.lower() not in FOREIGN:
                yield from _walk(inner, depth + 1)


def types_of(node: Node) -> list[str]:
    """Return the node's types, without the vocabulary's address."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return [name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)]


def is_article(node: Node) -> bool:
    """Say whether the node describes an article of some kind."""
    return any(ARTICLE_TYPE.search(name) for name in types_of(node))


def choose_article(nodes: list[Node], *, titles: list[str], addresses: list[str]) -> Node:
    """Return the node of this page's article: the one that names its address or title, else the first; {} if none."""
    candidates = [node for node in nodes if is_article(node) and (node.get("headline") or node.get("name"))]
    if not candidates:
        return next((node for node in nodes if is_article(node)), {})
    keys = {key_of(title) for title in titles} - {""}
    paths = {_path(address) for address in addresses} - {""}

    def fit(node: Node) -> int:
        title = key_of(text_of(node.get("headline")) or text_of(node.get("name")) or "")
        named = {
            _path(address) for name in ("url", "@id", "mainEntityOfPage") for address in _addresses(node.get(name))
        }
        score = 2 * bool(named & paths)
        score += 2 * any(title and (title in key or key in title) for key in keys)
        return score + ("datePublished" in node) + ("articleBody" in node)

    return max(candidates, key=fit)  # max keeps the first of equals


def completed(article: Node, nodes: list[Node]) -> Node:
    """Return the article's node with references to other nodes followed, and dates that only its page's node gives."""
    known = {id_: node for node in nodes if isinstance(id_ := node.get("@id"), str) and len(node) > 1}
    whole = dict(article)
    for name in ("author", "creator", "publisher"):
        if name in whole:
            whole[name] = _followed(whole[name], known)
    for name in ("datePublished", "dateModified"):
        if not whole.get(name):
            stated = next((node[name] for node in nodes if node.get(name) and _is_page(node)), None)
            if stated:
                whole[name] = stated
    return whole


def _followed(value: Any, known: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_followed(item, known) for item in value]
    if isinstance(value, dict) and "name" not in value and isinstance(id_ := value.get("@id"), str):
        return known.get(id_, value)
    return value


def _is_page(node: Node) -> bool:
    return any(name.endswith("Page") and "Collection" not in name for name in types_of(node))


def _addresses(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [address for name in ("@id", "url") if isinstance(address := value.get(name), str)]
    return []


def _path(address: str) -> str:
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?|[?#].*$|/+$", "", address.strip(), flags=re.IGNORECASE)


def text_of(value: Any) -> str | None:
    """Return a property's text on one line: the first of a list, a node's name, markup and entities resolved."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("@value")) or text_of(value.get("name"))
    if not isinstance(value, str):
        return None
    return tidy(MARKUP.sub(" ", unescape(unescape(value)))) or None


def paragraphs_of(value: Any) -> list[str]:
    """Return the paragraphs of a text property such as articleBody."""
    if isinstance(value, list):
        return [paragraph for item in value for paragraph in paragraphs_of(item)]
    if not isinstance(value, str):
        return []
    text = MARKUP.sub("", BLOCK_END.sub("\n", unescape(value)))
    return [line for raw in unescape(text).split("\n") if (line := tidy(raw))]
