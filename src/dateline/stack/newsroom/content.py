"""Read the newsroom's own files: outlets.toml, and one file an article with TOML between `+++` lines and the body below."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from dateline.errors import RulesError
from dateline.stack.newsroom.records import Caption, Correction, Outlet, Piece, Special

HERE = Path(str(files("dateline.stack.newsroom")))
CONTENT = HERE / "content"
FENCE = "+++"


@lru_cache(maxsize=1)
def load_outlets() -> Mapping[str, Outlet]:
    """Read the outlets, by key. Raises RulesError where the table is wrong."""
    table = _tables()["outlet"]
    return {
        key: _record(Outlet, {"key": key, **_tuples(fields, "disallow", "sections")}, "outlets.toml")
        for key, fields in table.items()
    }


@lru_cache(maxsize=1)
def load_specials() -> tuple[Special, ...]:
    """Read the addresses that are no articles of their own. A variant's path is its target's with a query."""
    paths = {piece.id: piece.path for piece in load_pieces()}
    rows = (dict(fields) for fields in _tables().get("special", ()))
    specials = []
    for row in rows:
        if row["kind"] == "variant":
            row["path"] = f"{paths.get(row['target'], '')}?{row.pop('query')}"
        specials.append(_record(Special, row, "outlets.toml"))
    return tuple(specials)


@lru_cache(maxsize=1)
def load_pieces() -> tuple[Piece, ...]:
    """Read all articles, sorted by id. Raises RulesError, naming the file, where one is wrong."""
    return tuple(read_piece(path) for path in sorted(CONTENT.glob("*/*.md")))


def read_piece(path: Path) -> Piece:
    """Read one article's file."""
    name = f"{path.parent.name}/{path.stem}"
    _, front, body = _parts(path.read_text(encoding="utf-8"), name)
    try:
        fields = tomllib.loads(front)
        published = datetime.fromisoformat(fields.pop("published"))
        modified = fields.pop("modified", None)
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise RulesError(f"unreadable front matter: {error}", table=name) from error
    outlet = load_outlets().get(path.parent.name)
    if outlet is None:
        raise RulesError(f"no outlet {path.parent.name!r}", table=name)
    if published.tzinfo is None:
        raise RulesError("`published` needs an offset", table=name)
    captions = tuple(_record(Caption, caption, name) for caption in fields.pop("captions", ()))
    correction = fields.pop("correction", None)
    section = fields.get("section", "World")
    piece: Piece = _record(
        Piece,
        {
            "id": name,
            "outlet": outlet.key,
            "slug": path.stem,
            "path": fields.pop("path", None) or _address(outlet, path.stem, published, section),
            "body": tuple(block.strip() for block in body.split("\n\n") if block.strip()),
            "published": published,
            "modified": datetime.fromisoformat(modified) if modified else None,
            "captions": captions,
            "correction": _correction(correction) if correction else None,
            "traits": frozenset(fields.pop("traits", ())),
            **_tuples({"section": section, **fields}, "authors", "tags", "related"),
        },
        name,
    )
    return piece


def _address(outlet: Outlet, slug: str, published: datetime, section: str) -> str:
    number = sum(ord(letter) * (place + 7) for place, letter in enumerate(slug)) % 900_000 + 100_000
    return outlet.path.format(
        slug=slug,
        section=section.lower().replace(" ", "-"),
        number=number,
        year=published.year,
        month=f"{published.month:02}",
        mon=published.strftime("%b").lower(),
        day=f"{published.day:02}",
    )


def _parts(raw: str, name: str) -> tuple[str, str, str]:
    parts = raw.split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004  before, front matter, body
        raise RulesError(f"wants front matter between two lines {FENCE!r}", table=name)
    return parts[0], parts[1], parts[2]


def _correction(fields: Mapping[str, Any]) -> Correction:
    return Correction(note=fields["note"], first={int(number): words for number, words in fields["first"].items()})


def _tuples(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: tuple(value) if key in names else value for key, value in fields.items()}


def _record(kind: type[Any], fields: Mapping[str, Any], table: str) -> Any:
    try:
        return kind(**fields)
    except TypeError as error:
        raise RulesError(str(error), table=table) from error


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    try:
        return tomllib.loads((HERE / "outlets.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RulesError(str(error), table="outlets.toml") from error
