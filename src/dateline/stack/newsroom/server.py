"""Answer HTTP for all outlets: one process, one port an outlet, a thread a connection, HTTP/1.1 kept alive."""

from __future__ import annotations

import gzip
import http.client
import logging
import threading
import time
import traceback
from contextlib import ExitStack
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from dateline.errors import StackError
from dateline.stack.newsroom.content import load_outlets
from dateline.stack.newsroom.records import Newsroom
from dateline.stack.newsroom.site import Resource, Site
from dateline.stack.newsroom.state import HOST, STATE_FILE, read_state

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 15  # a kept-alive connection that asks nothing for so long is closed
DRIP_PARTS = 8
DRIP_SECONDS = 0.3  # between two parts of a slow page: 2.4 s in all


class Servers:
    """Hold the running servers of all outlets; a context manager, so that none outlives its caller."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._open = ExitStack()

    def __enter__(self) -> Self:
        state = read_state(self._home)
        with ExitStack() as opening:
            for key, outlet in load_outlets().items():
                site = Site(outlet, self._home)
                server = opening.enter_context(_bind(site, state.ports[key], state.token))
                thread = threading.Thread(target=server.serve_forever, args=(0.1,), name=f"newsroom-{key}", daemon=True)
                thread.start()
                opening.callback(thread.join)
                opening.callback(server.shutdown)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


def is_answering(newsroom: Newsroom, *, timeout: float = 1.0) -> bool:
    """Say whether all outlets answer now, and are this newsroom's own (not another program on a kept port)."""
    for port in newsroom.ports.values():
        connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
        try:
            connection.request("HEAD", "/robots.txt")
            if connection.getresponse().getheader("X-Newsroom") != newsroom.token:
                return False
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
    return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a kept-alive connection must not hold up the end
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002  the base class's
        """Log what went wrong while answering; the base class would print it."""
        LOG.error("event=failed client=%s why=%s", client_address, traceback.format_exc())


def _bind(site: Site, port: int, token: str) -> _Server:
    handler = type("Handler", (_Handler,), {"site": site, "token": token})
    try:
        return _Server((HOST, port), handler)
    except OSError as error:
        raise StackError(
            f"port {port} of the demo newsroom ({site.outlet.name}) is taken by another program: "
            f"stop that one, or remove {STATE_FILE} from the state folder, and the newsroom chooses new ports",
            code="port_taken",
        ) from error


class _Handler(BaseHTTPRequestHandler):
    site: Site
    token: str
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        asked = urlsplit(self.path)
        resource = self.site.resource(asked.path, parse_qs(asked.query))
        if resource.status == http.client.OK and self._unchanged(resource):
            self.send_response(http.client.NOT_MODIFIED)
            self._common_headers(resource)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = resource.body
        zipped = resource.zipped and "gzip" in self.headers.get("Accept-Encoding", "")
        if zipped:
            body = gzip.compress(body, mtime=0)
        self.send_response(resource.status)
        self._common_headers(resource)
        self.send_header("Content-Type", resource.content_type)
        self.send_header("Content-Length", str(len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        if resource.location:
            self.send_header("Location", resource.location)
        self.end_headers()
        if with_body:
            self._send(body, slowly=resource.slow)

    def _common_headers(self, resource: Resource) -> None:
        self.send_header("X-Newsroom", self.token)
        if resource.status == http.client.OK:
            self.send_header("ETag", resource.etag)
            self.send_header("Cache-Control", "max-age=0, must-revalidate")
            if resource.changed:
                self.send_header("Last-Modified", format_datetime(resource.changed, usegmt=True))
        if resource.zipped:
            self.send_header("Vary", "Accept-Encoding")

    def _unchanged(self, resource: Resource) -> bool:
        known = self.headers.get("If-None-Match")
        if known is not None:  # RFC 9110: a validator that is known by tag is not asked by date as well
            return known.strip() == "*" or resource.etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
        since = self.headers.get("If-Modified-Since")
        if since is None or resource.changed is None:
            return False
        try:
            return resource.changed <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, body: bytes, *, slowly: bool) -> None:
        step = max(1, len(body) // DRIP_PARTS) if slowly else max(1, len(body))
        try:
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                self.wfile.flush()
                if slowly:
                    time.sleep(DRIP_SECONDS)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the reader went away: that is its right

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
        LOG.info("outlet=%s %s", self.site.outlet.key, format % args)
