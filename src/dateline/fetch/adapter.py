"""Carry requests over connections that go to checked addresses and are watched (`requests`' transport adapter)."""

from __future__ import annotations

import socket
import ssl
from functools import cache
from typing import Any, ClassVar

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Timeout

from dateline.fetch.addresses import AddressGuard
from dateline.fetch.watchdog import current_deadline

HOSTS_KEPT = 256  # hosts whose connections stay warm
CONNECTIONS_KEPT = 2  # a host; one is used at a time


class _Watched:
    """Say what our plain and TLS connections share."""

    guard: ClassVar[AddressGuard]
    sock: Any
    timeout: Any
    _dns_host: str
    port: int
    socket_options: Any
    _served = False  # this connection has carried a request before

    def _new_conn(self) -> socket.socket:
        deadline = current_deadline.get()
        assert deadline is not None, "requests go through Client, which sets a deadline"
        limit = Timeout.resolve_default_timeout(self.timeout) or deadline.left
        options = self.socket_options or ()
        sock = self.guard.connect(self._dns_host, self.port, timeout=min(limit, deadline.left), options=options)
        sock.settimeout(min(limit, deadline.left))
        deadline.attach(sock)
        self._served = False
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        deadline = current_deadline.get()
        if self._served and self.sock is not None and deadline is not None:
            deadline.reused = True
            deadline.attach(self.sock)
        self._served = True
        super().request(*args, **kwargs)  # type: ignore[misc]


class GuardedAdapter(HTTPAdapter):
    """Send requests through guarded connections; proxies and certificates of the environment play no part."""

    def __init__(self, guard: AddressGuard, certificates: str) -> None:
        self._guard = guard
        self._certificates = certificates
        super().__init__(pool_connections=HOSTS_KEPT, pool_maxsize=CONNECTIONS_KEPT)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:  # noqa: FBT001, FBT002 (requests' signature)
        """Use our connections in every pool."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        plain = type("PlainConnection", (_Watched, HTTPConnection), {"guard": self._guard})
        secure = type("SecureConnection", (_Watched, HTTPSConnection), {"guard": self._guard})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    def build_connection_pool_key_attributes(self, request: PreparedRequest, verify: Any, cert: Any = None) -> Any:
        """Give every TLS connection the one context: loading certificates for each would cost 20 ms."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, ({"ssl_context": _trusting(self._certificates)} if host["scheme"] == "https" else {})

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Do nothing: the context holds the certificates."""


@cache
def _trusting(certificates: str) -> ssl.SSLContext:
    """Return the context that trusts a bundle of certificates; made when it is first needed, once a process."""
    return ssl.create_default_context(cafile=certificates)
