"""Read articles from pages.

RawPage ─decode─► text ─parse─► one tree ─► blocks ─trafilatura chooses, rules clean─► Article
                                   └─► witnesses of title, authors, dates ─vote─────────┘
"""

from dateline.extract.pool import extract_pages
from dateline.extract.read import EXTRACTOR, extract_page, read_page

__all__ = ["EXTRACTOR", "extract_page", "extract_pages", "read_page"]
