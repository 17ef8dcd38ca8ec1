"""Choose the blocks that are the article: what trafilatura takes, found again in our blocks."""

from __future__ import annotations

import logging
from bisect import bisect_right
from dataclasses import dataclass

from lxml.html import HtmlElement

from dateline.extract.blocks import Block, key_of


@dataclass(slots=True)
class Reading:
    """Hold one mode's answer: which blocks it takes, and what of its text is in none."""

    mode: str
    taken: list[bool]
    size: int  # characters
    lost: int  # word characters that are in no block


def read_with_trafilatura(root: HtmlElement, blocks: list[Block], mode: str = "fast") -> Reading:
    """Let trafilatura choose, in one of its modes: fast, default, recall, precision."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(
            root, fast=mode != "default", favor_recall=mode == "recall", favor_precision=mode == "precision",
            include_comments=False, with_metadata=False,
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):  # its own faults on broken trees
        found = None
    text = (found.text if found else None) or ""
    return align(text.split("\n"), blocks, mode)


def align(lines: list[str], blocks: list[Block], mode: str) -> Reading:
    """Find lines again among the blocks, in reading order where a line occurs twice."""
    starts: list[int] = []
    position = 0
    for block in blocks:
        starts.append(position)
        position += len(block.key)
    whole = "".join(block.key for block in blocks)
    covered = [0] * len(blocks)
    last = lost = size = 0
    for line in lines:
        key = key_of(line)
        if not key:
            continue
        size += len(line)
        at = whole.find(key, last)
        if at < 0:
            at = whole.find(key)
        if at < 0:
            lost += len(key)
            continue
        last = at + len(key)
        index = bisect_right(starts, at) - 1
        while index < len(blocks) and starts[index] < last:
            end = starts[index] + len(blocks[index].key)
            covered[index] += min(end, last) - max(starts[index], at)
            index += 1
    taken = [count >= 0.5 * max(1, len(block.key)) for count, block in zip(covered, blocks, strict=True)]
    return Reading(mode, taken, size, lost)
