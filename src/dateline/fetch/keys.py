"""Say which addresses are one page.

A key is for comparing, never for fetching: it joins http and https, `www.` and mobile hosts, AMP pages, and drops what only
says how a reader came. It is itself a URL, and its own key.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import idna

from dateline.errors import FetchError, RulesError

TABLE = "fetch/data/urls.toml"
LONGEST = 2048  # characters; longer ones are garbage, and Postgres cannot index them
DEFAULT_PORTS = {"http": 80, "https": 443}
WRAPPERS_DEEP = 3  # an address wrapped more often than that is a game

_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?")
_DOTS_IN_PATH = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp|\.amp|/amp\.html|\.amp\.html|-amp\.html)$", re.IGNORECASE)
_AMP_START = re.compile(r"^/amp(?=/.)", re.IGNORECASE)
_TELLING = re.compile(r"\w-\w+-\w|\d{4,}")  # a slug or a number: the path names its page
_SCRIPT = re.compile(
    r"\.(?:php\d?|aspx?|jsp|cgi|pl|dll|do|cfm)$", re.IGNORECASE
)  # a program: its parameters name the page
_SECOND_LEVEL = re.compile(r"^(?:co|com|org|net|ac|gov|gob|edu|or|ne|go)\.[a-z]{2}$")
_SAFE_IN_PATH = "/!$&'()*+,;=:@~%-._"


@dataclass(frozen=True, slots=True)
class Wrapper:
    """Describe addresses that only carry another one."""

    host: str
    path: str
    inside: str


@dataclass(frozen=True, slots=True)
class UrlRules:
    """Hold what two addresses of one page may differ in."""

    tracking_prefixes: tuple[str, ...]
    tracking_names: frozenset[str]
    beside_a_path: frozenset[str]
    host_prefixes: frozenset[str]
    wrappers: tuple[Wrapper, ...]


def canonical_key(url: str) -> str:
    """Return the key of the page at `url`: equal for every address of it that we know how to tell.

    Raises FetchError("bad_url") for what is not an http(s) address.
    """
    rules = load_url_rules()
    parts = _unwrapped(split_url(url), rules)
    port = _port(parts)
    default = port == DEFAULT_PORTS[parts.scheme]
    host = _plain_host(parts.hostname or "", rules)
    path = _plain_path(parts.path)
    query = _plain_query(parts.query, path, rules)
    fragment = parts.fragment if parts.fragment.startswith("!") else ""  # an address of a page drawn by a script
    netloc = host if default else f"{host}:{port}"
    key = urlunsplit(("https" if default else parts.scheme, netloc, path, query, fragment))
    if len(key) > LONGEST:
        raise _bad(url, f"longer than {LONGEST} characters")
    return key


def clean_url(url: str) -> str:
    """Return `url` as it can be asked for: no fragment, host in ASCII, everything that needs it quoted.

    Raises FetchError("bad_url").
    """
    parts = split_url(url)
    path = quote(parts.path, safe=_SAFE_IN_PATH) or "/"
    query = quote(parts.query, safe=_SAFE_IN_PATH + "?")
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def host_port(url: str) -> str:
    """Return `name:port` of a URL, the unit of pace and of allow-lists. Raises FetchError("bad_url")."""
    parts = split_url(url)
    return f"{parts.hostname}:{_port(parts)}"


def split_url(url: str) -> SplitResult:
    """Split an http(s) URL whose host is a name we can look up. Raises FetchError("bad_url")."""
    trimmed = url.strip()
    if len(trimmed) > LONGEST * 4:
        raise _bad(trimmed, "too long")
    try:
        parts = urlsplit(_CONTROL.sub("", trimmed) if "\n" in trimmed or "\t" in trimmed else trimmed)
        port = parts.port
    except ValueError as error:
        raise _bad(trimmed, str(error)) from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise _bad(trimmed, "not an http or https address")
    if "@" in parts.netloc or "\\" in trimmed.split("?")[0]:
        raise _bad(trimmed, "holds a user name or a backslash")
    host = _ascii_host(trimmed, parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, DEFAULT_PORTS[scheme]) else f"{shown}:{port}"
    return parts._replace(scheme=scheme, netloc=netloc)


@cache
def load_url_rules() -> UrlRules:
    """Read the rules that come with the package. Raises RulesError where the table is wrong."""
    data = tomllib.loads(files("dateline").joinpath(TABLE).read_text(encoding="utf-8"))
    try:
        wrappers = tuple(Wrapper(**wrapper) for wrapper in data["wrapper"])
        tracking = data["tracking"]
        rules = UrlRules(
            tracking_prefixes=tuple(tracking["prefixes"]),
            tracking_names=frozenset(tracking["names"]),
            beside_a_path=frozenset(data["beside_a_path"]["names"]),
            host_prefixes=frozenset(data["hosts"]["prefixes"]),
            wrappers=wrappers,
        )
    except (KeyError, TypeError) as error:
        raise RulesError(f"a part is missing or wrong: {error}", table=TABLE) from error
    for name in (*rules.tracking_prefixes, *rules.tracking_names, *rules.beside_a_path, *rules.host_prefixes):
        if name != name.lower() or not name:
            raise RulesError(f"{name!r} is not lower case", table=TABLE)
    return rules


def _bad(url: str, why: str) -> FetchError:
    return FetchError(f"{url[:200]!r}: {why}", code="bad_url")


def _port(parts: SplitResult) -> int:
    return parts.port or DEFAULT_PORTS[parts.scheme]


def _ascii_host(url: str, name: str) -> str:
    host = name.rstrip(".").lower()
    if ":" in host:  # an IPv6 address; urlsplit has checked its form
        return host
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise _bad(url, f"no such host name: {error}") from error
    if not _HOST.fullmatch(host) or ".." in host:
        raise _bad(url, "no host name")
    return host


def _unwrapped(parts: SplitResult, rules: UrlRules) -> SplitResult:
    for _ in range(WRAPPERS_DEEP):
        inner = next(filter(None, (_inside(parts, wrapper) for wrapper in rules.wrappers)), None)
        if inner is None:
            break
        parts = inner
    return parts


def _inside(parts: SplitResult, wrapper: Wrapper) -> SplitResult | None:
    host = parts.hostname or ""
    if not (host == wrapper.host or host.endswith("." + wrapper.host)) or not parts.path.startswith(wrapper.path):
        return None
    if wrapper.inside == "path":
        rest = parts.path[len(wrapper.path) :]
        inner = "https://" + rest + ("?" + parts.query if parts.query else "")
        plausible = "." in rest.split("/")[0]
    else:
        inner = dict(parse_qsl(parts.query)).get(wrapper.inside, "")
        plausible = inner.startswith(("http://", "https://"))
    try:
        return split_url(inner) if plausible else None
    except FetchError:
        return None


def _plain_host(host: str, rules: UrlRules) -> str:
    """Drop labels that only choose a device, as long as a whole name is left: `m.bbc.co.uk`, `en.m.wikipedia.org`."""
    if ":" in host:
        return f"[{host}]"
    first, _, rest = host.partition(".")
    while first in rules.host_prefixes and "." in rest and not _SECOND_LEVEL.match(rest):
        host = rest
        first, _, rest = host.partition(".")
    labels = host.split(".")
    if len(labels) >= 4 and labels[1] in {"m", "mobile"}:  # noqa: PLR2004 (language, device, name, suffix)
        del labels[1]
    return ".".join(labels)


def _plain_path(path: str) -> str:
    path = _SESSION.sub("", path)
    path = quote(_decoded_where_plain(path), safe=_SAFE_IN_PATH)
    path = re.sub(r"/{2,}", "/", path) or "/"
    if _DOTS_IN_PATH.search(path):
        path = _without_dots(path)
    path = _AMP_START.sub("", path)
    before = None
    while before != path:  # `/story/amp/index.html/` ends in three of them
        before = path
        path = _INDEX.sub("/", path.rstrip("/") or "/").rstrip("/")
        shorter = _AMP_END.sub("", path)
        path = shorter or path
    return path or "/"


def _decoded_where_plain(path: str) -> str:
    """Decode escapes of characters that need none (`%7E`), and write the others in one way (`%c3` as `%C3`)."""

    def plain(found: re.Match[str]) -> str:
        char = unquote(found.group())
        return char if char.isascii() and (char.isalnum() or char in "-._~") else found.group().upper()

    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    return re.sub(r"%[0-9A-Fa-f]{2}", plain, path)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) or "/"


def _plain_query(query: str, path: str, rules: UrlRules) -> str:
    if not query:
        return ""
    telling = bool(_TELLING.search(path)) and not _SCRIPT.search(path)
    pairs = parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True, errors="replace")
    kept = [(name, value) for name, value in pairs if not _says_nothing(name.lower(), rules, telling=telling)]
    return urlencode(sorted(kept))


def _says_nothing(name: str, rules: UrlRules, *, telling: bool) -> bool:
    return (
        not name
        or name in rules.tracking_names
        or name.startswith(rules.tracking_prefixes)
        or (telling and name in rules.beside_a_path)
    )
