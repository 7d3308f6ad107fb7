"""Who is who in a credit: the rule tables as one directory, compiled once for each rule file."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from typing import get_args

from corpus_tools.errors import RuleError
from corpus_tools.rules.credits import Wording, wordings
from corpus_tools.rules.footers import Footer, footers
from corpus_tools.rules.parties import Kind, Party, name_key, parties
from corpus_tools.text.candidates import Names
from corpus_tools.text.columns import SPACE, patterns_of, quoted
from corpus_tools.text.evidence import Copy
from corpus_tools.text.hops import WIRES
from corpus_tools.text.notices import MAY_HOLD
from corpus_tools.text.pages import is_domain_line
from corpus_tools.text.remembered import remembered
from corpus_tools.text.templates import TemplateSet, compile_template
from corpus_tools.text.urls import host_of

_MOST_HOUSE_WORDS = 5  # arbitrary: a house's name and the words behind it; what is longer is a sentence


class Directory:
    """The parties by name, code and host, the words that stand before names, and the sentences that hold them."""

    def __init__(self, own: str | None) -> None:
        self.parties = parties(own)
        told = wordings(own)
        named: tuple[Footer | Wording, ...] = (*footers(own), *told.sentences)
        for row in named:
            if row.party is not None and row.party not in self.parties.by_id:
                raise RuleError(f"The row {row.template!r} names the party {row.party!r}, and no row has that id.")
        self.generic = told.generic
        before = "|".join(
            re.escape(word) if word.endswith("'") else re.escape(word) + r"\s"
            for word in sorted(told.before_name, key=len, reverse=True)
        )
        self.before_name = re.compile(f"(?:{before})+".replace("'", "['’]"), re.IGNORECASE)
        self._house_generic = tuple(f" {word}" for word in told.house_generic)
        self.sentences: TemplateSet[Footer | Wording] = TemplateSet(
            [
                *((row, compile_template(row.template, whole=row.kind == "feed")) for row in footers(own)),
                *((row, compile_template(row.template, whole=False)) for row in told.sentences),
            ]
        )
        self._labels = told.source_labels
        labels = "|".join(re.escape(word) for word in sorted(self._labels, key=len, reverse=True))
        self.label = re.compile(
            rf"^[*(（\[【]{{0,2}}(?:{labels})(?:[\]】]?\s*[:：=ঃ]|[\]】]\s|\s[-–—]\s|\s*(?=https?://))\s*"
            r"(?P<value>\S.*?)[)）\]】]?$",
            re.IGNORECASE,
        )
        self.at_host = self.parties.at_host
        self.is_shared = self.parties.is_shared
        self.in_dateline, self.in_bracket = self.parties.in_dateline, self.parties.in_bracket

    @functools.cached_property
    def signs(self) -> tuple[str, ...]:
        """Patterns (RE2), of which every line holds one in which a footer, a wording or a notice stands."""
        # Literals only: with one anchor among so many, RE2 takes ten times as long.
        first, *others = patterns_of(self.sentences.guards)
        return f"{first}|{MAY_HOLD}", *others

    @functools.cached_property
    def label_signs(self) -> str:
        """A pattern (RE2) that every line holds which a label opens."""
        labels = "|".join(sorted(map(quoted, self._labels)))
        return (
            rf"(?i)\A[{SPACE}]*[*(（\[【]{{0,2}}(?:{labels})[\]】]?[{SPACE}]*(?:[:：=ঃ]|[-–—\]】][{SPACE}]|https?://)"
        )

    def sentences_in(self, line: str) -> tuple[tuple[Footer | Wording, re.Match[str]], ...]:
        """The footers and wordings that stand in a line, in the order of their tables."""
        return _sentences_in(self, line)

    @functools.cached_property
    def wires(self) -> Names:
        """Whose bare name at the end of a text is a credit."""
        return self._names_of(WIRES)

    @functools.cached_property
    def signers(self) -> Names:
        """Whoever may sign a text beside a person: agencies, and "agencies"."""
        return self._names_of([kind for kind in get_args(Kind) if kind not in ("outlet", "portal")])

    def may_sign(self, author: str) -> bool:
        """Whether an author field may name an agency, or a paper alone; true of few.

        >>> directory().may_sign("By Jo Lim, Reuters"), directory().may_sign("By Jo Lim")
        (True, False)
        """
        return _may_sign(self, author)

    @functools.cached_property
    def papers(self) -> frozenset[str]:
        """The names of all papers, as `name_key` writes them."""
        return frozenset(self.parties.spellings({"outlet"})[0])

    def nameless(self, name: str) -> str | None:
        """The word for agencies that a name is, or ends in behind a house's name; else None.

        >>> [directory().nameless(name) for name in ("Agencies", "Herald wire services", "The Herald")]
        ['Agencies', 'wire services', None]
        """
        folded = name.casefold()
        if folded in self.generic:
            return name
        behind = max((len(word) for word in self._house_generic if folded.endswith(word)), default=0)
        return name[1 - behind :] if behind and name.count(" ") <= _MOST_HOUSE_WORDS else None

    def _names_of(self, kinds: Collection[str]) -> Names:
        names, codes = self.parties.spellings(kinds)
        return Names({*self.generic, *names}, codes)

    def is_party(self, name: str) -> bool:
        """Whether a name is some party's; true of few outlets."""
        return _party(self, name, None, None) is not None

    def party(self, name: str, copy: Copy) -> Party | None:
        """The party of a name; the outlet's country, else the language, decides between those of one name or code."""
        return _party(self, name, copy.country, copy.language)


@remembered(4096)  # an outlet has few writers
def _may_sign(known: Directory, author: str) -> bool:
    return known.signers.are_in(author) or name_key(author) in known.papers


@remembered(4096)  # few names stand in most credits
def _party(known: Directory, name: str, country: str | None, language: str | None) -> Party | None:
    parties = known.parties
    party = parties.local(name, country) or parties.named(name) or parties.coded(name.strip(), country, language)
    if party is None:
        first, _, rest = name.partition(" ")  # "Agensi Anadolu"
        party = parties.named(rest) if rest and first.casefold() in known.generic else None
    if party is None:
        before = known.before_name.match(name)
        bare = parties.named(name[before.end() :]) if before else None
        party = bare if bare is not None and bare.kind in WIRES else None  # "der Standard" is named by its own name
    return parties.at_host(host_of(name)) if party is None and is_domain_line(name) else party


@remembered(16_384)  # an outlet has few such lines, and has them under every story
def _sentences_in(known: Directory, line: str) -> tuple[tuple[Footer | Wording, re.Match[str]], ...]:
    return tuple((rule, match) for _, rule, match in known.sentences.matches([line]))


@functools.cache
def directory(own: str | None = None) -> Directory:
    """The directory of our tables and of the user's rule file `own`."""
    return Directory(own)
