"""Hops and chains: pieces of evidence, put in order from the story's origin to the outlet that served this copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from corpus_tools.text.outlet_names import is_name_of_host
from corpus_tools.text.urls import host_of

Slot = Literal[
    "dateline", "byline", "credit_line", "source_label", "feed_footer", "republication_notice", "copyright_notice",
    "page_header", "metadata",
]  # fmt: skip
Role = Literal["origin", "distributor", "publisher", "republisher", "co", "own", "press", "issuer", "feed"]
Status = Literal["original", "syndicated", "co_credited", "press_release", "unknown"]

_CONFIDENCE: dict[Slot, float] = {
    "dateline": 0.95, "credit_line": 0.9, "byline": 0.85, "source_label": 0.85, "feed_footer": 0.9,
    "republication_notice": 0.9, "copyright_notice": 0.8, "page_header": 0.95, "metadata": 0.6,
}  # fmt: skip
_UNKNOWN_NAME = 0.8
"""What is left of a confidence where no row of the tables knows the name (arbitrary)."""
# Slots that only a reprint has. An agency's own page has its dateline, its byline and its © line too, so
# where nobody knows who served a copy, those say whose story it is and not that it was syndicated.
_REPRINT_SLOTS = frozenset({"credit_line", "source_label", "feed_footer", "republication_notice"})
_WRITERS_SLOTS = frozenset({"dateline", "byline", "credit_line", "source_label", "copyright_notice"})
_REPRINTERS_SLOTS = frozenset({"republication_notice", "metadata"})
WIRES = frozenset({"wire", "state_wire"})
"""Kinds whose bare name at the end of an article is a credit: they live by selling stories."""

_AGENCY_KINDS = WIRES | {"press_release", "syndicator"}


class Hop(NamedTuple):
    """One piece of evidence.

    Beside the contract's roles, `role` may be "co" (material of this agency was used), "own" (the outlet's own sign),
    "press" (a press-release wire), "issuer" (whose press release it is) and "feed" (the feed that was pulled, or an
    agency's that nobody names).

    `kind` is the party's. `start` to `end` are characters of `field`; they are None where the field is a list.
    """

    role: Role
    name: str | None
    slot: Slot
    field: str
    start: int | None
    end: int | None
    evidence: str | None
    id: str | None = None
    kind: str | None = None
    url: str | None = None
    confidence: float | None = None

    def told(self, role: Role | None = None) -> dict[str, Any]:
        """The hop as the contract writes it."""
        told = {key: getattr(self, key) for key in ("role", "name", "id", "url", "slot", "field", "start", "end")}
        return told | {"role": role or self.role, "evidence": self.evidence, "confidence": self.worth}

    @property
    def worth(self) -> float:
        """Its confidence: its own where it has one, else its slot's, less where the name stands in no table."""
        if self.confidence is not None:
            return self.confidence
        base = _CONFIDENCE[self.slot]
        return base if self.id is not None else round(base * _UNKNOWN_NAME, 2)

    def backed_by(self, other: Hop) -> Hop:
        """The hop with the confidence of both pieces of evidence, which count as independent in two slots."""
        if self.slot == other.slot:
            return self
        return self._replace(confidence=min(0.99, round(1 - (1 - self.worth) * (1 - other.worth), 2)))


class Chain(NamedTuple):
    """What the evidence amounts to. `because` is the hop behind the status."""

    status: Status
    hops: list[dict[str, Any]] | None = None
    origin: str | None = None
    because: Hop | None = None


def chain_of(found: Iterable[Hop], outlet: Hop | None, generic: frozenset[str]) -> Chain:
    """The chain that evidence (strongest first) and the outlet of this copy make.

    `generic` are names that stand for "agencies" and name none, case-folded.
    """
    hops = _unique(found)
    press = [hop for hop in hops if hop.role == "press"]
    origins = _with_addresses([hop for hop in hops if hop.role == "origin"])
    passed = [hop for hop in hops if hop.role == "distributor"]
    feeds = [hop for hop in hops if hop.role == "feed"]
    own = [hop for hop in hops if hop.role == "own"]
    joint = [hop for hop in hops if hop.role == "co"]
    if press:
        return _press_release(press, [hop for hop in hops if hop.role == "issuer"], outlet)
    if origins and own and own[0].slot in ("dateline", "byline", "credit_line") and not feeds:
        # Its own sign beside another's: "— Majoriti/Agensi". The outlet wrote it, with the other's material.
        joint = [*origins, *joint]
        origins = []
    if origins or passed or feeds:
        writers = [hop for hop in origins if hop.kind in _AGENCY_KINDS and hop.slot in _WRITERS_SLOTS]
        if writers:
            # "–BLOOMBERG" above "This article first appeared in The Malaysian Reserve": the paper is a hop between.
            between = [hop for hop in origins if hop.kind not in _AGENCY_KINDS and hop.slot in _REPRINTERS_SLOTS]
            origins = [hop for hop in origins if hop not in between]
            feeds = _unique([*feeds, *(hop._replace(role="feed") for hop in between)])
        return _syndicated(origins, passed, feeds, outlet, generic)
    if joint:
        hops_told = [hop.told("origin") for hop in joint]
        if outlet is not None:
            hops_told.append(outlet.told("publisher"))
        return Chain("co_credited", hops_told, _name_of(outlet), joint[0])
    if own:
        signed = own[0]._replace(name=outlet.name, id=outlet.id, url=outlet.url) if outlet else own[0]
        return Chain("original", [signed.told("origin")], _name_of(signed), own[0])
    return Chain("unknown")


def _syndicated(
    origins: Sequence[Hop], passed: Sequence[Hop], feeds: Sequence[Hop], outlet: Hop | None, generic: frozenset[str]
) -> Chain:
    named = [hop for hop in feeds if hop.name is not None]
    first = (*origins, *named, *passed, *feeds)[0]
    chain = [hop.told("origin") for hop in origins]
    # The footer names the feed that was pulled. Where nothing above it names a writer, that is all we know of one.
    chain += [hop.told("distributor") for hop in passed]
    chain += [hop.told("publisher" if origins or number else "origin") for number, hop in enumerate(named)]
    through = [hop for hop in (*origins, *named) if hop.kind not in _AGENCY_KINDS and not _is_nameless_agency(hop)]
    if outlet is not None:
        chain.append(outlet.told("republisher" if through else "publisher"))
    elif not any(hop.slot in _REPRINT_SLOTS for hop in (*origins, *passed, *feeds)):
        return Chain("unknown", chain, _name_of(first))
    origin = next((hop for hop in (*origins, *named) if not _is_generic(hop, generic)), None)
    return Chain("syndicated", chain, _name_of(origin), first)


def _press_release(press: Sequence[Hop], issuers: Sequence[Hop], outlet: Hop | None) -> Chain:
    chain = [hop.told("origin") for hop in issuers]
    own_page = outlet is not None and outlet.id == press[0].id
    chain += [hop.told("publisher" if own_page else "distributor") for hop in press]
    if outlet is not None and not own_page:
        chain.append(outlet.told("publisher"))
    return Chain("press_release", chain, _name_of(issuers[0]) if issuers else None, press[0])


def _unique(found: Iterable[Hop]) -> list[Hop]:
    """Each party once for each role, as its first piece of evidence has it.

    A second piece adds its address and its confidence.
    """
    kept: dict[tuple[str, str], Hop] = {}
    for hop in found:
        key = (hop.role, hop.id or (hop.name or "").casefold())
        known = kept.get(key)
        if known is None:
            kept[key] = hop
        else:
            kept[key] = known.backed_by(hop)._replace(url=known.url or hop.url)
    credited = {hop.id for hop in kept.values() if hop.role in ("origin", "press") and hop.id}
    return [hop for hop in kept.values() if not (hop.role in ("co", "distributor") and hop.id in credited)]


def _with_addresses(origins: Sequence[Hop]) -> list[Hop]:
    """Each origin once: "by River Plan" and "Source: https://riverplan.example/rain" are one, with that address."""
    kept: list[Hop] = []
    for hop in origins:
        host = host_of(hop.url) if hop.id is None and hop.slot == "source_label" else None
        named = (at for at, other in enumerate(kept) if host and other.name and is_name_of_host(other.name, host))
        at = next(named, None)
        if at is None:
            kept.append(hop)
        else:
            kept[at] = kept[at].backed_by(hop)._replace(url=kept[at].url or hop.url)
    return kept


def _is_nameless_agency(hop: Hop) -> bool:
    """Whether a hop is an agency that no row names: a code of several, or "Agencies"."""
    return hop.id is None and hop.slot in ("dateline", "byline", "credit_line")


def _is_generic(hop: Hop, generic: frozenset[str]) -> bool:
    return hop.id is None and (hop.name or "").casefold() in generic


def _name_of(hop: Hop | None) -> str | None:
    return None if hop is None else hop.id or hop.name
