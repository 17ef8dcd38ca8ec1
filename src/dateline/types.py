"""Define the records that travel through Dateline, in the order in which they appear.

    Source ─discover─► ArticleRef ─fetch─► RawPage ─extract─► Article ─group─► Grouping
                                                                 └─annotate─► AnnotatedArticle ─load─► rows

Records are frozen and know nothing of databases, networks or models. Offsets are Python string indices (code points) into
the text that they belong to, half open. Unknown is None, never a guess and never an empty string.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, Protocol

# ---------------------------------------------------------------------------------------------------- discover

SourceKind = Literal["feed", "sitemap", "links", "list", "archive", "inbox"]
TextPolicy = Literal["full", "spans", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Describe where references come from, and how we may use what is found there."""

    url: str
    kind: SourceKind
    id: int | None = None  # None until stored
    name: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-3
    language: str | None = None  # ISO 639-1
    poll_minutes: int = 60
    text_policy: TextPolicy = "full"
    licence: str | None = None
    enabled: bool = True
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_body_at: datetime | None = None  # when it last sent a body, not just "not modified"
    adapted_minutes: int | None = None  # between two looks, as often as it changes; None: poll_minutes holds

    @property
    def interval_minutes(self) -> int:
        """Return the minutes between two looks."""
        return self.adapted_minutes or self.poll_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """Point to an article that a source told us of; what the source says of it is a hint, not a fact."""

    url: str
    discovered_at: datetime
    source_id: int | None = None
    title: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    marks: tuple[str, ...] = ()  # "future": dated after it was found; "old": long before


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """Name the hub through which a feed pushes what is new (WebSub), and the address by which that hub knows the feed."""

    url: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Hold what one look at a source gave. `not_modified`: the source says that nothing changed since last time."""

    source: Source  # with the validators of this look
    refs: tuple[ArticleRef, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    not_modified: bool = False
    hub: Hub | None = None  # None where nothing changed: as before


# ---------------------------------------------------------------------------------------------------- frontier

TicketState = Literal["queued", "fetched", "extracted", "grouped", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Be one claimed row of the frontier: a URL on its way from `queued` to `done`.

    The ids are set as the stages are passed: capture by fetch, text by extract. `priority` and leases stay in the store.
    """

    id: int
    url: str
    state: TicketState
    attempts: int = 0
    source_id: int | None = None
    text_policy: TextPolicy = "full"
    hint_published_at: datetime | None = None
    captured_at: datetime | None = None  # with capture_id: the key of `captures`
    capture_id: int | None = None
    article_id: int | None = None
    text_id: int | None = None


# ------------------------------------------------------------------------------------------------------- fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """Keep the bytes that a server sent, as it sent them (after decompression), and how they came."""

    url: str  # what was asked for
    final_url: str  # what answered, after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # as received, in order
    body: bytes
    fetched_at: datetime
    elapsed: float  # seconds
    redirects: tuple[str, ...] = ()
    robots: str = "allowed"  # the decision and its ground: "allowed", "no_robots", "unreachable_allowed"
    noarchive: bool = False
    tdm_reserved: bool | None = None  # text and data mining reserved by header or meta; None: nothing said
    etag: str | None = None
    last_modified: str | None = None
    marks: tuple[str, ...] = ()  # what the page looks like: "paywall"

    @property
    def sha256(self) -> str:
        """Return the hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


# ----------------------------------------------------------------------------------------------------- extract


@dataclass(frozen=True, slots=True, kw_only=True)
class PubDate:
    """Say when something was published, as exactly as its publisher said it.

    `value` is an aware datetime, or a date where no time of day was given. The day is the publisher's own: it is never
    converted to another zone, because "Friday" means the publisher's Friday. `basis` names what it was read from
    ("jsonld", "meta", "time", "url", "text", …).
    """

    value: datetime | date
    basis: str

    @property
    def on(self) -> date:
        """Return the calendar day as the publisher wrote it."""
        return self.value.date() if isinstance(self.value, datetime) else self.value

    @property
    def at(self) -> datetime | None:
        """Return the instant in UTC, or None where only the day is known."""
        return self.value.astimezone(UTC) if isinstance(self.value, datetime) else None

    @property
    def offset_minutes(self) -> int | None:
        """Return the publisher's offset from UTC, in minutes."""
        if not isinstance(self.value, datetime):
            return None
        offset = self.value.utcoffset()
        return None if offset is None else int(offset.total_seconds() // 60)

    @property
    def precision(self) -> Literal["day", "second"]:
        """Say whether a time of day is known."""
        return "second" if isinstance(self.value, datetime) else "day"


ArticleKind = Literal["news", "opinion", "liveblog"]
NoteKind = Literal["correction", "clarification", "retraction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Hold what a publisher said on one page: its running text and what is known of it.

    `text` is paragraphs separated by one newline, without headline, standfirst, byline, captions or furniture; all later
    offsets point into it. `text_policy` and ids belong to the store.
    """

    url: str
    text: str
    extractor: str  # name and version of what read it
    canonical_url: str | None = None
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: PubDate | None = None
    modified: PubDate | None = None
    site_name: str | None = None
    language: str | None = None  # ISO 639-1, of the text
    captions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    paywalled: bool | None = None
    kind: ArticleKind = "news"
    corrected: str | None = None  # the publisher's correction note, in its words
    note_kind: NoteKind | None = None  # what that note says
    note_start: int | None = None  # where it stands in the text; None: beside it
    note_end: int | None = None
    warnings: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------------- group


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Say what an article has in common with those already known. Ids are those of articles, or of the filter's lines."""

    id: str
    duplicate_of: str | None
    syndication_id: str
    story_id: str
    reason: str | None = None


# ---------------------------------------------------------------------------------------------------- annotate

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Modality = Literal["asserted", "planned", "threatened", "conditional", "hypothetical", "denied", "historical"]
Tense = Literal["past", "present", "future"]
PlacePrecision = Literal["country", "admin1", "admin2", "city", "feature"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]


@dataclass(frozen=True, slots=True)
class Span:
    """Mark a stretch of a text: `text == article.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Name who can act. An agent without a name ("Iraqi soldiers") has country and sectors only.

    `country`: ISO 3166-1 alpha-3, or `IGO`; `sectors`: PLOVER codes, most specific first; `wikidata`: only where checked.
    """

    id: str | None = None
    name: str | None = None
    country: str | None = None
    sectors: tuple[str, ...] = ()
    wikidata: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Answer who a phrase means. `reason` names the rule or entry that decided, also where the answer is "unknown"."""

    actor: Actor | None
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Mark a sentence."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMention:
    """Tell of a named entity, or (label None) of a pronoun, title or short reference that was resolved to one."""

    start: int
    end: int
    text: str
    label: str | None  # spaCy's
    name: str | None  # the fullest name the article or the registry has for it
    actor: Actor | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """Tell of a place and which entry of the gazetteer it is."""

    start: int
    end: int
    text: str
    geonameid: int | None
    name: str | None
    country: str | None  # ISO 3166-1 alpha-3
    admin1: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """Tell of a time expression. `value` follows TIMEX3; `from_` and `to` are the days it covers, None where it has none."""

    start: int
    end: int
    text: str
    type: TimexType
    value: str | None
    from_: date | None
    to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Tell of words that the text gives to somebody. Parts of an interrupted quotation share one `cue`."""

    start: int
    end: int
    text: str
    direct: bool
    source: Span | None
    cue: Span | None
    speaker: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Be one side of an event: the noun phrase in the text, and whom it means."""

    start: int
    end: int
    text: str
    actor: Actor | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDate:
    """Say when an event happened, first and last day. `basis` is the expression that says so, or "published"."""

    from_: date
    to: date
    precision: Literal["day", "week", "month", "quarter", "year", "decade", "range"]
    basis: Span | Literal["published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlace:
    """Say where an event happened, and which words say so."""

    geonameid: int | None
    name: str | None
    country: str | None
    basis: Span
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: PlacePrecision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """Tell of an event as one sentence tells it: FILTERS.md's EVENT.

    `modality` is the status of the act that `event_type` names. `reasons` says, for each part that is None, why it is.
    """

    event_type: EventType
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: Literal[1, 2, 3, 4]
    goldstein: float | None
    happening: int
    sentence: int  # index into AnnotatedArticle.sentences
    trigger: Span
    source: Party | None
    target: Party | None
    date: EventDate | None
    place: EventPlace | None
    modality: Modality
    negated: bool
    tense: Tense | None
    attribution: Span | None
    confidence: float
    attributed_to: Actor | None = None
    frame: str | None = None  # which frame, and which composition, read it
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedArticle:
    """Hold everything that one coder version read in one text."""

    id: str
    coder: str
    sentences: tuple[Sentence, ...] = ()
    entities: tuple[EntityMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    times: tuple[TimeMention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[EventMention, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInput:
    """Ask for one text to be annotated. `published` is the anchor of relative dates."""

    id: str
    text: str
    title: str | None = None
    published: date | datetime | None = None
    language: str | None = None


# ---------------------------------------------------------------------------------------------------- outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Say that something could not be processed: which stage, a stable code, and a message for a person."""

    stage: str
    code: str
    message: str
    url: str | None = None
    ticket_id: int | None = None
    source_id: int | None = None
    text_id: int | None = None


# --------------------------------------------------------------------------------- what stages ask of the store


class HostPace(Protocol):
    """Decide whose turn it is to ask a host (`name:port`); what it says holds across all workers."""

    def acquire(self, host: str, *, hold: float) -> float:
        """Take `host` for at most `hold` seconds. Return 0.0 when taken, else the seconds to wait before trying again."""
        ...

    def release(self, host: str, *, delay: float) -> None:
        """Give `host` back; nobody may ask it again for `delay` seconds."""
        ...
