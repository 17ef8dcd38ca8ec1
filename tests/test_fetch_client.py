from __future__ import annotations

import gzip
import socket
import ssl
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest

from dateline.errors import FetchError
from dateline.fetch.addresses import is_public
from dateline.fetch.client import Client
from dateline.fetch.limits import Limits

from . import hostile
from .hostile import PAGE, answer, redirect, serving

SMALL = Limits(connect=1, read=0.6, total=0.8, body=300_000, decompressed=1_000_000, redirects=4)


def client_for(*sites, **how):
    allowed = frozenset(site.host for site in sites)
    return Client(**{"user_agent": "Dateline/0.1 (test)", "allow_hosts": allowed, "limits": SMALL, **how})


def code_of(client, url, **how):
    with pytest.raises(FetchError) as caught:
        client.get(url, **how)
    return caught.value.code


HOSTILE = {
    "endless body": (hostile.endless_body, {"too_large"}),
    "gzip bomb": (hostile.bomb(50_000_000), {"bomb"}),
    "deflate bomb": (hostile.bomb(50_000_000, "deflate"), {"bomb"}),
    "brotli bomb": (hostile.bomb(50_000_000, "br"), {"bomb"}),
    "zstd bomb": (hostile.bomb(50_000_000, "zstd"), {"bomb"}),
    "bomb in a bomb": (
        answer(gzip.compress(gzip.compress(b"0" * 50_000_000)), Content_Encoding="gzip, gzip"),
        {"bomb"},
    ),
    "encoded too often": (answer(Content_Encoding="gzip, gzip, gzip"), {"bad_encoding"}),
    "broken gzip": (answer(b"\x1f\x8b\x08\x00" + b"rubbish" * 20, Content_Encoding="gzip"), {"bad_encoding"}),
    "no gzip at all": (answer(Content_Encoding="gzip"), {"bad_encoding"}),
    "broken brotli": (answer(b"\xff" * 200, Content_Encoding="br"), {"bad_encoding"}),
    "broken zstd": (answer(b"\xff" * 200, Content_Encoding="zstd"), {"bad_encoding"}),
    "cut gzip": (answer(gzip.compress(PAGE * 50)[:-30], Content_Encoding="gzip"), {"truncated"}),
    "unknown encoding": (answer(Content_Encoding="rot13"), {"bad_encoding"}),
    "endless redirects": (hostile.endless_redirects, {"too_many_redirects"}),
    "redirect in a circle": (redirect("/redirect%20in%20a%20circle"), {"redirect_loop"}),
    "redirect to a private address": (redirect("http://10.1.2.3/"), {"private_address"}),
    "redirect to metadata": (redirect("http://169.254.169.254/latest/meta-data"), {"private_address"}),
    "redirect to another port": (redirect("http://127.0.0.1:1/"), {"private_address"}),
    "redirect to a file": (redirect("file:///etc/passwd"), {"bad_redirect"}),
    "redirect to nowhere": (redirect(""), {"bad_redirect"}),
    "redirect to rubbish": (redirect("http://[::1"), {"bad_redirect"}),
    "header flood": (hostile.header_flood, {"headers_too_large"}),
    "header without end": (hostile.long_header, {"headers_too_large"}),
    "dripped headers": (hostile.drip_headers, {"too_slow"}),
    "dripped body": (hostile.drip_body, {"too_slow"}),
    "dripped chunks": (hostile.drip_chunks, {"too_slow"}),
    "continue for ever": (hostile.continue_for_ever, {"too_slow"}),
    "silence": (hostile.silent, {"timeout"}),
    "wrong length": (hostile.too_short, {"truncated"}),
    "broken chunks": (hostile.broken_chunks, {"truncated"}),
    "hang up": (hostile.hang_up, {"connect"}),
    "no http": (hostile.no_http, {"bad_response"}),
    "empty": (answer(b""), {"empty"}),
    "a picture": (answer(b"\x89PNG....", kind="image/png"), {"not_html"}),
    "a pdf that says html": (answer(b"%PDF-1.7 ..." * 99), {"not_html"}),
    "a binary that says nothing": (answer(b"\x00\x01\x02" * 999, kind=""), {"not_html"}),
    "json": (answer(b'{"a": 1}', kind="application/json"), {"not_html"}),
    "gone": (answer(status=410), {"gone"}),
    "missing": (answer(status=404), {"not_found"}),
    "forbidden": (answer(status=403), {"blocked"}),
    "legal": (answer(status=451), {"blocked"}),
    "teapot": (answer(status=418), {"bad_status"}),
    "out of order": (answer(status=500), {"server_error"}),
    "too many": (answer(status=429), {"rate_limited"}),
    "challenge": (answer(b"<title>Just a moment...</title>", status=403), {"challenge"}),
    "soft 404": (answer(b"<html><title>Page not found</title><p>Sorry</html>"), {"soft_404"}),
    "sent home": (redirect("/"), {"soft_404"}),
}


@pytest.fixture(scope="module")
def bad_site():
    routes = {"/" + name.replace(" ", "%20"): route for name, (route, _) in HOSTILE.items()}
    with serving({**routes, "/endless": hostile.endless_redirects, "/": PAGE, "/good": PAGE}) as site:
        yield site


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostility_has_its_code_in_bounded_time_and_memory(bad_site, name):
    with client_for(bad_site) as client:
        tracemalloc.start()
        start = time.monotonic()
        path = "sent%20home/2018/08/a-story" if name == "sent home" else name.replace(" ", "%20")
        bad_site.routes["/sent%20home/2018/08/a-story"] = redirect("/")

        code = code_of(client, f"{bad_site.url}/{path}")

        taken, (_, peak) = time.monotonic() - start, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert code in HOSTILE[name][1]
        assert taken < SMALL.total + 0.7
        assert peak < 12_000_000
        assert client.get(f"{bad_site.url}/good").body == PAGE  # and the next page is none the worse


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700:4700::1111", True), ("127.0.0.1", False), ("0.0.0.0", False), ("10.0.0.1", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("198.18.0.1", False), ("::", False), ("::1", False), ("fe80::1", False), ("fe80::1%eth0", False),
        ("fc00::1", False), ("fec0::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", False),
        ("::127.0.0.1", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False), ("2002:7f00:1::", False),
        ("2001:db8::1", False), ("240.0.0.1", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_public(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://0/",
        "http://2130706433/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_private_addresses_are_refused_however_written(url):
    with client_for() as client:
        assert code_of(client, url) == "private_address"


def test_the_allow_list_is_for_a_port_not_for_a_machine():
    with serving() as allowed, serving() as other, client_for(allowed) as client:
        assert client.get(allowed.url).status == 200
        assert code_of(client, other.url) == "private_address"
        assert not other.asked


def test_a_name_is_looked_up_once_so_that_rebinding_gains_nothing():
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked = []

    def lookup(host, port, *rest):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    limits = Limits(connect=0.2, read=0.2, total=0.3)
    with serving() as site, client_for(lookup=lookup, limits=limits) as client:
        port = site.server_port
        assert code_of(client, f"http://rebind.example:{port}/") in {
            "timeout",
            "connect",
            "too_slow",
        }  # went to the first
        assert code_of(client, f"http://rebind.example:{port}/") == "private_address"
        assert asked == ["rebind.example"] * 2
        assert not site.asked


def test_a_private_address_among_public_ones_is_not_used():
    def lookup(host, port, *rest):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.1", "10.0.0.1")]

    with serving() as site, client_for(lookup=lookup) as client:
        assert code_of(client, f"http://mixed.example:{site.server_port}/") == "private_address"


def test_the_name_is_kept_in_host_though_the_address_was_looked_up():
    def lookup(host, port, *rest):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with serving() as site:
        name = f"news.example:{site.server_port}"
        with client_for(lookup=lookup, allow_hosts=frozenset([name])) as client:
            client.get(f"http://{name}/a")
        assert site.asked[0][2]["Host"] == name


def test_a_look_up_that_hangs_is_given_up():
    def lookup(host, port, *rest):
        time.sleep(3)
        return []

    with client_for(lookup=lookup, limits=Limits(connect=0.2, total=1)) as client:
        start = time.monotonic()
        assert code_of(client, "http://slow.example/") == "dns"
        assert time.monotonic() - start < 1


def test_environment_proxies_play_no_part(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving() as site, client_for(site) as client:
        assert client.get(site.url).status == 200


def test_a_page_says_how_it_came():
    with serving() as target:
        routes = {"/old": redirect(f"{target.url}/new", 301)}
        target.routes = {"/new": answer(ETag='"v1"', Last_Modified="Fri, 24 Aug 2018 17:05:00 GMT")}
        with serving(routes) as site, client_for(site, target) as client:
            page = client.get(f"{site.url}/old#top")
    assert (page.url, page.final_url, page.redirects) == (
        f"{site.url}/old#top",
        f"{target.url}/new",
        (f"{target.url}/new",),
    )
    assert (page.status, page.body, page.etag) == (200, PAGE, '"v1"')
    assert page.header("content-type") == "text/html; charset=utf-8"
    assert 0 < page.elapsed < 1
    assert page.fetched_at.tzinfo is not None


def test_validators_are_sent_and_not_modified_is_an_answer():
    def route(handler):
        unchanged = handler.headers["If-None-Match"] == '"v1"' and handler.headers["If-Modified-Since"] == "then"
        hostile.send(handler, b"" if unchanged else PAGE, status=304 if unchanged else 200, ETag='"v1"')

    with serving({"*": route}) as site, client_for(site) as client:
        assert client.get(site.url).status == 200
        page = client.get(site.url, etag='"v1"', last_modified="then")
    assert (page.status, page.body) == (304, b"")


def test_we_introduce_ourselves():
    with serving() as site, client_for(site, contact="mailto:desk@example.org") as client:
        client.get(site.url)
        headers = site.asked[0][2]
    assert headers["User-Agent"] == "Dateline/0.1 (test) (+mailto:desk@example.org)"
    assert "gzip" in headers["Accept-Encoding"]


def test_cookies_live_as_long_as_a_fetch():
    def route(handler):
        if "seen=1" in handler.headers.get("Cookie", ""):
            hostile.send(handler, PAGE)
        else:
            hostile.send(handler, b"", status=302, Location=handler.path, Set_Cookie="seen=1; Path=/")

    with serving({"*": route}) as site, client_for(site) as client:
        client.get(f"{site.url}/a")
        client.get(f"{site.url}/b")
    assert ["Cookie" in headers for _, _, headers in site.asked] == [False, True, False, True]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("gzip", gzip.compress(PAGE[:100], mtime=0) + gzip.compress(PAGE[100:], mtime=0)),
        ("gzip", gzip.compress(PAGE, mtime=0) + b"\x00" * 20),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
        ("utf-8", PAGE),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0)),
        ("gzip", gzip.compress(PAGE + b" " * 900_000, mtime=0)),
    ],
)
def test_encoded_bodies_are_read(encoding, packed):
    with serving({"*": answer(packed, Content_Encoding=encoding)}) as site, client_for(site) as client:
        assert client.get(site.url).body.rstrip() == PAGE


def test_brotli_and_zstd_are_read():
    import brotli
    import zstandard

    routes = {
        "/br": answer(brotli.compress(PAGE * 100), Content_Encoding="br"),
        "/zstd": answer(zstandard.compress(PAGE * 100), Content_Encoding="zstd"),
    }
    with serving(routes) as site, client_for(site) as client:
        assert client.get(f"{site.url}/br").body == client.get(f"{site.url}/zstd").body == PAGE * 100


def test_connections_stay_warm_and_a_closed_one_is_no_fault():
    ports = []

    def route(handler):
        ports.append(handler.client_address[1])
        hostile.send(handler, PAGE)
        if handler.path == "/last":
            handler.close_connection = True  # without having said so

    with serving({"*": route}) as site, client_for(site) as client:
        for path in ("/a", "/b", "/last", "/after"):
            client.get(site.url + path)
    assert ports[0] == ports[1] == ports[2] != ports[3]


def test_retry_after_is_heard():
    with (
        serving({"*": answer(status=503, Retry_After="120")}) as site,
        client_for(site) as client,
        pytest.raises(FetchError) as caught,
    ):
        client.get(site.url)
    assert (caught.value.code, caught.value.retry, caught.value.after.total_seconds()) == ("server_error", True, 120)


def test_reservations_are_recorded():
    meta = PAGE.replace(
        b"<head>", b'<head><meta name="robots" content="index, NOARCHIVE"><meta content=1 name="tdm-reservation">'
    )
    routes = {
        "/plain": PAGE,
        "/meta": meta,
        "/header": answer(X_Robots_Tag="noarchive, noai"),
        "/other": answer(X_Robots_Tag="googlebot: noarchive, noai"),
        "/free": answer(tdm_reservation="0"),
    }
    with serving(routes) as site, client_for(site) as client:
        pages = {path: client.get(site.url + path) for path in routes}
    assert {path: (page.noarchive, page.tdm_reserved) for path, page in pages.items()} == {
        "/plain": (False, None),
        "/meta": (True, True),
        "/header": (True, True),
        "/other": (False, None),
        "/free": (False, False),
    }


def test_a_page_that_only_refreshes_is_a_redirect():
    routes = {"/old": b'<html><meta http-equiv="refresh" content="0; url=/new?a=1&amp;b=2"></html>', "/new": PAGE}
    with serving(routes) as site, client_for(site) as client:
        assert client.get(f"{site.url}/old").final_url == f"{site.url}/new?a=1&b=2"


def test_a_redirect_in_raw_utf8_is_followed():
    def route(handler):
        handler.wfile.write("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /été\r\n\r\n".encode())

    with serving({"/a": route, "/%C3%A9t%C3%A9": PAGE}) as site, client_for(site) as client:
        assert client.get(f"{site.url}/a").body == PAGE


def test_secure_connections_check_the_name(tmp_path):
    certificate = make_certificate(tmp_path, "news.example")

    def lookup(host, port, *rest):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with serving() as site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        names = []
        context.sni_callback = lambda _sock, name, _context: names.append(name)
        site.socket = context.wrap_socket(site.socket, server_side=True)
        port = site.server_port
        allowed = frozenset({f"news.example:{port}", f"other.example:{port}"})
        with client_for(lookup=lookup, allow_hosts=allowed, certificates=str(certificate)) as client:
            assert client.get(f"https://news.example:{port}/").status == 200
            assert code_of(client, f"https://other.example:{port}/") == "tls"
        with client_for(lookup=lookup, allow_hosts=allowed) as client:
            assert code_of(client, f"https://news.example:{port}/") == "tls"
    assert names == ["news.example", "other.example", "news.example"]


def make_certificate(folder, name):
    from datetime import UTC, datetime, timedelta

    pytest.importorskip("cryptography")  # comes with Airflow
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_the_table_of_hostilities_has_every_code():
    from dateline.fetch.retries import PATIENCE

    table = (Path(__file__).resolve().parent.parent / "docs" / "hostile.md").read_text()
    codes = {code for _, expected in HOSTILE.values() for code in expected} | set(PATIENCE)
    assert sorted(code for code in codes if f"`{code}`" not in table) == []
