"""Keep the gazetteer in one file of columns: small on disk, in memory within a tenth of a second.

Layout: 4 bytes magic, 4 bytes length of a JSON header, the header (sizes, countries, codes), the columns one after another,
the names separated by newlines; the whole compressed with zstandard. A name is found by the 64-bit digest of its folded form
in a sorted column, so the names' own spellings need not be kept.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from dateline.errors import RulesError

MAGIC = b"DGZ1"
NONE = 0xFFFFFFFF  # "no such row" in a column of row numbers
PRECISIONS = ("country", "admin1", "admin2", "city", "feature")
COLUMNS = {
    "geonameid": "<u4",
    "lat": "<f4",
    "lon": "<f4",
    "population": "<u4",
    "country": "<u1",
    "precision": "<u1",
    "admin1": "<u4",
    "admin2": "<u4",
    "keys": "<u8",
    "starts": "<u4",
    "postings": "<u4",
}
Array = npt.NDArray[Any]


@dataclass(slots=True)
class Columns:
    """Hold the gazetteer as columns; `admin1` and `admin2` are row numbers, `starts` cuts `postings` by name."""

    geonameid: Array
    lat: Array
    lon: Array
    population: Array
    country: Array
    precision: Array
    admin1: Array
    admin2: Array
    keys: Array
    starts: Array
    postings: Array
    names: list[str]
    codes: dict[int, str]  # GeoNames' code of each first-order division, by row
    countries: list[str]
    sources: dict[str, str] = field(default_factory=dict)
    version: str = ""


def pack(columns: Columns) -> bytes:
    """Write the columns as one compressed file."""
    arrays = {name: np.ascontiguousarray(getattr(columns, name), dtype=kind) for name, kind in COLUMNS.items()}
    header = json.dumps(
        {
            "sizes": {name: len(array) for name, array in arrays.items()},
            "countries": columns.countries,
            "codes": {str(index): code for index, code in columns.codes.items()},
            "sources": columns.sources,
        }
    ).encode()
    body = b"".join(array.tobytes() for array in arrays.values()) + "\n".join(columns.names).encode()
    raw = MAGIC + len(header).to_bytes(4, "little") + header + body
    return zstandard.ZstdCompressor(level=19).compress(raw)


def unpack(data: bytes, *, table: str) -> Columns:
    """Read a file that `pack` wrote. Raises RulesError, naming `table`, where it is not one."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(data)
    except zstandard.ZstdError as error:
        raise RulesError(f"the gazetteer is damaged ({error}): reinstall Dateline", table=table) from error
    if raw[:4] != MAGIC:
        raise RulesError("this is no gazetteer: reinstall Dateline", table=table)
    length = int.from_bytes(raw[4:8], "little")
    header = json.loads(raw[8 : 8 + length])
    at = 8 + length
    arrays: dict[str, Array] = {}
    for name, kind in COLUMNS.items():
        arrays[name] = np.frombuffer(raw, dtype=kind, count=header["sizes"][name], offset=at)
        at += arrays[name].nbytes
    return Columns(
        **arrays,
        names=raw[at:].decode().split("\n"),
        codes={int(index): code for index, code in header["codes"].items()},
        countries=header["countries"],
        sources=header["sources"],
        version=hashlib.sha256(data).hexdigest()[:12],
    )
