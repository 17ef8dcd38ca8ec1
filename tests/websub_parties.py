"""Play the other parties of WebSub on loopback: a hub that verifies and delivers, and our own app behind a real server."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import requests
import uvicorn
from fastapi import FastAPI

from dateline.airflow.websub import Bucket, make_app

TIMEOUT = 10


class Clock:
    """Be a clock that only goes when it is told to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, **how: float) -> None:
        self.at += timedelta(**how)


class Asked(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.forms.append(form)
        if self.server.verifies_first:
            self.server.verify(form)
        status, body, headers = self.server.answers.pop(0) if self.server.answers else (202, b"", {})
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Stay silent."""


class Hub(ThreadingHTTPServer):
    """Take requests, verify them when told to, deliver what it is given."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.forms: list[dict[str, str]] = []
        self.answers: list[tuple[int, bytes, dict[str, str]]] = []
        self.verifies_first = False
        self.lease = 864_000

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hub"

    def verify(self, form: dict[str, str] | None = None, **changes: str) -> requests.Response:
        form = form or self.forms[-1]
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "abc<script>",
            "hub.lease_seconds": str(self.lease),
        }
        query |= {f"hub.{name}": value for name, value in changes.items()}
        return requests.get(form["hub.callback"], params=query, timeout=TIMEOUT)

    def deliver(
        self, body: bytes, *, secret: str | None = None, method: str = "sha256", to: str | None = None, **headers: str
    ) -> requests.Response:
        form = next(form for form in reversed(self.forms) if form["hub.mode"] == "subscribe")
        digest = hmac.new((secret or form["hub.secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
        said = {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"{method}={digest}"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in said.items() if value}
        return requests.post(to or form["hub.callback"], data=body, headers=sent, timeout=TIMEOUT)


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()


@contextmanager
def running_app(engine, now: Clock, *, bucket: Bucket | None = None) -> Iterator[str]:
    """Serve the app at `/websub`, as Airflow mounts it; yield the public URL."""
    root = FastAPI()
    root.mount("/websub", make_app(lambda: engine, now, bucket=bucket))
    server = uvicorn.Server(uvicorn.Config(root, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
