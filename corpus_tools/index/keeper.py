"""Which copy of a story is kept: the rules, in their order, each a small function.

A rule gives a value of one record; the smallest value wins, and equal values leave it to the next rule. The last one
leaves nothing open. Longest first or earliest first alone would be wrong: most longer copies are longer by furniture,
and an outlet's clock can run ahead of the agency's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tools.errors import RuleError, UnknownName
from corpus_tools.index.notes import Note
from corpus_tools.rules import load
from corpus_tools.rules.parties import Parties
from corpus_tools.text.urls import host_of, page_key, site_of

_DAY = 86_400_000_000
_NEVER = (1 << 62, 0)
_EQUALLY_LONG = 0.98
_FURNITURE_SHARE = 0.1
_POINTING_SLOTS = frozenset(("feed_footer", "republication_notice", "source_label"))


@dataclass(slots=True, eq=False)
class Facts:
    """What the records of one cluster know together; `gather` fills it, one record after the other.

    `own_shingles` maps the number of a record to how much of its text no other copy has.
    """

    parties: Parties
    origins: set[str] = field(default_factory=set)
    pages_pointed_at: set[str] = field(default_factory=set)
    outlets_pointed_at: set[str] = field(default_factory=set)
    days_without_time: set[int] = field(default_factory=set)
    longest: float = 0
    own_shingles: Mapping[int, int] = field(default_factory=dict)
    _page_times: dict[str, list[tuple[int | None, int | None, int | None]]] = field(default_factory=dict)
    _latest: dict[str, tuple[int, int]] = field(default_factory=dict)

    def gather(self, note: Note, number: int) -> None:
        """Take in one record."""
        mine = identities(note, self.parties) if note.hops else set()
        for hop in note.hops:
            names = _names_of(hop.id, hop.name, hop.url, self.parties)
            if hop.role == "origin":
                self.origins |= names
            if hop.slot in _POINTING_SLOTS and names.isdisjoint(mine):
                self.outlets_pointed_at |= names
                if hop.url:
                    self.pages_pointed_at.add(page_key(hop.url) or hop.url)
        if note.canonical_key and note.canonical_key != note.url_key:
            self.pages_pointed_at.add(note.canonical_key)
        if note.published is not None and note.published % _DAY == 0:
            self.days_without_time.add(note.published // _DAY)
        if not note.truncated:
            self.longest = max(self.longest, self.article_words(note, number))
        if note.page:
            self._page_times.setdefault(note.page, []).append((note.modified, note.retrieved, note.published))

    def settle(self) -> None:
        """Work out the latest version of each page, once every record was gathered."""
        for page, times in self._page_times.items():
            for column in range(3):
                known = [time for row in times if (time := row[column]) is not None]
                if len(known) == len(times) and min(known) < max(known):
                    self._latest[page] = (column, max(known))
                    break
        self._page_times.clear()

    def article_words(self, note: Note, number: int) -> int:
        """How long a copy is, without the little that no other copy has: that is furniture more often than article."""
        own = self.own_shingles.get(number, 0)
        return note.words - (own if own <= _FURNITURE_SHARE * note.words else 0)

    def is_superseded(self, note: Note) -> bool:
        """Whether the same page was collected in a later version."""
        if note.page not in self._latest:
            return False
        column, latest = self._latest[note.page]
        time = (note.modified, note.retrieved, note.published)[column]
        return time is None or time < latest


def identities(note: Note, parties: Parties) -> set[str]:
    """The names under which others may point at this record's outlet: party, site, source."""
    source = note.value("source")
    source = source if isinstance(source, str) else ""
    url = note.value("url")
    return _names_of(None, source, url if isinstance(url, str) else None, parties) | {note.outlet} - {""}


def _names_of(known: str | None, name: str, url: str | None, parties: Parties) -> set[str]:
    party = parties.by_id.get(known) if known else None
    host = host_of(url) or host_of(name)
    party = party or parties.at_host(host) or (parties.named(name) if name else None)
    names = {f"party {party.id}"} if party else set()
    return names | ({site_of(host) or ""} | {name.strip().casefold()} - {""}) - {""}


def latest_version(note: Note, facts: Facts, _number: int) -> Any:
    """Of one page collected twice, the later version."""
    return facts.is_superseded(note)


def origins_own_page(note: Note, facts: Facts, _number: int) -> Any:
    """R1: the page of the agency or outlet that any copy credits as the origin."""
    return not facts.origins or facts.origins.isdisjoint(identities(note, facts.parties))


def pointed_at(note: Note, facts: Facts, _number: int) -> Any:
    """R2: the copy that others name as theirs, by canonical address, feed footer or republication notice."""
    if note.url_key and note.url_key in facts.pages_pointed_at:
        return False
    pointed = facts.outlets_pointed_at
    return not pointed or pointed.isdisjoint(identities(note, facts.parties))


def direct_subscriber(note: Note, _facts: Facts, _number: int) -> Any:
    """R3: an outlet that credits the origin and got the story from it, not from another outlet."""
    roles = {hop.role for hop in note.hops}
    return not ("origin" in roles and "republisher" not in roles)


def completeness(note: Note, facts: Facts, number: int) -> Any:
    """R4: not broken off, then the longest, where a few words more or less make no difference."""
    return note.truncated, facts.article_words(note, number) < _EQUALLY_LONG * facts.longest


def fidelity(note: Note, facts: Facts, number: int) -> Any:
    """R5: no damaged characters, then the least text that no other copy has."""
    return note.damaged, facts.own_shingles.get(number, 0)


def earliest(note: Note, facts: Facts, _number: int) -> Any:
    """R6: published first. Midnight sharp is a date without a time, and then the day decides."""
    if note.published is None:
        return _NEVER
    day = note.published // _DAY
    return day, 0 if day in facts.days_without_time else note.published % _DAY


def provenance(note: Note, _facts: Facts, _number: int) -> Any:
    """R7: fewest errors of provenance."""
    return note.errors


def content_hash(note: Note, _facts: Facts, _number: int) -> Any:
    """R8: arbitrary but the same on every machine: smallest hash of the text, then the shorter and smaller id."""
    return note.content, len(note.id or ""), note.id or ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name in rule files, what `duplicate_reason` says of it, and the value it gives a record."""

    name: str
    says: str
    value: Callable[[Note, Facts, int], Any]


RULES: tuple[Rule, ...] = (
    Rule("latest_version", "latest version of the page", latest_version),
    Rule("R1", "R1 origin's own page", origins_own_page),
    Rule("R2", "R2 other copies point at it", pointed_at),
    Rule("R3", "R3 direct subscriber", direct_subscriber),
    Rule("R4", "R4 most complete", completeness),
    Rule("R5", "R5 most faithful", fidelity),
    Rule("R6", "R6 published first", earliest),
    Rule("R7", "R7 best provenance", provenance),
    Rule("R8", "R8 smallest content hash", content_hash),
)

Order = tuple[int, ...]
"""The places of all rules in `RULES`, in the order they are asked."""

Rank = tuple[Any, ...]


def order_of(rules: str | None = None) -> Order:
    """The order of policy.toml; rules that the user's file names in `[[keeper]]` rows come first, as they stand there.

    >>> [RULES[place].name for place in order_of()][:3]
    ['latest_version', 'R1', 'R2']
    """
    places = {rule.name: place for place, rule in enumerate(RULES)}
    order: list[int] = []
    for rows, whose in ((load.own_table(rules).get("keeper", []) if rules else [], rules),
                        (load.table("policy")["keeper"], "policy.toml")):  # fmt: skip
        named: list[str] = []
        for row in rows:
            name = row["rule"]
            if name not in places:
                raise UnknownName(f"keeper rule in {whose}", name, places)
            if name in named:
                raise RuleError(f"{whose} names the keeper rule {name!r} twice. Take one of the [[keeper]] rows out.")
            named.append(name)
            if places[name] not in order:
                order.append(places[name])
    return tuple(order)


def rank(note: Note, facts: Facts, number: int, order: Order) -> Rank:
    """The values of all rules for one record, then its place in reading order; the smallest is kept."""
    return (*(RULES[place].value(note, facts, number) for place in order), number)


def reason(kept: Rank, left: Rank, order: Order, *, same_page: bool = True) -> int:
    """The place in `RULES` of the rule by which `kept` won over `left`; only one page has versions."""
    for place, mine, yours in zip(order, kept, left, strict=False):
        if mine != yours and (same_page or RULES[place].value is not latest_version):
            return place
    return order[-1]


def gathered(notes: Iterable[tuple[int, Note]], parties: Parties, own_shingles: Mapping[int, int]) -> Facts:
    """The facts of one cluster, from its records and their numbers."""
    facts = Facts(parties, own_shingles=own_shingles)
    for number, note in notes:
        facts.gather(note, number)
    facts.settle()
    return facts
