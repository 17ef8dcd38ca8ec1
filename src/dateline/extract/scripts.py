"""Find an article's text where the page shows no or half of it: in JSON-LD, or as markup inside a script's JSON."""

from __future__ import annotations

import json
import re

from lxml.etree import LxmlError
from lxml.html import HtmlElement, fragment_fromstring

from dateline.extract.blocks import Block, block_of_line, key_of
from dateline.extract.page import Page
from dateline.extract.structured import Node, paragraphs_of

SCRIPT = re.compile(r"<script\b[^>]*+>(.*?)</script>", re.DOTALL | re.IGNORECASE)
STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
PARAGRAPH_END = re.compile(r"</p>|<br\s*/?>\s*<br", re.IGNORECASE)
PARAGRAPHS = 3  # fewer are a teaser or a dialog
CHARACTERS = 600  # of a string that may hold an article's markup
NESTED = 1  # JSON inside a string of JSON
LONGER = 1.15  # times the page's own text, for the structured text to be the whole of which the page shows a part
KNOWN = 0.9  # of the page's own text that must be in it


def take_whole(blocks: list[Block], article: Node, *, drop: set[str], body: HtmlElement) -> bool:
    """Take JSON-LD's articleBody in place of what the page shows, where that is a part of it: a page of several, a teaser.

    `drop`: keys of lines that have fields of their own (headline, standfirst).
    """
    lines = [line for line in paragraphs_of(article.get("articleBody")) if key_of(line) not in drop]
    if len(lines) < PARAGRAPHS:
        return False
    whole = "".join(map(key_of, lines))
    taken = [block for block in blocks if block.taken]
    own = sum(len(block.key) for block in taken)
    if len(whole) < LONGER * own or sum(len(block.key) for block in taken if block.key in whole) < KNOWN * own:
        return False
    if sum(len(block.key) for block in blocks if block.key and block.key in whole) >= len(whole) / LONGER:
        return False  # it is all on the page, and was left out for a reason
    for block in taken:
        block.taken, block.why = False, "part of the structured data's text"
    for line in lines:
        blocks.append(block_of_line(len(blocks), line, body, why="articleBody"))
    return True


def add_script_text(page: Page, html: str) -> bool:
    """Put the longest article's markup that stands in a script's JSON at the end of the page's body. Say whether there is one."""
    found = max((text for script in SCRIPT.findall(html) for text in _marked_up(script, NESTED)), key=len, default=None)
    if found is None:
        return False
    try:
        page.body.append(fragment_fromstring(found, create_parent="article"))
    except (LxmlError, ValueError):
        return False
    page.elements = list(page.root.iter())
    return True


def _marked_up(text: str, depth: int) -> list[str]:
    """Return the strings in a script that are markup of several paragraphs."""
    found = []
    for raw in STRING.findall(text):
        if len(raw) < CHARACTERS:
            continue
        try:
            value = json.loads(f'"{raw}"', strict=False)
        except ValueError:
            continue
        if value.lstrip()[:1] == "<" and len(PARAGRAPH_END.findall(value)) >= PARAGRAPHS:
            found.append(value)
        elif depth and '"' in value and PARAGRAPH_END.search(value):
            found.extend(_marked_up(value, depth - 1))
    return found
