"""The step that says what is known of a record's provenance, and what is missing or contradicts itself."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pandas as pd

from corpus_tools import cells
from corpus_tools.contract import COLUMNS
from corpus_tools.errors import UsageError
from corpus_tools.protocol import Log, step
from corpus_tools.rules.judgement import threshold
from corpus_tools.rules.licenses import spdx_of
from corpus_tools.rules.parties import Parties, name_key, parties
from corpus_tools.text.columns import Texts, matching
from corpus_tools.text.dates import parse_time
from corpus_tools.text.manifests import MANIFEST
from corpus_tools.text.outlet_names import is_name_again, is_name_of_host, is_same_name, serving
from corpus_tools.text.rights import declared_reservation, is_tag, may_be_reserved, reservation
from corpus_tools.text.time_order import Limits, Moment, contradiction
from corpus_tools.text.truncation import cut_mark, may_be_cut
from corpus_tools.text.urls import has_scheme, host_of, site_of

_TIMES = ("published_at", "modified_at", "retrieved_at")
_TEXTS = ("title", "url", "canonical_url", "source", "license", "copyright", "language", "origin",
          "syndication_status")  # fmt: skip
_TERMS = ("copyright", "licence", "license")
_SOMEBODY_ELSES = ("syndicated", "co_credited", "press_release")

_WORTH = (
    "url", "source", "published_at", "title", "author", "license", "origin", "retrieved_at", "language"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Policy:
    """What a user may set: who is who, where doubt begins, and what each piece of provenance is worth."""

    known: Parties
    limits: Limits
    one_credit_chars: float
    worth: tuple[float, ...]  # by _WORTH


@functools.cache
def _policy(own: str | None) -> _Policy:
    limits = Limits(
        timedelta(hours=threshold("future_tolerance_hours", own)),
        timedelta(seconds=threshold("crawl_is_publish_seconds", own)),
    )
    worth = tuple(threshold(f"worth_{name}", own) for name in _WORTH)
    return _Policy(parties(own), limits, threshold("one_credit_chars", own), worth)


_Say = Callable[..., None]
"""Says a flag of the record at hand: its code, and what `Log.flag` takes beside it."""


class _Record(NamedTuple):
    """What one row says of its provenance; absent and null are one here, and so is an empty text."""

    text: str  # empty where nothing is looked for in it
    title: str | None
    url: str | None
    canonical_url: str | None
    source: str | None
    license: str | None
    copyright: str | None
    language: str | None
    origin: str | None
    syndication_status: str | None
    published_at: Moment | None
    modified_at: Moment | None
    retrieved_at: Moment | None
    host: str | None  # of the address
    is_addressed: bool  # whether that can be followed
    unread: tuple[str, str] | None  # the first time column whose value is no time, and that value
    author: Any  # a text or a list of texts
    chain: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]
    reserved: tuple[int, int] | None  # the line of the text that reserves rights
    cut: tuple[int, int] | None  # the mark in the text at which it breaks off
    tag: tuple[str, str] | None  # where and how the page's metadata reserves rights


@step(
    reads=["text"],
    adds=["license_spdx", "published_precision", "provenance_score"],
    flags=[
        "PR001", "PR002", "PR003", "PR004", "PR005", "PR006", "PR007", "PR010", "PR011", "PR012", "PR013", "PR014",
        "PR015", "PR016", "PR017", "PR018", "PR019", "PR020", "PR021", "PR023",
    ],
)  # fmt: skip
def flag_provenance(
    frame: pd.DataFrame, log: Log, *, now: datetime | str | None = None, rules: str | None = None
) -> pd.DataFrame:
    """Flags what is missing, doubtful or contradictory in a record's provenance, and scores what is there.

    A date is in the future if it lies after `retrieved_at`, else after `now`; no clock is asked. A time of exactly
    00:00:00 UTC counts as a date without a time (`published_precision` is then `day`), because nothing else is left
    of one once it was read. `provenance_score` adds up what the recorded pieces are worth by rules/policy.toml.

    >>> told = flag_provenance(pd.DataFrame({"text": ["Rain is due."], "url": ["https://example.com/rain"]}))
    >>> told["flags"][0], told["provenance_score"][0]
    (['PR003', 'PR004', 'PR005', 'PR006', 'PR007'], 0.35)
    """
    policy, moment = _policy(rules), _now(now)
    had = cells.words(frame, "flags")
    out: dict[str, list[Any]] = {"license_spdx": [], "published_precision": [], "provenance_score": []}
    for row, record in enumerate(_records(frame)):
        spdx, published = spdx_of(record.license), record.published_at
        _say_all(record, policy, spdx, moment, functools.partial(log.flag, row))
        # Reading made the unreadable date a null, so the evidence of its flag is in the ledger now.
        if "PR020" in had[row] and None in (published, record.modified_at, record.retrieved_at):
            log.keep(row, "PR020")
        out["license_spdx"].append(spdx)
        out["published_precision"].append(None if published is None else "day" if published.is_day else "second")
        out["provenance_score"].append(_score(record, policy.worth))
    for name, values in out.items():
        cells.put(frame, name, values)
    return frame


def _records(frame: pd.DataFrame) -> Iterator[_Record]:
    column = Texts(cells.texts(frame, "text"))
    telling = may_be_reserved(column) | may_be_cut(column) | matching(column, "\ufeff")
    texts = [column[row] if may else "" for row, may in enumerate(telling.tolist())]
    others = {name: _filled(frame, name) for name in _TEXTS}
    given = {name: cells.objects(frame, name) for name in _TIMES}
    times = {name: list(map(_moment, values)) for name, values in given.items()}
    hosts = list(map(host_of, others["url"]))
    columns = (
        texts,
        *others.values(),
        *times.values(),
        hosts,
        [host is not None and has_scheme(url) for host, url in zip(hosts, others["url"], strict=True)],
        _unread(given, times),
        cells.objects(frame, "author"),
        cells.entries(frame, "syndication_chain"),
        cells.entries(frame, "notices"),
        [reservation(text) if text else None for text in texts],
        [cut_mark(text) if text else None for text in texts],
        _tags(frame),
    )
    return map(_Record._make, zip(*columns, strict=True))


def _moment(value: Any) -> Moment | None:
    at = None if value is None else parse_time(value)[0]
    return None if at is None else Moment(at)


def _unread(given: Mapping[str, list[Any]], times: Mapping[str, list[Moment | None]]) -> list[tuple[str, str] | None]:
    unread: list[tuple[str, str] | None] = [None] * len(given[_TIMES[0]])
    for name in reversed(_TIMES):
        for row, (value, moment) in enumerate(zip(given[name], times[name], strict=True)):
            if value is not None and moment is None:
                unread[row] = (name, str(value))
    return unread


def _tags(frame: pd.DataFrame) -> list[tuple[str, str] | None]:
    """What other columns reserve: `tdm-reservation`, `robots: noai`, `Content-Signal: ai-train=no`."""
    others = {}
    for name in map(str, frame.columns):
        if name not in COLUMNS:
            values = cells.objects(frame, name)
            if is_tag(name) or any(isinstance(value, dict) for value in values):
                others[name] = values
    if not others:
        return [None] * len(frame)
    rows = zip(*others.values(), strict=True)
    return [declared_reservation(dict(zip(others, row, strict=True))) for row in rows]


def _filled(frame: pd.DataFrame, name: str) -> list[str | None]:
    return [value if value and not value.isspace() else None for value in cells.strings(frame, name)]


def _say_all(record: _Record, policy: _Policy, spdx: str | None, now: Moment | None, say: _Say) -> None:
    _say_missing(record, policy.known, say)
    _say_of_chain(record, policy, spdx, say)
    _say_of_addresses(record, policy.known, say)
    _say_of_text(record, say)
    if record.unread:
        column, value = record.unread
        say("PR020", column=column, evidence=value, says="It is no time that can be read without guessing.")
        return
    wrong = contradiction(
        published=record.published_at,
        modified=record.modified_at,
        retrieved=record.retrieved_at,
        now=now,
        limits=policy.limits,
    )
    if wrong:
        say("PR020", column=wrong[0], says=wrong[1])


def _say_missing(record: _Record, known: Parties, say: _Say) -> None:
    if not record.source and not record.host:
        say("PR001", column="source")
    if not record.is_addressed:
        say("PR002", column="url", evidence=record.url)
    if not record.title:
        say("PR003", column="title")
    elif _is_outlet(record.title, record.source, record.host, known):
        whole = {"start": 0, "end": len(record.title), "evidence": record.title}
        say("PR003", column="title", **whole, says="The title is only the outlet's name.")
    if record.published_at is None:
        say("PR004", column="published_at")
    if not _has_terms(record):
        say("PR005", column="license")
    if not record.author:
        say("PR006", column="author")
    if record.retrieved_at is None:
        say("PR007", column="retrieved_at")


def _say_of_chain(record: _Record, policy: _Policy, spdx: str | None, say: _Say) -> None:
    status = record.syndication_status
    if not (record.chain or record.notices or status in _SOMEBODY_ELSES):
        return  # true of most records
    origins = [hop for hop in record.chain if hop.get("role") == "origin"]
    names = _different([str(hop.get("id") or hop.get("name")) for hop in origins])
    if status in _SOMEBODY_ELSES and not record.origin and not origins:
        say("PR010")
    if status in _SOMEBODY_ELSES and origins and not origins[0].get("url"):
        say("PR011", evidence=origins[0].get("name"))
    if len(record.chain) > 1 and record.chain[-1].get("role") == "republisher":
        publisher = next((hop for hop in reversed(record.chain[:-1]) if hop.get("role") == "publisher"), None)
        if publisher:
            say("PR012", evidence=publisher.get("name"), says=f"Its publisher is {publisher.get('name')}.")
    if len(names) > 1:
        # Two names in one credit wrote together; in two places of a page they contradict each other.
        together = _stand_together(origins, policy.one_credit_chars)
        say("PR018" if together else "PR014", evidence=", ".join(names))
    if spdx and status == "syndicated" and origins and not _is_free_to_pass_on(origins[0], policy.known):
        say("PR015", column="license", evidence=record.license)
    paid = next((notice for notice in record.notices if notice.get("kind") == "sponsored"), None)
    if status == "press_release":
        say("PR017", evidence=origins[0].get("evidence") if origins else None)
    elif paid:
        say("PR017", column="notices", evidence=paid.get("text"), says="It is labelled as paid for.")


def _say_of_addresses(record: _Record, known: Parties, say: _Say) -> None:
    if record.host and record.canonical_url:
        site, canonical = site_of(record.url), site_of(record.canonical_url)
        if site and canonical and site != canonical and not _are_kin(record.url, record.canonical_url, known):
            say("PR013", column="canonical_url", evidence=record.canonical_url)
    if record.source and record.url and _names_another_site(record.source, record.host, known):
        whole = {"start": 0, "end": len(record.source), "evidence": record.source}
        say("PR021", column="source", **whole, says=f"The address is on {record.host}.")


def _say_of_text(record: _Record, say: _Say) -> None:
    text, span = record.text, record.reserved
    notice = next((notice for notice in record.notices if notice.get("kind") == "reservation"), None)
    if span:
        say("PR016", column="text", start=span[0], end=span[1], evidence=text[slice(*span)])
    elif notice:
        say("PR016", column="notices", evidence=notice.get("text"))
    elif record.tag:
        say("PR016", evidence=": ".join(record.tag), says="The page's metadata reserves rights against machines.")
    span = record.cut
    if span:
        say("PR019", column="text", start=span[0], end=span[1], evidence=text[slice(*span)])
    manifest = MANIFEST.search(text) if "\ufeff" in text else None
    if manifest:
        say("PR023", column="text", start=manifest.start(), end=manifest.end())


def _has_terms(record: _Record) -> bool:
    if record.license or record.copyright:
        return True
    return bool(record.notices) and any(notice.get("kind") in _TERMS for notice in record.notices)


def _is_outlet(title: str, source: str | None, host: str | None, known: Parties) -> bool:
    # The whole title, not a part of it: "Stocks fall – Reuters" is a headline.
    if source and is_name_again(title, source):
        return True
    if not host:
        return False
    if "/" not in title and " " not in title.strip() and host_of(title) == host:
        return True
    openings, first = _openings(known, host), title[0]
    if first.isalnum() and first.casefold()[0] not in openings:
        return False  # true of nearly all headlines
    party = known.at_host(host)
    return party is not None and known.named(title) is party


@functools.lru_cache(maxsize=4096)  # a corpus has few hosts
def _openings(known: Parties, host: str) -> frozenset[str]:
    """The characters, case-folded, in which a name of the party at a host may open; its article is one of them."""
    party = known.at_host(host)
    if party is None:
        return frozenset()
    return frozenset("t").union(name[:1] for name in map(str.casefold, party.codes)) | {
        name_key(name)[:1] for name in (party.name, *party.aliases, *party.native)
    }


@functools.lru_cache(maxsize=4096)  # a corpus has few outlets
def _names_another_site(source: str, host: str | None, known: Parties) -> bool:
    host = serving(host)
    named, here = host_of(source), known.at_host(host)
    bearers = known.bearers(source)
    there = (known.at_host(named) if named else None) or known.named(source)
    if host is None or (here is not None and here.kind == "portal"):
        return False  # a portal shows what others wrote; that is told by the chain
    if any(bearer.is_kin_of(here) for bearer in bearers):
        return False  # "The Guardian" on guardian.ng
    if here is not None and there is not None:
        return not there.is_kin_of(here)
    if is_name_of_host(source, host):
        return False
    if here is not None and bearers:
        return True
    if there is not None:
        return bool(there.domains)
    # A name that nobody knows may be a section of the outlet, or its publisher; only a domain is certain.
    return named is not None and site_of(named) != site_of(host) and not _is_one_brand(named, host)


def _is_one_brand(host: str, other: str) -> bool:
    """Whether two sites differ in their country only: bbc.com and bbc.co.uk."""
    return (site_of(host) or "").split(".")[0] == (site_of(other) or "").split(".")[0]


def _are_kin(url: str | None, other: str | None, known: Parties) -> bool:
    host, second = host_of(url), host_of(other)
    here, there = known.at_host(host), known.at_host(second)
    return (here is not None and here.is_kin_of(there)) or _is_one_brand(host or "", second or "")


def _is_free_to_pass_on(hop: Mapping[str, Any], known: Parties) -> bool:
    # A nonprofit newsroom's licence is what its copies carry: it is the origin's, not the outlet's.
    party = known.by_id.get(str(hop.get("id")))
    return party is not None and party.kind == "nonprofit"


def _different(names: Sequence[str]) -> list[str]:
    """The names without those that only spell another one anew: "SHTF Plan" and shtfplan.com are one."""
    kept: list[str] = []
    for name in names:
        if not any(is_same_name(name, other) or is_name_of_host(name, other) or is_name_of_host(other, name)
                   for other in kept):  # fmt: skip
            kept.append(name)
    return kept


def _stand_together(hops: Sequence[Mapping[str, Any]], width: float) -> bool:
    """Whether several names stand in one credit: in one slot, not further apart than a line is wide."""
    starts = [hop["start"] for hop in hops if isinstance(hop.get("start"), int)]
    return len({(hop.get("slot"), hop.get("field")) for hop in hops}) == 1 and (
        not starts or max(starts) - min(starts) <= width
    )


def _score(record: _Record, worth: tuple[float, ...]) -> float:
    recorded = (
        record.is_addressed,
        bool(record.source or record.host),
        record.published_at is not None,
        bool(record.title),
        bool(record.author),
        _has_terms(record),
        bool(record.origin) or record.syndication_status == "original",
        record.retrieved_at is not None,
        bool(record.language),
    )
    return _worth_of(recorded, worth)


@functools.lru_cache(maxsize=4096)  # the records of a corpus lack the same few pieces
def _worth_of(recorded: tuple[bool, ...], worth: tuple[float, ...]) -> float:
    return round(sum(itertools.compress(worth, recorded)) / 100, 4)


def _now(now: datetime | str | None) -> Moment | None:
    if now is None:
        return None
    at, _ = parse_time(now)
    if at is None:
        raise UsageError(f"now={now!r} is no time. Write it like 2026-01-31T12:00:00Z.")
    return Moment(at if at.tzinfo else at.replace(tzinfo=UTC))
