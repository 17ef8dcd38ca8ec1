"""Serve pages on loopback for tests: well-behaved ones, and every kind of hostility that a fetcher meets."""

from __future__ import annotations

import gzip
import itertools
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEGABYTE = 1_000_000
PAGE = (
    b"<!doctype html><html lang=en><head><title>Talks resume</title></head><body><article><h1>Talks resume</h1>"
    b"<p>Envoys of both sides met in Geneva on Friday.</p><p>They agreed to meet again.</p><p>Nothing was signed.</p>"
    b"<p>The talks had been halted in May.</p></article></body></html>"
)

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answer from the site's routes, and count."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, or every answer takes 40 ms
    server: Site

    def do_GET(self) -> None:
        site = self.server
        began = time.monotonic()
        with site.lock:
            site.asked.append((self.path, began, dict(self.headers)))
            site.open_now += 1
            site.most_open = max(site.most_open, site.open_now)
        try:
            answer = site.routes.get(self.path.partition("?")[0]) or site.routes.get("*")
            if answer is None:
                send(self, b"<title>nothing here</title>", status=404)
            elif callable(answer):
                answer(self)
            else:
                send(self, answer)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError, OSError):
            self.close_connection = True  # the client has had enough
        finally:
            with site.lock:
                site.open_now -= 1

    def log_message(self, *said: object) -> None:
        """Stay silent."""


class Site(ThreadingHTTPServer):
    """Be one host on loopback. `asked` lists (path, monotonic time, headers) of every request."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, routes: dict[str, bytes | Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes = routes
        self.asked: list[tuple[str, float, dict[str, str]]] = []
        self.open_now = self.most_open = 0
        self.lock = threading.Lock()
        self.stopped = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: clients that break off are what these tests are about."""


@contextmanager
def serving(routes: dict[str, bytes | Answer] | None = None) -> Iterator[Site]:
    """Serve routes while the block runs."""
    site = Site({"*": PAGE} if routes is None else routes)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.stopped.set()
        site.shutdown()
        site.server_close()
        thread.join()


def send(
    handler: Handler, body: bytes, *, status: int = 200, kind: str = "text/html; charset=utf-8", **more: str
) -> None:
    """Send a whole answer; keywords are headers, with `_` for `-`."""
    handler.send_response(status)
    headers = {"Content-Type": kind, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    for name, value in headers.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def answer(body: bytes = PAGE, **how: str | int) -> Answer:
    """Make a route of an answer; see `send`."""
    return lambda handler: send(handler, body, **how)


def redirect(target: str, status: int = 302) -> Answer:
    """Make a route that leads elsewhere."""
    return lambda handler: send(handler, b"", status=status, Location=target)


def endless_body(handler: Handler) -> None:
    """Send text for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    while not handler.server.stopped.is_set():
        handler.wfile.write(b"<p>and then" * 1000)


def bomb(size: int, encoding: str = "gzip") -> Answer:
    """Send little that decompresses to much."""

    def packed() -> bytes:
        raw = b"<p>" + b"0" * size
        if encoding == "gzip":
            return gzip.compress(raw, 9)
        if encoding == "deflate":
            return zlib.compress(raw, 9)
        if encoding == "br":
            import brotli

            return brotli.compress(raw, quality=5)
        import zstandard

        return zstandard.compress(raw, 3)

    body = packed()
    return lambda handler: send(handler, body, Content_Encoding=encoding)


def endless_redirects(handler: Handler) -> None:
    """Lead from each address to the next."""
    number = int(handler.path.rpartition("=")[2] or 0) if "=" in handler.path else 0
    send(handler, b"", status=302, Location=f"/endless?n={number + 1}")


def header_flood(handler: Handler) -> None:
    """Send headers for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        if handler.server.stopped.is_set():
            return
        handler.wfile.write(f"X-Flood-{number}: {'x' * 1000}\r\n".encode())


def long_header(handler: Handler) -> None:
    """Send one header without an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.stopped.is_set():
        handler.wfile.write(b"x" * 10_000)


def drip(before: bytes, piece: bytes, pause: float = 0.05) -> Answer:
    """Send `before`, then `piece` again and again, slowly."""

    def dripping(handler: Handler) -> None:
        handler.wfile.write(before)
        while not handler.server.stopped.is_set():
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)

    return dripping


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
drip_headers = drip(b"HTTP/1.1 200 OK\r\n", b"X")
drip_body = drip(HEAD + b"\r\n<p>", b"x")
drip_chunks = drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")
continue_for_ever = drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)


def silent(handler: Handler) -> None:
    """Say nothing."""
    handler.server.stopped.wait(10)


def too_short(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.wfile.write(HEAD + b"Content-Length: 5000\r\n\r\n" + PAGE)
    handler.close_connection = True


def broken_chunks(handler: Handler) -> None:
    """Break off inside a chunk."""
    handler.wfile.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n<p>half")
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    """Speak something else."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n" * 3)
    handler.close_connection = True


def feed_of(count: int, url: str) -> bytes:
    """Write an RSS feed of many entries."""
    items = "".join(
        f"<item><title>Story {number}</title><link>{url}/story-{number}</link>"
        "<pubDate>Fri, 24 Aug 2018 17:05:00 +0000</pubDate></item>"
        for number in range(count)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


XML_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><rss version='2.0'><channel><title>&a11;</title><item><title>&a11;</title>"
    "<link>http://example.com/story</link></item></channel></rss>"
).encode()
EXTERNAL_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    b"<rss version='2.0'><channel><item><title>&secret;</title><link>http://example.com/story</link></item></channel></rss>"
)
