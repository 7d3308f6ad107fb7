"""The step that says what is known of a record's provenance, and what is missing or contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from corpus_tools import cells
from corpus_tools.errors import UsageError
from corpus_tools.protocol import Log, step
from corpus_tools.rules.licenses import spdx_of
from corpus_tools.rules.parties import Parties, parties
from corpus_tools.text.dates import parse_time
from corpus_tools.text.manifests import MANIFEST
from corpus_tools.text.outlet_names import is_name_of_host, is_same_name, squeeze
from corpus_tools.text.rights import reservation
from corpus_tools.text.time_order import Moment, contradiction
from corpus_tools.text.truncation import cut_mark
from corpus_tools.text.urls import host_of, is_absolute, site_of

_TIMES = ("published_at", "modified_at", "retrieved_at")
_TEXTS = ("text", "title", "url", "canonical_url", "source", "license", "copyright", "language", "origin",
          "syndication_status")  # fmt: skip
_SOMEBODY_ELSES = ("syndicated", "co_credited", "press_release")

# How much of the provenance each piece is worth, in hundredths; they add up to 100. Arbitrary in the small, reasoned
# in the large: an address and an outlet let a reader find the page, a date and a title let them find it elsewhere;
# who wrote it and under which terms decide what may be done with it.
SCORE = {
    "url": 20, "source": 15, "published_at": 15, "title": 10, "author": 10, "license": 10, "origin": 10,
    "retrieved_at": 5, "language": 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """One flag of one record, before it has a row."""

    code: str
    column: str | None = None
    span: tuple[int, int] | None = None
    evidence: str | None = None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """What one row says of its provenance; absent and null are one here, and so is an empty text."""

    text: str | None
    title: str | None
    url: str | None
    canonical_url: str | None
    source: str | None
    license: str | None
    copyright: str | None
    language: str | None
    origin: str | None
    syndication_status: str | None
    author: Any  # a text or a list of texts
    chain: list[Mapping[str, Any]]
    notices: list[Mapping[str, Any]]
    times: dict[str, Moment | None]
    unread: tuple[str, str] | None  # the first time column whose value is no time, and that value


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
    of one once it was read. `provenance_score` is the share of `SCORE` that is recorded.

    >>> told = flag_provenance(pd.DataFrame({"text": ["Rain is due."], "url": ["https://example.com/rain"]}))
    >>> told["flags"][0], told["provenance_score"][0]
    (['PR003', 'PR004', 'PR005', 'PR006', 'PR007'], 0.35)
    """
    known, moment = parties(rules), _now(now)
    had = cells.words(frame, "flags")
    out: dict[str, list[Any]] = {"license_spdx": [], "published_precision": [], "provenance_score": []}
    for row, record in enumerate(_records(frame)):
        spdx, published = spdx_of(record.license), record.times["published_at"]
        for said in _all_said(record, known, spdx, moment):
            start, end = said.span or (None, None)
            log.flag(row, said.code, column=said.column, start=start, end=end, evidence=said.evidence, says=said.says)
        # Reading made the unreadable date a null, so the evidence of its flag is in the ledger now.
        if "PR020" in had[row] and None in record.times.values():
            log.keep(row, "PR020")
        out["license_spdx"].append(spdx)
        out["published_precision"].append(None if published is None else "day" if published.is_day else "second")
        out["provenance_score"].append(_score(record))
    for name, values in out.items():
        cells.put(frame, name, values)
    return frame


def _records(frame: pd.DataFrame) -> Iterator[_Record]:
    texts = {name: [_filled(value) for value in cells.strings(frame, name)] for name in _TEXTS}
    times = {name: cells.objects(frame, name) for name in _TIMES}
    authors = cells.objects(frame, "author")
    chains, notices = cells.lists(frame, "syndication_chain"), cells.lists(frame, "notices")
    for row in range(len(frame)):
        read = {name: (values[row], parse_time(values[row])[0]) for name, values in times.items()}
        yield _Record(
            text=texts["text"][row],
            title=texts["title"][row],
            url=texts["url"][row],
            canonical_url=texts["canonical_url"][row],
            source=texts["source"][row],
            license=texts["license"][row],
            copyright=texts["copyright"][row],
            language=texts["language"][row],
            origin=texts["origin"][row],
            syndication_status=texts["syndication_status"][row],
            author=authors[row],
            chain=chains[row],
            notices=notices[row],
            times={name: None if at is None else Moment(at) for name, (_, at) in read.items()},
            unread=next(
                ((name, str(value)) for name, (value, at) in read.items() if at is None and value is not None), None
            ),
        )


def _filled(value: str | None) -> str | None:
    return value if value and value.strip() else None


def _all_said(record: _Record, known: Parties, spdx: str | None, now: Moment | None) -> Iterator[_Said]:
    yield from _missing(record, known)
    yield from _of_chain(record, known, spdx)
    yield from _of_addresses(record, known)
    yield from _of_text(record)
    wrong = contradiction(
        published=record.times["published_at"],
        modified=record.times["modified_at"],
        retrieved=record.times["retrieved_at"],
        now=now,
    )
    if record.unread:
        column, value = record.unread
        yield _Said("PR020", column, evidence=value, says="It is no time that can be read without guessing.")
    elif wrong:
        yield _Said("PR020", wrong[0], says=wrong[1])


def _missing(record: _Record, known: Parties) -> Iterator[_Said]:
    host = host_of(record.url)
    if not record.source and not host:
        yield _Said("PR001", "source")
    if not is_absolute(record.url):
        yield _Said("PR002", "url", evidence=record.url)
    if not record.title:
        yield _Said("PR003", "title")
    elif _is_outlet(record.title, record.source, host, known):
        yield _Said("PR003", "title", (0, len(record.title)), record.title, "The title is only the outlet's name.")
    if record.times["published_at"] is None:
        yield _Said("PR004", "published_at")
    if not _has_terms(record):
        yield _Said("PR005", "license")
    if not record.author:
        yield _Said("PR006", "author")
    if record.times["retrieved_at"] is None:
        yield _Said("PR007", "retrieved_at")


def _of_chain(record: _Record, known: Parties, spdx: str | None) -> Iterator[_Said]:
    status = record.syndication_status
    origins = [hop for hop in record.chain if hop.get("role") == "origin"]
    names = _different([str(hop.get("id") or hop.get("name")) for hop in origins])
    if status in _SOMEBODY_ELSES and not record.origin and not origins:
        yield _Said("PR010")
    if status in _SOMEBODY_ELSES and origins and not origins[0].get("url"):
        yield _Said("PR011", evidence=origins[0].get("name"))
    if len(record.chain) > 1 and record.chain[-1].get("role") == "republisher":
        publisher = next((hop for hop in reversed(record.chain[:-1]) if hop.get("role") == "publisher"), None)
        if publisher:
            yield _Said("PR012", evidence=publisher.get("name"), says=f"Its publisher is {publisher.get('name')}.")
    if len(names) > 1:
        # Two names in one credit wrote together; in two places of a page they contradict each other.
        together = _stand_together(origins)
        yield _Said("PR018" if together else "PR014", evidence=", ".join(names))
    if spdx and status == "syndicated" and origins and not _is_free_to_pass_on(origins[0], known):
        yield _Said("PR015", "license", evidence=record.license)
    if status == "press_release":
        yield _Said("PR017", evidence=origins[0].get("evidence") if origins else None)


def _of_addresses(record: _Record, known: Parties) -> Iterator[_Said]:
    site, canonical = site_of(record.url), site_of(record.canonical_url)
    if site and canonical and site != canonical and not _are_kin(record.url, record.canonical_url, known):
        yield _Said("PR013", "canonical_url", evidence=record.canonical_url)
    if record.source and record.url and _names_another_site(record.source, record.url, known):
        yield _Said(
            "PR021", "source", (0, len(record.source)), record.source, f"The address is on {host_of(record.url)}."
        )


def _of_text(record: _Record) -> Iterator[_Said]:
    text = record.text or ""
    span = reservation(text)
    notice = next((notice for notice in record.notices if notice.get("kind") == "reservation"), None)
    if span:
        yield _Said("PR016", "text", span, text[slice(*span)])
    elif notice:
        yield _Said("PR016", "notices", evidence=notice.get("text"))
    span = cut_mark(text)
    if span:
        yield _Said("PR019", "text", span, text[slice(*span)])
    manifest = MANIFEST.search(text) if "\ufeff" in text else None
    if manifest:
        yield _Said("PR023", "text", manifest.span())


def _has_terms(record: _Record) -> bool:
    kinds = ("copyright", "licence", "license")
    return bool(record.license or record.copyright or any(notice.get("kind") in kinds for notice in record.notices))


def _is_outlet(title: str, source: str | None, host: str | None, known: Parties) -> bool:
    # The whole title, not a part of it: "Stocks fall – Reuters" is a headline.
    if source and squeeze(title) == squeeze(source):
        return True
    if not host:
        return False
    party = known.at_host(host)
    return ("/" not in title and host_of(title) == host) or (party is not None and known.named(title) is party)


def _names_another_site(source: str, url: str, known: Parties) -> bool:
    host = host_of(url)
    named, here = host_of(source), known.at_host(host)
    there = known.at_host(named) if named else known.named(source)
    if host is None or (here is not None and here.kind == "portal"):
        return False  # a portal shows what others wrote; that is told by the chain
    if here is not None and there is not None:
        return not there.is_kin_of(here)
    if is_name_of_host(source, host):
        return False
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


def _stand_together(hops: Sequence[Mapping[str, Any]]) -> bool:
    """Whether several names stand in one credit: in one slot, a line's length (arbitrary: 120) apart at most."""
    starts = [hop["start"] for hop in hops if isinstance(hop.get("start"), int)]
    return len({(hop.get("slot"), hop.get("field")) for hop in hops}) == 1 and (
        not starts or max(starts) - min(starts) <= 120
    )


def _score(record: _Record) -> float:
    recorded = {
        "url": is_absolute(record.url),
        "source": record.source or host_of(record.url),
        "title": record.title,
        "author": record.author,
        "license": _has_terms(record),
        "language": record.language,
        "origin": record.origin or record.syndication_status == "original",
        **record.times,
    }
    return sum(worth for name, worth in SCORE.items() if recorded[name]) / 100


def _now(now: datetime | str | None) -> Moment | None:
    if now is None:
        return None
    at, _ = parse_time(now)
    if at is None:
        raise UsageError(f"now={now!r} is no time. Write it like 2026-01-31T12:00:00Z.")
    return Moment(at if at.tzinfo else at.replace(tzinfo=UTC))
