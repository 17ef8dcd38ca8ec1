"""Build small records for tests; each builder takes what matters to the test and fills in the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from dateline.types import (
    Actor,
    AnnotatedArticle,
    Article,
    ArticleRef,
    EntityMention,
    EventDate,
    EventMention,
    EventPlace,
    Party,
    PlaceMention,
    PubDate,
    Quote,
    RawPage,
    Sentence,
    Source,
    Span,
    TimeMention,
)

NOW = datetime(2024, 5, 2, 12, 0, tzinfo=UTC)
DAY = date(2024, 5, 2)
HOUR = timedelta(hours=1)
TEXT = "France sanctioned Russia on Thursday. Paris said more would follow."

FRANCE = Actor(id="FRA", name="France", country="FRA", sectors=("GOV",))
RUSSIA = Actor(id="RUS", name="Russia", country="RUS", sectors=("GOV",))


def source(**changes: Any) -> Source:
    """Build a source."""
    return Source(
        **{"url": "http://news.example/feed", "kind": "feed", "name": "Example News", "country": "FRA", **changes}
    )


def ref(url: str = "http://news.example/a", **changes: Any) -> ArticleRef:
    """Build a reference."""
    return ArticleRef(**{"url": url, "discovered_at": NOW, **changes})


def page(url: str = "http://news.example/a", **changes: Any) -> RawPage:
    """Build a page."""
    values = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("X-Twice", "a"), ("X-Twice", "b")),
        "body": b"<html><body><p>France sanctioned Russia.</p></body></html>",
        "fetched_at": NOW,
        "elapsed": 0.1,
        **changes,
    }
    return RawPage(**values)


def article(url: str = "http://news.example/a", **changes: Any) -> Article:
    """Build an article."""
    values = {
        "url": url,
        "text": TEXT,
        "extractor": "test-1",
        "title": "Sanctions",
        "authors": ("Ada Lovelace",),
        "published": PubDate(value=datetime(2024, 5, 2, 9, 0, tzinfo=UTC), basis="jsonld"),
        "site_name": "Example News",
        "language": "en",
        **changes,
    }
    return Article(**values)


def span(text: str, words: str, start: int = 0) -> Span:
    """Mark the first `words` in `text` from `start`."""
    at = text.index(words, start)
    return Span(at, at + len(words), words)


def party(text: str, words: str, actor: Actor | None) -> Party:
    """Mark one side of an event."""
    at = text.index(words)
    return Party(start=at, end=at + len(words), text=words, actor=actor, reason="test")


def event(text: str = TEXT, **changes: Any) -> EventMention:
    """Build an event mention: France sanctioned Russia, unless told otherwise."""
    trigger = changes.pop("trigger", "sanctioned")
    source_words, target_words = changes.pop("source", "France"), changes.pop("target", "Russia")
    day = changes.pop("day", DAY)
    values = {
        "event_type": "SANCTION",
        "mode": None,
        "contexts": ("diplomatic",),
        "cameo": "163",
        "quad": 4,
        "goldstein": -8.0,
        "happening": 0,
        "sentence": 0,
        "trigger": span(text, trigger),
        "source": party(text, source_words, changes.pop("source_actor", FRANCE)) if source_words else None,
        "target": party(text, target_words, changes.pop("target_actor", RUSSIA)) if target_words else None,
        "date": EventDate(from_=day, to=day, precision="day", basis="published") if day else None,
        "place": None,
        "modality": "asserted",
        "negated": False,
        "tense": "past",
        "attribution": None,
        "confidence": 0.9,
        "frame": "test",
        **changes,
    }
    return EventMention(**values)


def annotated(text: str = TEXT, events: tuple[EventMention, ...] | None = None, **changes: Any) -> AnnotatedArticle:
    """Build a reading of `text` with one of everything."""
    first = text.find(". ") + 1 or len(text)
    values = {
        "id": "1",
        "coder": "test-1",
        "sentences": (Sentence(0, first), Sentence(min(first + 1, len(text)), len(text))),
        "entities": (
            EntityMention(start=0, end=6, text=text[0:6], label="GPE", name="France", actor=FRANCE, reason="name"),
        ),
        "places": (
            PlaceMention(
                start=0, end=6, text=text[0:6], geonameid=3017382, name="France", country="FRA", admin1=None, lat=46.0,
                lon=2.0, precision="country",
            ),
        ),
        "times": (TimeMention(start=0, end=6, text=text[0:6], type="DATE", value="2024-05-02", from_=DAY, to=DAY),),
        "quotes": (
            Quote(start=0, end=6, text=text[0:6], direct=True, source=Span(0, 6, text[0:6]), cue=None, speaker=FRANCE),
        ),
        "events": (event(text),) if events is None else events,
        **changes,
    }  # fmt: skip
    return AnnotatedArticle(**values)


def place(text: str, words: str, **changes: Any) -> EventPlace:
    """Mark where an event happened."""
    return EventPlace(**{"geonameid": None, "name": words, "country": None, "basis": span(text, words), **changes})
