"""What a record's other columns declare about its origin: metadata as crawlers, feeds and plugins leave it.

Read are the meta names of 2010 (`original-source`, `syndication-source`), schema.org in JSON-LD, RSS and Atom `source`,
`infoSources` of IPTC ninjs, and what WordPress plugins store (Distributor's `dt_original_*`, FeedWordPress'
`syndication_*`), in whatever nesting they come. Most such values name the page itself, and say nothing.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from corpus_tools.text.urls import is_absolute

Kind = Literal["origin", "feed", "supplier", "passer", "publisher", "signature"]
"""How a signal counts: an origin or the feed that was pulled (any name), the others only where a party is meant."""

_NOT_KEY = re.compile(r"[^a-z0-9]+")
_DEEPEST, _MOST_ITEMS = 6, 30  # arbitrary: a page's JSON-LD is flatter and shorter
_MOST_FIELDS = 300  # arbitrary: custom fields and meta elements come by the hundred
_NAME_KEYS, _VALUE_KEYS = (
    ("key", "meta_key", "wp:meta_key", "name", "property"),
    ("value", "meta_value", "wp:meta_value", "content"),
)
_ARTICLE = re.compile(r"article|posting|report|newsitem|webpage|creativework", re.IGNORECASE)

# Keys without case and marks. The address and the name of one source stand in two keys beside each other.
_PAIRS: tuple[tuple[Kind, tuple[str, ...], tuple[str, ...]], ...] = (
    ("feed", ("dtoriginalposturl", "dtoriginalsiteurl"), ("dtoriginalsitename",)),
    ("feed", ("syndicationpermalink", "syndicationsourceuri"), ("syndicationsource",)),
    ("origin", ("originalsourceurl", "originalurl"), ("originalsource", "originalpublisher")),
)
_PLAIN: dict[str, Kind] = {
    "isbasedon": "origin", "isbasedonurl": "origin", "urepostof": "origin", "repostof": "origin",
    "rsssource": "feed", "atomsource": "feed", "infosources": "origin", "infosource": "origin",
    "sourceorganization": "supplier", "credittext": "supplier", "creditline": "supplier", "provider": "supplier",
    "publisher": "publisher", "copyrightholder": "supplier",
}  # fmt: skip
_IN_ARTICLES: dict[str, Kind] = {**_PLAIN, "author": "signature", "creator": "signature"}
# Who passed a text on is no origin: cv.iptc.org/newscodes/contentprodpartyrole.
_PASSING_ROLES = re.compile(r"distribut|aggregat|suppl|transmit", re.IGNORECASE)
_ALL_KEYS = frozenset({*_IN_ARTICLES, "source", *(key for _, urls, names in _PAIRS for key in (*urls, *names))})
KEYS = frozenset({*_PLAIN, "source", *(key for _, urls, names in _PAIRS for key in (*urls, *names))})


@dataclass(frozen=True, slots=True)
class Signal:
    """One declaration: `path` is where it stands in the record, `evidence` the value as it stands there."""

    kind: Kind
    path: str
    evidence: str
    name: str | None = None
    url: str | None = None


@functools.lru_cache(maxsize=4096)
def key_of(name: str) -> str:
    """A key without case and marks.

    >>> key_of("syndication-source"), key_of("dt_original_post_url"), key_of("og:isBasedOn")
    ('syndicationsource', 'dtoriginalposturl', 'isbasedon')
    """
    return _NOT_KEY.sub("", name.lower().removeprefix("og:").removeprefix("schema:").removeprefix("newsitem:"))


def may_declare(value: Any) -> bool:
    """Whether a column's object can hold a signal; a flat one without a key of theirs can't, as most metadata is.

    >>> may_declare({"words": 120, "section": "River"}), may_declare({"dt_original_site_name": "The A"})
    (False, True)
    """
    if not isinstance(value, dict):
        return True
    return any(isinstance(item, (dict, list)) for item in value.values()) or any(
        key_of(str(name)) in _ALL_KEYS for name in value
    )


def signals(columns: Mapping[str, Any]) -> list[Signal]:
    """What the columns of one record declare, as found; `columns` are those that may hold something.

    >>> found = signals({"meta": {"dt_original_post_url": "https://a.example/x", "dt_original_site_name": "The A"}})
    >>> [(signal.kind, signal.path, signal.name, signal.url) for signal in found]
    [('feed', 'meta.dt_original_post_url', 'The A', 'https://a.example/x')]
    """
    return list(_walk(columns, "", 0, is_article=False))


def _walk(  # noqa: C901  # one branch for each kind of node
    node: Any, path: str, depth: int, *, is_article: bool
) -> Iterator[Signal]:
    if depth > _DEEPEST:
        return
    if isinstance(node, str):
        node = _parsed(node)
    if isinstance(node, list):
        node, held = _keyed(node)
        if held:
            yield from _walk(held, path, depth + 1, is_article=is_article)
        for number, item in enumerate(node[:_MOST_ITEMS]):
            if isinstance(item, (dict, list)):
                yield from _walk(item, f"{path}[{number}]", depth + 1, is_article=is_article)
        return
    if not isinstance(node, Mapping):
        return
    is_article = is_article or _ARTICLE.search(_type_of(node)) is not None
    keys = {key_of(str(name)): str(name) for name in reversed(list(node))}
    done: set[str] = set()
    for kind, urls, names in _PAIRS:
        yield from _paired(node, path, keys, kind, urls, names)
        done.update(urls, names)
    known = _IN_ARTICLES if is_article else _PLAIN
    for key, name in reversed(list(keys.items())):
        value, here = node[name], f"{path}.{name}" if path else name
        if key in done:
            continue
        if key == "source":
            yield from _of_feed(value, here)
        elif key in known:
            yield from _of_value(known[key], value, here)
        elif isinstance(value, (dict, list)) or (depth == 0 and isinstance(value, str)):
            # Nodes within an article are its images, its comments and its site: only a graph holds articles.
            yield from _walk(value, here, depth + 1, is_article=False)


def _keyed(items: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Items that are no fields, and the fields of a list that holds each as an object of its name and its value.

    Exports of WordPress keep custom fields so, and readers of pages the meta elements.

    >>> _keyed([{"meta_key": "dt_original_site_name", "meta_value": "The A"}, {"@type": "WebSite"}])
    ([{'@type': 'WebSite'}], {'dt_original_site_name': 'The A'})
    """
    rest: list[Any] = []
    held: dict[str, Any] = {}
    for item in items[:_MOST_FIELDS]:
        name, value = (
            (next((item[key] for key in keys if key in item), None) for keys in (_NAME_KEYS, _VALUE_KEYS))
            if isinstance(item, Mapping)
            else (None, None)
        )
        if isinstance(name, str) and value is not None and key_of(name) in KEYS:
            held.setdefault(name, value)
        else:
            rest.append(item)
    return rest, held


def _paired(
    node: Mapping[str, Any],
    path: str,
    keys: Mapping[str, str],
    kind: Kind,
    urls: Sequence[str],
    names: Sequence[str],
) -> Iterator[Signal]:
    said = [(keys[key], _text(node[keys[key]])) for key in (*urls, *names) if key in keys]
    filled = [(key, text) for key, text in said if text]
    if not filled:
        return
    url = next((text for _, text in filled if is_absolute(text)), None)
    name = next((text for _, text in filled if not is_absolute(text)), None)
    key, evidence = filled[0]
    yield Signal(kind, f"{path}.{key}" if path else key, evidence, name, url)


def _of_feed(value: Any, path: str) -> Iterator[Signal]:
    """RSS and Atom `source`, as parsers hand it on; a `name` in it means an interface's outlet."""
    if not isinstance(value, Mapping) or "name" in value:
        return
    links = value.get("links") or value.get("link") or ()
    links = links if isinstance(links, list) else [links]
    found = [value.get(key) for key in ("href", "url", "@url", "@href")]
    found += [link.get("href", link.get("@href")) if isinstance(link, Mapping) else link for link in links]
    url = next((text for text in map(_text, found) if text and is_absolute(text)), None)
    name = next((text for key in ("title", "value", "#text", "_") if (text := _text(value.get(key)))), None)
    evidence = name or url
    if evidence:
        yield Signal("feed", path, evidence, name, url)


def _of_value(kind: Kind, value: Any, path: str) -> Iterator[Signal]:
    if isinstance(value, list):
        for number, item in enumerate(value[:_MOST_ITEMS]):
            if not isinstance(item, list):
                yield from _of_value(kind, item, f"{path}[{number}]")
        return
    if isinstance(value, Mapping):
        if _PASSING_ROLES.search(_text(value.get("role")) or ""):
            kind = "passer"
        found = [_text(value.get(key)) for key in ("url", "@id", "uri", "sameAs", "href")]
        url = next((text for text in found if text and is_absolute(text)), None)
        name = next(
            (text for key in ("name", "literal", "legalName", "headline") if (text := _text(value.get(key)))), None
        )
        evidence = url if kind == "origin" and url else name or url
    else:
        evidence = _text(value)
        url = evidence if is_absolute(evidence) else None
        name = None if url else evidence
    if evidence:
        yield Signal(kind, path, evidence, name, url)


def _parsed(text: str) -> Any:  # what JSON holds
    if text[:1] not in ("{", "[") or len(text) > 200_000:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _type_of(node: Mapping[str, Any]) -> str:
    value = node.get("@type", node.get("type"))
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _text(value: Any) -> str | None:
    """The text of a value; a custom field comes as a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value.strip() or None if isinstance(value, str) else None
