"""Addresses: whose site one is on, and whether two name the same page.

>>> site_of("https://www.news.example.com.my/a?utm_source=x")
'example.com.my'
>>> page_key("http://www.example.com/a/?utm_source=x&p=12#top")
'example.com/a?p=12'
"""

from __future__ import annotations

import functools
import re
from typing import TypeGuard
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Second-level labels under which registries sell names (co.uk, com.my, or.jp, …). The public suffix list has
# 9,000 rows more; news sites under those are rare, and a wrong cut only makes two hosts of one owner differ.
_SECOND_LEVEL = frozenset(
    "ac co com edu gob gov go gouv gr id in info int ltd mil my ne net nom or org plc press sch web".split()
)

# Parameters that say how a reader came, not which page it is. Everything else may identify an article:
# dropping whole queries merged 590 different stories of sites that use ?p=123.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ocid|cmpid|ncid|sr_share|smid|smtyp|partner|"
    r"ftag|cid|icid|mod|ref|ref_src|referrer|source|feed\w*|rss|amp|outputtype|share|xtor|spm|taid|sh|"
    r"at_(medium|campaign|custom\d)|guccounter|guce_\w+|_ga|__twitter_impression)$",
    re.IGNORECASE,
)
_NOT_WWW = re.compile(r"^(www\d?|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_HOST_CHARS = 1024  # arbitrary: a host ends within the first 300 characters, and the cache should hold no essays
# Google's caches of AMP pages and its translations serve every site under hosts of their own.
_CACHES = (".cdn.ampproject.org", ".translate.goog")
_AUTHORITY_END = re.compile(r"[/?#]")
# Most addresses are a host and a path, and nothing in them is written in another way.
_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(/[\w./~+,=&!-]*)", re.ASCII)
_OPENS_PLAINLY = re.compile(r"https?://([a-z0-9.-]{1,253})[/?#]")
_INDEX_PAGE = re.compile(r"/(amp|index\.(html?|php))?/?$")
_HOST = re.compile(r"^(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+([a-z]{2,24}|xn--[a-z0-9-]+)$")


def host_of(url: str | None) -> str | None:
    """The host of an absolute address or of a bare domain, lower case, without `www.`; None if it has none.

    >>> host_of("https://WWW.Example.com:443/a"), host_of("example.com"), host_of("Example News")
    ('example.com', 'example.com', None)
    >>> host_of("https://www-river--times-example.cdn.ampproject.org/v/s/a-1")
    'river-times.example'
    """
    if not url:
        return None
    plain = _OPENS_PLAINLY.match(url)
    return _host_of(plain[1]) if plain else _host_in(url[:_HOST_CHARS].strip())


@functools.lru_cache(maxsize=256)  # arbitrary: a step asks for the host of a record's address several times in a row
def _host_in(text: str) -> str | None:
    scheme = text.find("://")
    end = _AUTHORITY_END.search(text, scheme + 3 if scheme >= 0 else 2 if text.startswith("//") else 0)
    authority = text[: end.start()] if end else text
    if " " in authority and ":" not in authority and "@" not in authority:
        return None  # a headline, as most of what is asked for and is no address
    return _host_of(authority)


@functools.lru_cache(maxsize=16_384)
def _host_of(text: str) -> str | None:
    # Every step asks for the host of the same few columns, several times a record, and a corpus has few hosts.
    try:
        host = urlsplit(text if "://" in text else "//" + text).hostname
    except ValueError:
        return None
    if not host or not _HOST.match(host):
        return None
    if host.endswith(_CACHES):
        host = _from_cache(host)
    return _NOT_WWW.sub("", host)


def _from_cache(host: str) -> str:
    """The host behind a cache's, which writes it into one label: a dot as a dash, a dash as two."""
    return host.split(".")[0].replace("--", "\0").replace("-", ".").replace("\0", "-")


def site_of(url: str | None) -> str | None:
    """The registrable domain: the part of the host that somebody bought.

    >>> site_of("https://edition.cnn.com/a"), site_of("abc.net.au")
    ('cnn.com', 'abc.net.au')
    """
    host = host_of(url)
    if host is None:
        return None
    labels = host.split(".")
    second_level = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if second_level else -2 :])


def is_absolute(url: str | None) -> bool:
    """Whether it is an http(s) address with a host."""
    return has_scheme(url) and host_of(url) is not None


def has_scheme(url: str | None) -> TypeGuard[str]:
    """Whether it begins as an http(s) address does."""
    return url is not None and url[:8].lower().startswith(("http://", "https://"))


def page_key(url: str | None) -> str | None:
    """What two addresses of one page have in common: no scheme, no `www.`, no tracking, no fragment.

    Identifying parameters stay, in sorted order. None where there is no host, or no page beside the front page.
    """
    plain = _PLAIN.fullmatch(url) if url else None
    if plain is not None:
        host = _host_of(plain[1])
        path = _INDEX_PAGE.sub("", plain[2])
        return host + path if host and path else None
    host = host_of(url)
    if host is None or url is None:
        return None
    parts = urlsplit(url.strip() if "://" in url else "//" + url.strip())
    kept = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    path = _INDEX_PAGE.sub("", unquote(parts.path))
    if not path and not kept:
        return None
    return host + path + ("?" + urlencode(kept, errors="surrogatepass") if kept else "")
