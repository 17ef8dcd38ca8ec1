"""Read an answer's body within its limits: bytes as sent, and bytes after decompression."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import zstandard

from dateline.errors import FetchError

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # an extra of urllib3; without it we do not ask for it
    brotli = None

PIECE = 65_536  # bytes read at once
NO_CODING = frozenset(
    {"", "identity", "none", "utf-8", "utf8", "binary", "chunked"}
)  # what servers write for "as it is"
CODINGS_DEEP = 2  # one encoding in another happens behind careless proxies; more is an attack

GZIP = b"\x1f\x8b"  # what a gzip file begins with

Inflate = Callable[[Iterable[bytes]], Iterator[bytes]]


class Readable(Protocol):
    """Be something that gives bytes."""

    def read(self, amount: int, /) -> bytes:
        """Return at most `amount` bytes, none at the end."""
        ...


def accept_encoding() -> str:
    """Return the encodings that we can undo."""
    return "gzip, deflate, zstd" + (", br" if brotli is not None else "")


def pieces(raw: Readable, limit: int, *, cut: bool = False) -> Iterator[bytes]:
    """Yield a body as it was sent. Raises FetchError("too_large"), or with `cut` stops at the limit."""
    total = 0
    while piece := raw.read(PIECE):
        total += len(piece)
        if total > limit:
            if cut:
                yield piece[: len(piece) - (total - limit)]
                return
            raise FetchError(f"the body is larger than {limit:,} bytes", code="too_large")
        yield piece


def decompressed(sent: Iterable[bytes], coding: str | None, limit: int, *, cut: bool = False) -> bytes:
    """Undo a Content-Encoding. Raises FetchError: bomb, bad_encoding or truncated."""
    names = [name.strip().lower() for name in (coding or "").split(",")]
    names = [name for name in names if name not in NO_CODING]
    if len(names) > CODINGS_DEEP:
        raise FetchError(f"the body is encoded {len(names)} times", code="bad_encoding")
    stream: Iterable[bytes] = sent
    for name in reversed(names):
        inflate = _INFLATERS.get(name)
        if inflate is None:
            raise FetchError(f"unknown content encoding {name[:40]!r}", code="bad_encoding")
        stream = inflate(stream)
    body = bytearray()
    try:
        for piece in stream:
            body += piece
            if len(body) > limit:
                break
    except FetchError as error:
        if not (cut and error.code == "truncated"):
            raise
    if len(body) > limit and not cut:
        raise FetchError(f"the body is larger than {limit:,} bytes when decompressed", code="bomb")
    return bytes(body[:limit])


def gunzipped(data: bytes, limit: int) -> bytes:
    """Return what a gzip file holds (sitemaps and lists come as such files), and anything else as it is. Raises FetchError."""
    return decompressed([data], "gzip", limit) if data.startswith(GZIP) else data


def _bad(name: str, error: Exception) -> FetchError:
    return FetchError(f"the body is broken {name}: {error}", code="bad_encoding")


def _gunzip(sent: Iterable[bytes]) -> Iterator[bytes]:
    """Undo gzip, with several members, and whatever padding follows the last."""
    yield from _inflated(sent, 16 + zlib.MAX_WBITS, "gzip")


def _inflate(sent: Iterable[bytes]) -> Iterator[bytes]:
    """Undo deflate, which some servers send raw and others wrapped."""
    iterator = iter(sent)
    first = next(iterator, b"")
    wrapped = len(first) > 1 and first[0] & 0x0F == zlib.DEFLATED and (first[0] * 256 + first[1]) % 31 == 0
    yield from _inflated(_chain(first, iterator), zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, "deflate")


def _inflated(sent: Iterable[bytes], window: int, name: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(window)
    empty = True
    for piece in sent:
        rest = piece
        while rest:
            if inflater.eof:
                if not rest.startswith(GZIP):
                    return
                inflater = zlib.decompressobj(window)
            empty = False
            try:
                yield inflater.decompress(rest, PIECE * 4)
            except zlib.error as error:
                raise _bad(name, error) from error
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    while not inflater.eof and (held := inflater.decompress(b"", PIECE * 4)):
        yield held
    if not empty and not inflater.eof:
        raise FetchError(f"the {name} body ends in the middle", code="truncated", retry=True)


def _unbrotli(sent: Iterable[bytes]) -> Iterator[bytes]:
    inflater = brotli.Decompressor()
    empty = True
    for piece in sent:
        rest = piece
        empty = False
        while not inflater.is_finished():
            try:
                out = inflater.process(rest, output_buffer_limit=PIECE * 4)
            except brotli.error as error:
                raise _bad("br", error) from error
            yield out
            rest = b""
            if not out or inflater.can_accept_more_data():
                break
    if not empty and not inflater.is_finished():
        raise FetchError("the br body ends in the middle", code="truncated", retry=True)


class _Pieces:
    """Offer an iterable of bytes as a file, for the one library that wants it so."""

    def __init__(self, sent: Iterable[bytes]) -> None:
        self._sent = iter(sent)
        self._left = b""

    def read(self, amount: int = PIECE) -> bytes:
        data = self._left or next(self._sent, b"")
        self._left = data[amount:]
        return data[:amount]


def _unzstd(sent: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zstandard.ZstdDecompressor(max_window_size=2**27)
    source: Any = _Pieces(sent)
    with inflater.stream_reader(source, read_across_frames=True) as reader:
        while True:
            try:
                piece = reader.read(PIECE * 4)
            except zstandard.ZstdError as error:
                raise _bad("zstd", error) from error
            if not piece:
                return
            yield piece


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


_INFLATERS: dict[str, Inflate] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "zstd": _unzstd,
    **({"br": _unbrotli} if brotli is not None else {}),
}
