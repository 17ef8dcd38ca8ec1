"""Know what an outlet's site answers at each address: pages, announcements, robots.txt, pictures, style."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from dateline.stack.newsroom.announce import Item, robots_txt, write_announcement
from dateline.stack.newsroom.content import HERE, load_pieces, load_specials
from dateline.stack.newsroom.expected import shifted
from dateline.stack.newsroom.pictures import picture
from dateline.stack.newsroom.records import Outlet, Piece, Special
from dateline.stack.newsroom.render import Pages
from dateline.stack.newsroom.state import base_url, read_state

CORRECTED = 2  # the version that is served unless the state says otherwise
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Hold what is answered at one address."""

    status: int = HTTPStatus.OK
    content_type: str = HTML
    body: bytes = b""
    changed: datetime | None = None  # in UTC, whole seconds
    location: str | None = None
    slow: bool = False
    zipped: bool = False

    @property
    def etag(self) -> str:
        """Give the strong validator of the body."""
        return f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()[:20]}"'


class Site:
    """Answer for one outlet. Pages are rendered when first asked for and kept."""

    def __init__(self, outlet: Outlet, home: Path) -> None:
        state = read_state(home)
        self.outlet = outlet
        self._home = home
        self._base = base_url(state.ports, outlet.key)
        self._shift = timedelta(weeks=state.shift_weeks)
        self._pages = Pages(outlet, state.ports, self._shift)
        mine = [piece for piece in load_pieces() if piece.outlet == outlet.key]
        self._pieces = {piece.path: piece for piece in sorted(mine, key=self._when, reverse=True)}
        self._specials = {special.path: special for special in load_specials() if special.outlet == outlet.key}
        self._pictures = {f"/img/{piece.slug}.svg" for piece in mine}
        self._rendered: dict[tuple[str, int, int], Resource] = {}

    def resource(self, path: str, query: Mapping[str, Sequence[str]]) -> Resource:
        """Give the answer to one request; what a query says matters only on paginated articles."""
        if piece := self._pieces.get(path):
            page = int(query["page"][0]) if query.get("page", ["1"])[0] in {"1", "2"} and "page" in query else 1
            return self._article(piece, page, self._version(piece))
        if special := self._specials.get(path):
            return self._special(special)
        return self._fixed(path) or Resource(status=HTTPStatus.NOT_FOUND, body=self._pages.message("Page not found"))

    def _fixed(self, path: str) -> Resource | None:
        outlet = self.outlet
        if path == "/robots.txt":
            return Resource(content_type="text/plain; charset=utf-8", body=robots_txt(outlet, self._base))
        if path == outlet.announced_at:
            kind, body = write_announcement(outlet, self._base, self._items())
            return Resource(content_type=kind, body=body, changed=self._newest(list(self._pieces.values())))
        if path == "/style.css":
            return Resource(content_type="text/css", body=(HERE / "static" / f"{outlet.key}.css").read_bytes())
        if path in self._pictures:
            return Resource(content_type="image/svg+xml", body=picture(path, outlet.key))
        return self._front(path)

    def _front(self, path: str) -> Resource | None:
        headings = {self._pages.section_path(section): section for section in self.outlet.sections}
        if path != "/" and path not in headings:
            return None
        heading = headings.get(path)
        chosen = [piece for piece in self._pieces.values() if heading in {None, piece.section}]
        return Resource(body=self._pages.front(heading or self.outlet.name, chosen), changed=self._newest(chosen))

    def _special(self, special: Special) -> Resource:
        target = next((piece for piece in self._pieces.values() if piece.id == special.target), None)
        if special.kind == "redirect" and target:
            return Resource(status=HTTPStatus.MOVED_PERMANENTLY, location=self._base + target.path)
        if special.kind == "gone":
            return Resource(status=HTTPStatus.GONE, body=self._pages.message("This article has been removed"))
        if special.kind == "front":
            chosen = list(self._pieces.values())
            return Resource(body=self._pages.front(special.title or "", chosen), changed=self._newest(chosen))
        return Resource(status=HTTPStatus.NOT_FOUND, body=self._pages.message("Page not found"))

    def _article(self, piece: Piece, page: int, version: int) -> Resource:
        key = (piece.id, page, version)
        if key not in self._rendered:  # two threads may both render it: they render the same
            self._rendered[key] = self._render(piece, page, version)
        return self._rendered[key]

    def _render(self, piece: Piece, page: int, version: int) -> Resource:
        body, content_type = self._pages.article(piece, page=page, version=version)
        first = version < CORRECTED or piece.modified is None
        changed = piece.published if first else piece.modified
        return Resource(
            body=body,
            content_type=content_type,
            changed=_http_time(shifted(changed or piece.published, piece, self._shift)),
            slow="slow" in piece.traits,
            zipped="gzip" in piece.traits,
        )

    def _version(self, piece: Piece) -> int:
        if piece.correction is None:
            return CORRECTED
        return read_state(self._home).versions.get(piece.id, CORRECTED)

    def _items(self) -> list[Item]:
        items = [
            Item(self._base + piece.path, piece.title, self._when(piece), piece.standfirst)
            for piece in self._pieces.values()
        ]
        when = items[-1].published
        for special in self._specials.values():
            target = next((piece for piece in self._pieces.values() if piece.id == special.target), None)
            title = special.title or (target.title if target else "")
            items.append(Item(self._base + special.path, title, self._when(target) if target else when, None))
        return items

    def _when(self, piece: Piece) -> datetime:
        return shifted(piece.published, piece, self._shift)

    def _newest(self, pieces: Sequence[Piece]) -> datetime | None:
        return max(
            (_http_time(shifted(piece.modified or piece.published, piece, self._shift)) for piece in pieces),
            default=None,
        )


def _http_time(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
