"""Give those scripts that learn from the demo newsroom, or measure on it, one half of its articles (docs/newsroom.md)."""

from __future__ import annotations

from dateline.stack.newsroom import load_expected
from dateline.stack.newsroom.agreement import in_development
from dateline.stack.newsroom.content import load_outlets
from dateline.stack.newsroom.records import ExpectedPage


def half(*, development: bool) -> list[ExpectedPage]:
    """Return the English articles of one half that have events to code."""
    return [
        page
        for page in load_expected(dict.fromkeys(load_outlets(), 1), shift_weeks=0)
        if page.text and page.outcome == "coded" and page.language == "en" and in_development(page.id) == development
    ]
