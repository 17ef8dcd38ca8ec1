"""Connect to public addresses only, and to exactly the address that was checked.

A name is looked up once, when a connection is made, and the connection goes to one of the addresses which that look-up
gave and which are public. So a name that answers differently the second time (rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from dateline.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Found = tuple[int, int, int, str, Any]  # what getaddrinfo gives
Lookup = Callable[..., Sequence[Found]]

NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
COMPATIBLE = ipaddress.ip_network("::/96")  # deprecated; its last 32 bits are an IPv4 address
SITE_LOCAL = ipaddress.ip_network("fec0::/10")  # deprecated, still routed inside
TRIES = 3  # addresses of one name that are tried


def is_public(address: str) -> bool:
    """Say whether anybody may reach an address: global, unicast, and so is an IPv4 address that it carries."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_plainly_public(each) for each in (parsed, *_carried(parsed)))


class AddressGuard:
    """Look names up and connect, within what `allow` (host:port) and the public internet leave."""

    def __init__(self, allow: frozenset[str], lookup: Lookup = socket.getaddrinfo) -> None:
        self._allow = allow
        self._lookup = lookup

    def connect(
        self, host: str, port: int, *, timeout: float, options: Sequence[tuple[int, int, int]]
    ) -> socket.socket:
        """Return a connected socket. Raises FetchError: dns, private_address, timeout or connect."""
        deadline = time.monotonic() + timeout
        found = self._checked(host, port, timeout)
        failure: OSError | None = None
        for family, kind, protocol, _, where in found[:TRIES]:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(left)
                for option in options:
                    sock.setsockopt(*option)
                sock.connect(where)
            except OSError as error:
                sock.close()
                failure = error
                continue
            return sock
        if failure is None or isinstance(failure, TimeoutError):
            raise FetchError(f"{host}:{port} did not answer within {timeout:.0f} s", code="timeout", retry=True)
        raise FetchError(f"cannot connect to {host}:{port}: {failure.strerror or failure}", code="connect", retry=True)

    def _checked(self, host: str, port: int, timeout: float) -> list[Found]:
        found = self._found(host, port, timeout)
        if f"{host.rstrip('.').lower()}:{port}" in self._allow:
            return found
        public = [each for each in found if is_public(str(each[4][0]))]
        if not public:
            raise FetchError(f"{host}:{port} is no public address: {found[0][4][0]}", code="private_address")
        return public

    def _found(self, host: str, port: int, timeout: float) -> list[Found]:
        """Look a name up, in a thread that is left behind when it takes too long: a look-up cannot be interrupted."""
        answer: list[Any] = []

        def ask() -> None:
            try:
                answer.append(list(self._lookup(host, port, 0, socket.SOCK_STREAM)))
            except (OSError, UnicodeError) as error:
                answer.append(error)

        asker = threading.Thread(target=ask, name=f"dns-{host}", daemon=True)
        asker.start()
        asker.join(timeout)
        if not answer:
            raise FetchError(f"looking up {host} took more than {timeout:.0f} s", code="dns", retry=True)
        if isinstance(answer[0], Exception):
            raise FetchError(f"cannot look up {host}: {answer[0]}", code="dns", retry=True)
        if not answer[0]:
            raise FetchError(f"{host} has no address", code="dns", retry=True)
        return list(answer[0])


def _plainly_public(address: Address) -> bool:
    blocked = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not blocked and address not in SITE_LOCAL


def _carried(address: Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses inside an IPv6 one, through which a translator or tunnel would go on."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in COMPATIBLE or any(address in network for network in NAT64):
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return [each for each in inside if each is not None]
