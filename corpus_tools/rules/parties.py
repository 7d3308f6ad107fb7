"""Parties: the agencies and outlets that a credit, an address or a header line can name.

The facts stand in agencies.toml and outlets.toml, one row a party, and in `[[agency]]` and `[[outlet]]` rows of the
user's own rule file. Two rows that claim one name, code or domain are an error that names both.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import frozen, rows

Kind = Literal[
    "wire", "state_wire", "press_release", "nonprofit", "broadcaster", "syndicator", "portal", "outlet"
]  # fmt: skip

_OUTER = re.compile(r"^\W+|\W+$")
_PLACED = re.compile(r"^(.+) \([^()]+\)$")


@dataclass(frozen=True, slots=True)
class Party:
    """An agency or outlet. `codes` are written as they stand; `shared` codes belong to several parties.

    `datelined` and `bracketed` names are common words: they count only in a dateline, or in a bracket that ends a text.
    `heads`, `tails` and `near_misses` are the row's own examples: openings and endings of an article that credit
    this party, and ones that look alike and credit nobody.
    """

    id: str
    name: str
    kind: Kind = "outlet"
    country: str | None = None
    languages: tuple[str, ...] = ()
    owner: str | None = None
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    datelined: tuple[str, ...] = ()
    bracketed: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()

    def is_kin_of(self, other: Party | None) -> bool:
        """Whether both are one party, or belong to one owner."""
        return other is not None and (self.id == other.id or (self.owner is not None and self.owner == other.owner))


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """All parties, found by id, by name or by host."""

    by_id: Mapping[str, Party]
    _names: Mapping[str, Party]
    _codes: Mapping[str, Party]
    _shared: Mapping[str, tuple[Party, ...]]
    _domains: Mapping[str, Party]
    _datelined: Mapping[str, Party]
    _bracketed: Mapping[str, Party]
    _local: Mapping[tuple[str, str], Party]

    def named(self, name: str) -> Party | None:
        """The party of that name: names, aliases and native names in any case, codes only as they are written.

        >>> parties().named("associated press").id, parties().named("AP").id, parties().named("ap")
        ('ap', 'ap', None)
        """
        return self._codes.get(name.strip()) or self._names.get(name_key(name))

    def local(self, name: str, country: str | None) -> Party | None:
        """The paper that a name of many papers means in an outlet of that country: "The Star" in Kenya.

        Such a paper's row is named with its place, "The Star (Kenya)".

        >>> star = parties().local
        >>> star("The Star", "KE").id, star("The Star", "MY").id, star("The Star", "FR")
        ('the-star-ke', 'the-star-my', None)
        """
        return None if country is None else self._local.get((name_key(name), country))

    def bearers(self, name: str) -> tuple[Party, ...]:
        """The papers whose row is named with a place because others bear the name too: "The Guardian (Nigeria)".

        >>> [party.country for party in parties().bearers("The Guardian")], parties().bearers("Harbour Times")
        (['NG'], ())
        """
        key = name_key(name)
        return tuple(party for (named, _), party in self._local.items() if named == key)

    def coded(self, code: str, country: str | None, language: str | None = None) -> Party | None:
        """The party that a code of several means in an outlet of that country, else in a text of that language.

        None where it stays open.

        >>> parties().coded("CNA", "TW").id, parties().coded("CNA", "FR"), parties().coded("CNA", None, "zh").id
        ('cna-tw', None, 'cna-tw')
        """
        claimants = self._shared.get(code, ())
        nearest = [party for party in claimants if party.country == country]
        if not nearest and language is not None:
            nearest = [party for party in claimants if language.partition("-")[0] in party.languages]
        return nearest[0] if len(nearest) == 1 else None

    def in_dateline(self, name: str) -> Party | None:
        """The party that a common word means in a dateline: `(Petra)`, `/ وام /`."""
        return self._datelined.get(name)

    def in_bracket(self, name: str) -> Party | None:
        """The party that a common word means in a bracket that ends a text: `（時事）`."""
        return self._bracketed.get(name)

    def is_shared(self, code: str) -> bool:
        """Whether several parties use this code."""
        return code in self._shared

    def at_host(self, host: str | None) -> Party | None:
        """The party that serves this host: that of the longest domain it ends in.

        >>> parties().at_host("cn.reuters.com").id, parties().at_host("notreuters.com")
        ('reuters', None)
        """
        while host:
            if host in self._domains:
                return self._domains[host]
            host = host.partition(".")[2]
        return None

    def spellings(self, kinds: Collection[str]) -> tuple[set[str], set[str]]:
        """The names of all parties of these kinds, as `name_key` writes them, and their codes."""
        names, codes = set(), set()
        for party in self:
            if party.kind in kinds:
                names |= {name_key(name) for name in (party.name, *party.aliases, *party.native, *party.bracketed)}
                names |= {*party.domains}
                codes |= {*party.codes, *party.shared}
        return names | {name for (name, _), party in self._local.items() if party.kind in kinds}, codes

    def __iter__(self) -> Iterator[Party]:
        return iter(self.by_id.values())


def name_key(name: str) -> str:
    """A name without case, article, outer punctuation and double spaces: two spellings of one name have one key.

    >>> name_key("The  Malaysian Reserve."), name_key("–BLOOMBERG")
    ('malaysian reserve', 'bloomberg')
    """
    key = " ".join(name.casefold().replace("’", "'").split())
    if not (key[:1].isalnum() and key[-1:].isalnum()):
        key = _OUTER.sub("", key)
    return key.removeprefix("the ")


@functools.cache
def parties(own: str | None = None) -> Parties:
    """Every party of our tables and of the user's rule file `own`. Raises RuleError where two rows clash."""
    found = [*_read("agencies", "agency", own), *_read("outlets", "outlet", own)]
    by_id: dict[str, Party] = {}
    names: dict[str, Party] = {}
    codes: dict[str, Party] = {}
    domains: dict[str, Party] = {}
    shared: dict[str, list[Party]] = {}
    datelined: dict[str, Party] = {}
    bracketed: dict[str, Party] = {}
    for party in found:
        _claim(by_id, [party.id], party, "id")
        _claim(names, [name_key(name) for name in (party.name, *party.aliases, *party.native)], party, "name")
        _claim(codes, party.codes, party, "code")
        _claim(domains, party.domains, party, "domain")
        _claim(datelined, party.datelined, party, "name in datelines")
        _claim(bracketed, party.bracketed, party, "name in brackets")
        for code in party.shared:
            shared.setdefault(code, []).append(party)
    for code, claimants in shared.items():
        if code in codes:
            raise RuleError(f"{codes[code].id} has {code!r} among its codes, and {claimants[0].id} calls it shared.")
    local: dict[tuple[str, str], Party] = {}
    for party in found:
        placed = _PLACED.match(party.name)
        if placed and party.country and party.kind in ("outlet", "broadcaster"):
            local.setdefault((name_key(placed[1]), party.country), party)
    together = {code: tuple(some) for code, some in shared.items()}
    return Parties(by_id, names, codes, together, domains, datelined, bracketed, local)


def _claim(table: dict[str, Party], keys: Iterable[str], party: Party, what: str) -> None:
    for key in keys:
        other = table.setdefault(key, party)
        if other is not party:
            raise RuleError(f"The rows {other.id!r} and {party.id!r} claim the same {what} {key!r}. Keep it in one.")


def _read(table: str, kind: str, own: str | None) -> list[Party]:
    return [_party(row, kind) for row in rows(table, kind, own)]


def _party(row: dict[str, Any], table: str) -> Party:
    if row.get("kind", "outlet") not in get_args(Kind):
        raise RuleError(f"The {table} row {row['id']!r} has the kind {row['kind']!r}; there are {get_args(Kind)}.")
    return Party(**frozen(row))
