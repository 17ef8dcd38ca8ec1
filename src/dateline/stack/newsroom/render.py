"""Render an outlet's pages: articles with all the furniture that real pages carry, section fronts, messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from dateline.stack.newsroom.content import HERE, load_pieces
from dateline.stack.newsroom.expected import shifted
from dateline.stack.newsroom.markup import read_block, running_text, to_html
from dateline.stack.newsroom.records import Outlet, Piece
from dateline.stack.newsroom.state import base_url

MIGRATED_AT = "2020-05-05T00:00:00+01:00"  # the day that a new editing system stamped on old articles: a wrong date
LD_TYPES = {"news": "NewsArticle", "opinion": "OpinionNewsArticle", "liveblog": "LiveBlogPosting"}
FIRST_PAGE_BLOCKS = 3  # of a paginated article
RELATED = 4


class Pages:
    """Render the pages of one outlet."""

    def __init__(self, outlet: Outlet, ports: Mapping[str, int], shift: timedelta) -> None:
        self._outlet, self._ports, self._shift = outlet, ports, shift
        self._base = base_url(ports, outlet.key)
        self._addresses = {piece.id: base_url(ports, piece.outlet) + piece.path for piece in load_pieces()}
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters.update(ap_time=_ap_time, long_date=_long_date, dotted_time=_dotted_time)

    def article(self, piece: Piece, *, page: int, version: int) -> tuple[bytes, str]:
        """Render an article. Return its bytes and content type, both wrong where the piece's traits say so."""
        first = piece.correction is not None and version == 1
        body = list(piece.body)
        if first and piece.correction:
            for number, words in piece.correction.first.items():
                body[number - 1] = words
        modified = None if first else piece.modified
        html = self._jinja.get_template(self._outlet.template).render(
            **self._common(),
            piece=piece,
            traits=piece.traits,
            title=piece.title,
            url=self._base + piece.path,
            published=shifted(piece.published, piece, self._shift),
            modified=shifted(modified, piece, self._shift) if modified else None,
            note=piece.correction.note if piece.correction and not first else None,
            blocks=self._blocks(piece, body, page),
            page=page,
            picture=f"{self._base}/img/{piece.slug}.svg" if piece.captions else None,
            related=self._related(piece),
            jsonld=self._jsonld(piece, body, modified),
            charset="iso-8859-1" if "latin1_declared" in piece.traits else "utf-8",
        )
        if "utf8_declared" in piece.traits:
            return html.encode("windows-1252", "xmlcharrefreplace"), "text/html; charset=utf-8"
        charset = "iso-8859-1" if "latin1_declared" in piece.traits else "utf-8"
        return html.encode(), f"text/html; charset={charset}"

    def front(self, heading: str, pieces: Sequence[Piece]) -> bytes:
        """Render the home page or a section front: a list of articles, and no article."""
        entries = [(piece, self._addresses[piece.id], shifted(piece.published, piece, self._shift)) for piece in pieces]
        return self._page("_front.html", heading=heading, entries=entries)

    def message(self, heading: str) -> bytes:
        """Render a page that says why there is nothing here."""
        return self._page("_message.html", heading=heading)

    def section_path(self, section: str) -> str:
        """Give the address of a section front."""
        return f"/section/{section.lower()}"

    def _page(self, template: str, **context: Any) -> bytes:
        return self._jinja.get_template(template).render(**self._common(), **context).encode()

    def _common(self) -> dict[str, Any]:
        sections = [(section, self._base + self.section_path(section)) for section in self._outlet.sections]
        return {"outlet": self._outlet, "base": self._base, "sections": sections}

    def _blocks(self, piece: Piece, body: Sequence[str], page: int) -> list[dict[str, Any]]:
        if "paginated" in piece.traits:
            body = body[:FIRST_PAGE_BLOCKS] if page == 1 else body[FIRST_PAGE_BLOCKS:]
        blocks = []
        for raw in body:
            block = read_block(raw)
            words = to_html(block.words, address=self._address, nbsp="nbsp_links" in piece.traits)
            blocks.append({"kind": block.kind, "clock": block.clock, "html": words})
        return blocks

    def _address(self, link: str) -> str:
        return self._addresses[link[1:]] if link.startswith("@") else self._base + link

    def _related(self, piece: Piece) -> list[tuple[str, str]]:
        mine = [other for other in load_pieces() if other.outlet == piece.outlet and other.id != piece.id]
        near = sorted(mine, key=lambda other: (other.id not in piece.related, abs(other.published - piece.published)))
        return [(other.title, self._addresses[other.id]) for other in near[:RELATED]]

    def _jsonld(self, piece: Piece, body: Sequence[str], modified: datetime | None) -> str | None:
        if "jsonld_none" in piece.traits:
            return None
        url, outlet = self._base + piece.path, {"@type": "Organization", "name": self._outlet.name}
        people = [{"@type": "Person", "name": name} for name in piece.authors]
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": LD_TYPES[piece.kind],
            "mainEntityOfPage": url,
            "headline": piece.title,
            "datePublished": MIGRATED_AT
            if "jsonld_wrong_date" in piece.traits
            else shifted(piece.published, piece, self._shift).isoformat(),
            "author": outlet if "jsonld_outlet_author" in piece.traits or not people else people,
            "publisher": outlet,
            "articleSection": piece.section,
            "inLanguage": piece.language,
        }
        if modified:
            data["dateModified"] = shifted(modified, piece, self._shift).isoformat()
        if piece.standfirst:
            data["description"] = piece.standfirst
        if piece.captions:
            data["image"] = [f"{self._base}/img/{piece.slug}.svg"]
        if piece.traits & {"paginated", "article_body_only"}:
            data["articleBody"] = running_text(body).replace("\n", "\n\n")
        text = json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")
        if "jsonld_broken" in piece.traits:
            text = text.replace('"publisher": {', '"publisher": {,', 1)
        return text


def _ap_time(moment: datetime) -> str:
    clock = moment.strftime("%I:%M %p").lstrip("0").lower().replace("am", "a.m.").replace("pm", "p.m.")
    return f"{_long_date(moment)}, {clock}"


def _long_date(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"


def _dotted_time(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y %H.%M}"
