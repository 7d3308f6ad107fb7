"""Evidence of syndication in one record: datelines, credit lines, source labels and bylines, each as a hop.

Whose name a name is, the caller's directory knows; nothing is read here but strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from corpus_tools.text.bylines import byline_at, is_signed, signatures
from corpus_tools.text.credits import Shape, credit_shapes, is_desk_code, is_of_photo, name_parts
from corpus_tools.text.datelines import datelines
from corpus_tools.text.hops import WIRES, Hop, Role, Slot
from corpus_tools.text.lines import ISSUER_TAIL, LABEL_HEAD, LABEL_TAIL, Line
from corpus_tools.text.outlet_names import Served, is_own_name_of_host
from corpus_tools.text.pages import is_domain_line
from corpus_tools.text.urls import host_of, page_key

_RIGHTS = re.compile(
    r"^(?:©|℗|\(c\)|copyright|\d{4}(?:\s?[-–]\s?\d{2,4})?|by|[\s,.:|])+|"
    r"(?:[,.]?\s*(?:all rights reserved|inc|ltd|llc|l\.?p|gmbh|plc|corp)\b\.?.*)$",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"”)\]]+", re.IGNORECASE)
_EDITORS = re.compile(
    r"^(?:red\.?|redaktion|redacci[oó]n|redação|redazione|rédaction|redakcja|redakce|redakcia|redaktionen|ред\.?|"
    r"редакция)\s*[/,+-]\s*|"
    r"\s*[/,+-]\s*(?:red\.?|redaktion|redacci[oó]n|redação|redazione|rédaction|redakcja|redakce|redakcia|redaktionen|"
    r"ред\.?|редакция)$",
    re.IGNORECASE,
)
_WITH = re.compile(r"^/?(?:with|mit|avec|con|com|med|met|dengan|theo)\s+", re.IGNORECASE)
# "Ana Lim avec AFP", "La rédaction (avec Reuters)" on a line of its own: who wrote, and with whose material.
_BESIDE_WRITER = re.compile(
    r"^(?:(?:la )?rédaction|(?-i:[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){1,3}))\s\(?(?:avec|mit)\s+", re.IGNORECASE
)
_BEHIND_LABEL = (":", "：", "http", "=", "ঃ", " - ", " – ", " — ", "] ", "】 ")
_LONGEST_SIGN = 500  # arbitrary: an author or copyright field beyond it holds prose, and its patterns would crawl
_ISSUER = re.compile(r"^SOURCE\s+(?P<name>[^.\n]{2,100})$")
REFERENCE = re.compile(
    r"(^|\.)(gov|edu|int|mil)(\.[a-z]{2})?$|(^|\.)(wikipedia|youtube|youtu|twitter|x|facebook|instagram|doi|arxiv|"
    r"amazon|google|reddit|github|scribd|vimeo|flickr|imgur|tiktok|telegram|t)\.(com|org|be|me)$"
)
"""Addresses that texts cite as references; they are nobody's story."""


class PartyLike(Protocol):
    """An agency or outlet, as far as evidence needs to know it."""

    @property
    def id(self) -> str: ...  # noqa: D102  # the names say it
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def country(self) -> str | None: ...  # noqa: D102
    @property
    def domains(self) -> Sequence[str]: ...  # noqa: D102
    def is_kin_of(self, other: Any) -> bool: ...  # noqa: D102  # `other` is a party of the same table, or None


class Directory(Protocol):
    """Who is who, and which words stand before and instead of names."""

    generic: frozenset[str]
    label: re.Pattern[str]

    def party(self, name: str, copy: Copy) -> PartyLike | None:
        """The party of a name; the outlet's country, else the language, decides between agencies of one code."""

    def in_dateline(self, name: str) -> PartyLike | None:
        """The party that a common word means in a dateline."""

    def in_bracket(self, name: str) -> PartyLike | None:
        """The party that a common word means in a bracket at the end."""

    def at_host(self, host: str | None) -> PartyLike | None:
        """The party that serves a host."""

    def nameless(self, name: str) -> str | None:
        """The word for agencies that a name is, or ends in behind a house's name."""

    def is_shared(self, code: str) -> bool:
        """Whether several agencies use this code."""


_NOBODY = Served(None, ())


@dataclass(slots=True)
class Copy:
    """One record as the trace sees it; `source` and `title` are filled on bare pages."""

    text: str
    title: str | None
    author: Any  # a text, a list of texts or null
    source: str | None
    url: str | None
    canonical_url: str | None
    copyright: str | None
    language: str | None
    head: list[Line]
    tail: list[Line]
    served: Served = _NOBODY
    party: PartyLike | None = None
    foreign_footer: Line | None = None

    @property
    def country(self) -> str | None:
        """The outlet's country: it decides between agencies of one code."""
        if self.party is not None:
            return self.party.country
        last = (self.served.host or "").rpartition(".")[2]
        return {"uk": "GB"}.get(last, last.upper()) if len(last) == 2 else None


def is_own(party: PartyLike | None, name: str, copy: Copy) -> bool:
    """Whether a party, or a name that no party has, is the outlet itself or one of its owner's papers."""
    if party is not None:
        if copy.party is not None:
            return party.is_kin_of(copy.party)
        if copy.served.host is not None and serves(party, copy.served.host):
            return True
        return copy.served.is_named(name) if copy.served.host is None else copy.served.bears(name)
    return copy.served.is_named(name)


def resolve(
    names: str, copy: Copy, known: Directory, *, among_people: bool = False
) -> list[tuple[str, PartyLike | None, bool]] | None:
    """The parties of a credit as (name, party, own); None unless every part of it is one, or a desk's mark.

    `among_people` lets other names stand beside them: "Ana Lim and Reuters contributed to this report."
    """
    resolved = []
    for part in [names] if known.party(names, copy) else _known_parts(names, copy, known):
        party = known.party(part, copy)
        own = copy.served.bears(part) if party is None else is_own(party, part, copy)
        if party is not None or own or known.is_shared(part):
            resolved.append((part, party, own))
        elif (agencies := known.nameless(part)) is not None:
            resolved.append((agencies, None, False))
        elif not among_people and not is_desk_code(part):
            return None
    return resolved or None


def _known_parts(names: str, copy: Copy, known: Directory) -> Iterator[str]:
    """The single names of a credit; a hyphen parts two only where both are known: TT-AFP, but Keystone-SDA."""
    for part in name_parts(names):
        pieces = re.split("[-–]", part)
        if len(pieces) == 2 and known.party(part, copy) is None and all(known.party(piece, copy) for piece in pieces):
            yield from pieces
        else:
            yield part


def make_hop(
    role: Role,
    name: str,
    party: PartyLike | None,
    slot: Slot,
    place: tuple[str, int | None, int | None],
    evidence: str,
    **more: Any,
) -> Hop:  # `more` is Hop's own url and confidence
    """A hop with what is known of its party; `place` is the field with the characters in it."""
    known = (party.name, party.id, party.kind) if party else (name, None, None)
    return Hop(role, known[0], slot, *place, evidence, known[1], known[2], **more)


def serves(party: PartyLike, host: str) -> bool:
    """Whether a host is one of the party's own."""
    return any(host == domain or host.endswith("." + domain) for domain in party.domains) or (
        party.kind not in WIRES and is_own_name_of_host(party.name, host)
    )


def from_datelines(copy: Copy, known: Directory, lines: Sequence[Line]) -> Iterator[Hop]:
    """The agency of the first dateline that names one: "KUALA LUMPUR, May 14 (Bernama) --"; `lines` may hold it."""
    for dateline in datelines(lines):
        shown = copy.text[dateline.start : dateline.end]
        for names in dateline.names:
            said = resolve(names, copy, known)
            if said is None and (any(map(str.isdigit, shown)) or shown[-1] not in ")）"):
                said = _in_place(names, known.in_dateline(names), copy)  # a common word needs a day or a dash beside it
            found = [some for some in said or () if some[1] is None or some[1].kind != "portal"]
            for name, party, own in found:
                role: Role = "own" if own else "origin"
                if party is not None and party.kind == "press_release":
                    role = "press"
                place = ("text", dateline.start, dateline.end)
                yield make_hop(role, name, party, "dateline", place, copy.text[dateline.start : dateline.end])
            if found:
                return


def _in_place(names: str, party: PartyLike | None, copy: Copy) -> list[tuple[str, PartyLike | None, bool]] | None:
    return None if party is None else [(names, party, is_own(party, names, copy))]


def in_slot(name: str, copy: Copy, known: Directory) -> list[tuple[str, PartyLike | None, bool]] | None:
    """The party of a common word behind a label or in a notice, where a name stands and nothing else: "इनपुट: भाषा"."""
    return _in_place(name, known.in_bracket(name) or known.in_dateline(name), copy)


def _is_sure(found: tuple[str, PartyLike | None, bool], shape: Shape, known: Directory) -> bool:
    """Whether a name is known, or stands for agencies in a bracket: "(Agencies)"."""
    name, party, own = found
    return party is not None or own or (shape == "bracket" and name.casefold() in known.generic)


def from_tail(copy: Copy, known: Directory) -> Iterator[Hop]:
    """The last credit line, "… –BLOOMBERG", and the issuer that a press release ends with, "SOURCE Acme"."""
    for credit in credit_shapes(copy.tail):
        joint = _WITH.match(credit.names) or _EDITORS.search(credit.names)
        names = _WITH.sub("", _EDITORS.sub("", credit.names)).strip("/ ")
        beside = _BESIDE_WRITER.match(credit.names) if credit.shape == "alone" else None
        if beside:
            joint, names = beside, credit.names[beside.end() :].rstrip(")")
        found = resolve(names, copy, known)
        if found is None and credit.shape == "bracket":
            found = _in_place(credit.names, known.in_bracket(credit.names), copy)
        if not found or any(party is not None and party.kind == "portal" and not own for _, party, own in found):
            continue
        wires = all(own or party is None or party.kind in WIRES for _, party, own in found)
        home = any(own for _, _, own in found)  # "ORF.at/Agenturen": beside the house's name the word means agencies
        sure = all(_is_sure(one, "bracket" if home or joint else credit.shape, known) for one in found)
        if credit.shape != "dash" and not (wires and sure):
            continue  # a paper's name in a bracket or alone on a line is mostly something else
        if credit.shape in ("slash", "alone", "desk", "signed") and all(own for _, _, own in found):
            continue
        if not wires and copy.text[: credit.start].rstrip()[-1:] in '”"’»':
            continue  # a paper's name after a quotation says who is quoted
        place = ("text", credit.start, credit.end)
        # "red/dpa", "– with AP": the outlet's own desk wrote it, with an agency's material.
        other: Role = "co" if joint and not joint[0].casefold().startswith("theo") else "origin"
        for name, party, own in found:
            yield make_hop(
                "own" if own else other, name, party, "credit_line", place, copy.text[credit.start : credit.end]
            )
        return
    for line in copy.tail[:ISSUER_TAIL]:
        issuer = _ISSUER.match(line.text)
        if issuer and host_of(issuer["name"]) is None:
            yield make_hop("issuer", issuer["name"], None, "credit_line", ("text", line.start, line.end), line.text)


def from_labels(copy: Copy, known: Directory) -> Iterator[Hop]:
    """What stands after a label: "Quelle: dpa", "Source: https://…"."""
    for line in [*copy.tail[:LABEL_TAIL], *_over_the_story(copy.head[:LABEL_HEAD])]:
        opening = line.text[:40]
        if len(line.text) > 300 or not any(sign in opening for sign in _BEHIND_LABEL) or is_of_photo(opening):
            continue
        label = known.label.match(line.text)
        if not label:
            continue
        place, value = ("text", line.start, line.end), label["value"]
        url = _URL.search(value)
        if url:
            yield from _from_address(copy, known, url[0].rstrip(".,;"), place, line.text)
            continue
        said = resolve(value, copy, known) or in_slot(value, copy, known)
        if not said and is_domain_line(value):
            yield from _from_address(copy, known, value, place, line.text)
        for name, party, own in said or ():
            if party is None or party.kind != "portal":
                yield make_hop("own" if own else "origin", name, party, "source_label", place, line.text)


def _over_the_story(head: Sequence[Line]) -> Iterator[Line]:
    """The lines above the first paragraph: further down a label is a table's."""
    for line in head:
        yield line
        if len(line.text) > 150:
            return


def _from_address(copy: Copy, known: Directory, url: str, place: tuple[str, int, int], evidence: str) -> Iterator[Hop]:
    named = is_domain_line(url)
    url = url if "://" in url else "http://" + url
    host = host_of(url)
    if host is None or (page_key(url) is None and not named) or REFERENCE.search(host) or copy.served.is_at(url):
        return
    party = known.at_host(host)
    if party is not None and is_own(party, party.name, copy):
        return
    yield make_hop("origin", host, party, "source_label", place, evidence, url=url)


def from_bylines(copy: Copy, known: Directory, head: Sequence[Line]) -> Iterator[Hop]:
    """Agencies that sign in the author field or in a line of the head: "By Associated Press", "mit dpa"."""
    bylines: list[tuple[str, str, int | None, bool]] = []
    if isinstance(copy.author, str):
        bylines.append((copy.author, "author", 0, True))
    elif isinstance(copy.author, list):
        bylines += [(item, "author", None, True) for item in copy.author if isinstance(item, str)]
    first = 1 if head and copy.served.bears(head[0].text) else 0
    bylines += [
        (line.text, "text", line.start, is_signed(line.text)) for line in byline_at(list(_over_the_story(head[first:])))
    ]
    for byline, where, at, signed in bylines:
        if len(byline) > _LONGEST_SIGN:
            continue
        names = signatures(byline)
        if len(names) > 4:
            continue  # more names than a story has signers: those of the page's other stories are among them
        for name in names:
            party = known.party(name.name, copy)
            agencies = known.nameless(name.name) if party is None and (signed or name.joint) else None
            if agencies is None and (party is None or not _may_sign(party, name.name, len(names), where, copy)):
                continue
            own = party is not None and is_own(party, name.name, copy)
            if not signed and (len(names) > 1 or own or party is None or party.kind not in WIRES):
                continue
            # Its own outlet beside it, or the word "with", makes an agency's name a co-credit.
            joint = name.joint or any(other is not name and copy.served.bears(other.name) for other in names)
            role: Role = "own" if own else "co" if joint else "origin"
            place = (where, None, None) if at is None else (where, at + name.start, at + name.end)
            yield make_hop(role, agencies or name.name, party, "byline", place, byline if at is None else name.name)


def _may_sign(party: PartyLike, name: str, signers: int, where: str, copy: Copy) -> bool:
    """Whether a party of this kind signs stories: agencies do; a paper where it has the author field to itself."""
    if party.kind in WIRES | {"syndicator", "broadcaster", "nonprofit"}:
        return True
    alone = where == "author" and signers == 1 and party.kind == "outlet"
    return alone and copy.served.host is not None and not copy.served.is_named(name)


def from_copyright(copy: Copy, known: Directory) -> Iterator[Hop]:
    """Whose rights the copyright field names: an agency's are a credit, the outlet's own are its own sign."""
    if copy.copyright is None or len(copy.copyright) > _LONGEST_SIGN:
        return
    name = _RIGHTS.sub("", _RIGHTS.sub("", copy.copyright).strip())
    party = known.party(name, copy)
    own = is_own(party, name, copy) if party is not None else copy.served.bears(name)
    if own or (party is not None and party.kind in WIRES | {"syndicator"}):
        role: Role = "own" if own else "origin"
        yield make_hop(role, name, party, "copyright_notice", ("copyright", 0, len(copy.copyright)), copy.copyright)
