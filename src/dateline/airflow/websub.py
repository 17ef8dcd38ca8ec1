"""Take what hubs send to `/websub/<token>`: the one route that needs no login, since hubs have none.

It exists only where `DATELINE_PUBLIC_URL` is set. What it guards itself against: unknown addresses (refused before a body is
read), large bodies, slow ones, too many at once, too many a second. What is delivered counts only with our secret's signature.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dateline import websub
from dateline.errors import DatelineError
from dateline.settings import load_settings
from dateline.store.engine import open_engine

log = logging.getLogger(__name__)

LARGEST = 5_000_000  # bytes of a delivery; a feed of a hundred whole articles has one
SLOWEST = 20.0  # seconds that a body may take
AT_ONCE = 4  # requests side by side; with LARGEST this bounds memory, and leaves threads to the UI
PER_SECOND, BURST = 20.0, 100.0  # requests of all hubs together: a hub that is told to wait comes again
HTTP_GONE, TOO_LARGE, UNSUPPORTED, TOO_MANY, UNAVAILABLE, TIMED_OUT = 410, 413, 415, 429, 503, 408

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in URL-safe base64
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class Bucket:
    """Let through so many a second, and a burst after a quiet time."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left = burst
        self._at = clock()

    def take(self) -> bool:
        """Take one; False where none is left."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def make_app(engine: Callable[[], Engine], now: Callable[[], datetime], *, bucket: Bucket | None = None) -> FastAPI:
    """Make the app that is mounted at `/websub`."""
    app = FastAPI(title="Dateline WebSub", docs_url=None, redoc_url=None, openapi_url=None)
    turns = asyncio.Semaphore(AT_ONCE)
    passes = bucket or Bucket(PER_SECOND, BURST)

    async def guarded(request: Request, token: str) -> Response:
        if _TOKEN.fullmatch(token) is None:
            return said(websub.NOT_FOUND)
        if not passes.take() or turns.locked():
            return said(TOO_MANY, Retry_After="5")
        async with turns:
            try:
                reply = await (_asked(request, token) if request.method == "GET" else _given(request, token))
            except (DatelineError, SQLAlchemyError):
                log.exception("websub method=%s could not be answered", request.method)
                return said(UNAVAILABLE, Retry_After="60")
        return said(reply.status, reply.body)

    async def _asked(request: Request, token: str) -> websub.Reply:
        query = dict(request.query_params)
        return await run_in_threadpool(websub.answer, engine(), token, query, now=now())

    async def _given(request: Request, token: str) -> websub.Reply:
        if not await run_in_threadpool(websub.expects, engine(), token, now=now()):
            return websub.Reply(HTTP_GONE)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return websub.Reply(UNSUPPORTED)
        try:
            async with asyncio.timeout(SLOWEST):
                body = await _body(request)
        except TimeoutError:
            return websub.Reply(TIMED_OUT)
        if body is None:
            return websub.Reply(TOO_LARGE)
        return await run_in_threadpool(
            websub.take, engine(), token, body, now=now(), content_type=request.headers.get("Content-Type"),
            signature=request.headers.get("X-Hub-Signature"),
        )  # fmt: skip

    app.add_api_route("/{token}", guarded, methods=["GET", "POST"], response_model=None)
    return app


async def _body(request: Request) -> bytes | None:
    """Read a body piece by piece; None as soon as it is too large."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > LARGEST:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)


def said(status: int, body: str = "", **headers: str) -> Response:
    """Make an answer; keywords are headers, with `_` for `-`."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(body, status_code=status, headers=_HEADERS | more)


@cache
def _engine() -> Engine:
    return open_engine(load_settings().require_database_url())


def plugin_apps() -> list[dict[str, object]]:
    """Return what the plugin mounts: the app where hubs can reach us, else nothing."""
    if load_settings().public_url is None:
        return []
    app = make_app(_engine, lambda: datetime.now(UTC))
    return [{"app": app, "url_prefix": "/websub", "name": "Dateline WebSub"}]
