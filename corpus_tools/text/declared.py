"""Hops from what a record's metadata declares, where it names somebody else than the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus_tools.text.bylines import signatures
from corpus_tools.text.evidence import REFERENCE, Copy, Directory, PartyLike, is_own, make_hop
from corpus_tools.text.hops import WIRES, Hop, Role
from corpus_tools.text.pages import is_same_title
from corpus_tools.text.signals import Signal
from corpus_tools.text.urls import host_of, page_key, site_of

# Papers and studies that an article is based on; it is still the outlet's own.
_STUDY = re.compile(
    r"(^|\.)(nature|sciencedirect|science|springer|wiley|tandfonline|sagepub|jamanetwork|nejm|thelancet|bmj|cell|plos|"
    r"pnas|ssrn|researchgate|mdpi|frontiersin|biorxiv|medrxiv|acs|aps|ieee|acm|jstor)\.(com|org|net)$"
)
_AGENCIES = WIRES | {"syndicator", "press_release", "nonprofit"}
_POINTER, _NAME = 0.8, 0.6
"""Confidence: an address on another site is set on purpose, a name alone is often a template's."""


def from_signals(copy: Copy, known: Directory, found: list[Signal]) -> Iterator[Hop]:
    """The hops that signals declare; those that name this outlet, its owner's papers or a study declare none."""
    if copy.served.host is None and not copy.served.names:
        return  # whether a signal names the page itself, only its outlet could say
    for signal in found:
        place = (signal.path, None, None)
        if signal.kind == "signature":
            yield from _signed(copy, known, signal)
            continue
        party = _party(copy, known, signal)
        name = signal.name or (party.name if party else host_of(signal.url))
        if name is None or _is_self(copy, known, signal, party, name):
            continue
        if signal.kind in ("supplier", "passer", "publisher"):
            if party is None or party.kind == "portal" or (signal.kind != "publisher" and party.kind not in _AGENCIES):
                continue
        elif signal.kind == "origin" and party is None and signal.url is None:
            continue  # a name that nobody knows, in a field for the original's address
        role: Role = "feed" if signal.kind in ("feed", "publisher") else "origin"
        if signal.kind == "passer":
            role = "distributor"
        if party is not None and party.kind in WIRES:
            role = "origin"
        elif party is not None and party.kind == "press_release":
            role = "press"
        confidence = _POINTER if signal.url and signal.kind in ("origin", "feed") else _NAME
        url = signal.url if page_key(signal.url) else None
        yield make_hop(role, name, party, "metadata", place, signal.evidence, url=url, confidence=confidence)


def _party(copy: Copy, known: Directory, signal: Signal) -> PartyLike | None:
    party = known.party(signal.name, copy) if signal.name else None
    return party or known.at_host(host_of(signal.url))


def _is_self(copy: Copy, known: Directory, signal: Signal, party: PartyLike | None, name: str) -> bool:
    host = host_of(signal.url)
    if is_own(party, name, copy) or (signal.name is not None and copy.served.is_named(signal.name)):
        return True
    if copy.title is not None and signal.name is not None and is_same_title(signal.name, copy.title):
        return True
    if host is None:
        return False
    at = known.at_host(host)
    if copy.served.is_at(signal.url or "") or (at is not None and is_own(at, at.name, copy)):
        return True
    if REFERENCE.search(host) or _STUDY.search(site_of(host) or host):
        return True
    # The same path on another host is the site's other name, not another site.
    ours, theirs = page_key(copy.url), page_key(signal.url)
    return bool(ours and theirs and "/" in ours and ours.partition("/")[2] == theirs.partition("/")[2])


def _signed(copy: Copy, known: Directory, signal: Signal) -> Iterator[Hop]:
    for signature in signatures(signal.name or ""):
        party = known.party(signature.name, copy)
        if party is None or party.kind not in WIRES | {"syndicator"} or is_own(party, signature.name, copy):
            continue
        role: Role = "co" if signature.joint else "origin"
        yield make_hop(role, signature.name, party, "metadata", (signal.path, None, None), signal.evidence)
