"""Who wrote this text, who passed it on, and who printed this copy: the syndication chain, each hop with its evidence.

A name counts only where a credit stands: dateline, byline, the end of the text, a label, a footer, a © line, the
metadata. In prose it is attribution, and "previously reported by Bloomberg" credits nobody.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from corpus_tools import cells
from corpus_tools.contract import COLUMNS
from corpus_tools.protocol import Log, step
from corpus_tools.rules.credits import Wording
from corpus_tools.rules.directory import Directory, directory
from corpus_tools.rules.footers import Footer
from corpus_tools.rules.parties import Party
from corpus_tools.text.candidates import Candidates, candidates
from corpus_tools.text.credits import is_of_photo
from corpus_tools.text.declared import from_signals
from corpus_tools.text.evidence import (
    Copy,
    PartyLike,
    from_bylines,
    from_copyright,
    from_datelines,
    from_labels,
    from_tail,
    in_slot,
    is_own,
    make_hop,
    resolve,
    serves,
)
from corpus_tools.text.hops import WIRES, Chain, Hop, Role, Slot, chain_of
from corpus_tools.text.line_table import lines_of
from corpus_tools.text.lines import Line, head_lines, tail_lines
from corpus_tools.text.outlet_names import Served, is_same_name, may_be_site, serving_host, site_named
from corpus_tools.text.pages import headline_of, is_domain_line, is_same_title
from corpus_tools.text.signals import KEYS, key_of, may_declare, signals
from corpus_tools.text.urls import host_of, is_absolute, page_key, site_of

_READ = (
    "title", "source", "url", "canonical_url", "copyright", "language", "source_file", "syndication_status", "origin"
)  # fmt: skip
_OWN_FLAGS = ("SY001", "SY002", "SY003")
_MEDIUM = re.compile(r"\s(?:newspaper|magazine|website)$")  # "The Hill newspaper"
_AUTHOR_CHARS = 5_000  # arbitrary; nobody signs in more
_Sentence = tuple[Line, Footer | Wording, re.Match[str]]
"""A footer or a wording, with the line it stands in."""
_TEXT_FILE = re.compile(r"\.txt(\.(gz|zst|bz2|xz))?$", re.IGNORECASE)


@step(
    reads=["text"],
    edits=["source", "title"],
    adds=["syndication_status", "syndication_chain", "origin"],
    flags=_OWN_FLAGS,
)
def trace_syndication(frame: pd.DataFrame, log: Log, *, rules: str | None = None) -> pd.DataFrame:
    """Find whose story each text is, and by whom it came here, with the evidence for every hop.

    A record whose furniture was cut in an earlier run keeps what was found then, for the evidence may be gone. On
    bare pages `source` and `title` are filled where the record has none. In a `co_credited` record the chain names
    the agency, and `origin` is the outlet itself, who wrote the text.

    >>> page = pd.DataFrame({"text": ["PENANG, May 14 (Bernama) -- Ferries run again."], "url": ["https://a.example/1"]})
    >>> page.pipe(trace_syndication)[["syndication_status", "origin"]].values.tolist()
    [['syndicated', 'bernama']]
    """
    facts = directory(rules)
    table = lines_of(cells.texts(frame, "text"))
    cell = {name: cells.strings(frame, name) for name in _READ}
    lists = {name: cells.objects(frame, name) for name in ("author", "syndication_chain", "notices")}
    flags, declaring = cells.words(frame, "flags"), _declaring(frame)
    found = candidates(table, facts)
    text_files = _are_text_files(cell["source_file"])
    columns = zip(*(cell[name] for name in _READ[:6]), lists["author"], strict=True)
    for row, (title, source, url, canonical_url, rights, language, signed) in enumerate(columns):
        if lists["notices"][row] is not None and cell["syndication_status"][row] is not None:
            for code in set(_OWN_FLAGS).intersection(flags[row]):
                log.keep(row, code)
            continue
        author = _signed(signed, facts)
        bare = url is None and source is None and title is None
        declared = {name: values[row] for name, values in declaring.items() if values[row] is not None}
        chain = Chain("unknown")
        if (
            row in found
            or bare
            or text_files[row]
            or declared
            or author
            or rights
            or _may_point_elsewhere(facts, source, url, canonical_url)
        ):
            text, may = table.texts[row], found.get(row) or Candidates()
            tail = tail_lines(text) if may.sentences or may.credit or may.label else []
            copy = Copy(text, title, author, source, url, canonical_url, rights, language, head_lines(text), tail)
            chain = _trace(copy, facts, may, declared, is_text_file=text_files[row])
            _report(chain, copy, row, log)
            cell["source"][row], cell["title"][row] = copy.source, copy.title
        cell["syndication_status"][row], cell["origin"][row] = chain.status, chain.origin
        lists["syndication_chain"][row] = chain.hops
    for name in ("source", "title"):
        came = cells.objects(frame, name)
        filled = [found if was is None else was for was, found in zip(came, cell[name], strict=True)]
        if filled != came:
            cells.put(frame, name, filled)
    cells.put(frame, "syndication_status", cell["syndication_status"])
    frame["syndication_chain"] = cells.object_series(lists["syndication_chain"])
    cells.put(frame, "origin", cell["origin"])
    return frame


def _are_text_files(names: Sequence[str | None]) -> list[bool]:
    are = {name: name is not None and _TEXT_FILE.search(name) is not None for name in set(names)}
    return [are[name] for name in names]


def _signed(author: Any, facts: Directory) -> Any:
    """The author field where it may name an agency, which few do; else None."""
    return author if author is not None and facts.may_sign(str(author)[:_AUTHOR_CHARS]) else None


@functools.lru_cache(maxsize=4096)
def _names_a_writer(facts: Directory, source: str, host: str | None) -> bool:
    """Whether `source` may say whose story it is, and not who served it."""
    party, here = facts.parties.named(source), facts.parties.at_host(host)
    return party is not None and (party.kind in WIRES or (here is not None and here.kind == "portal"))


def _may_point_elsewhere(facts: Directory, source: str | None, url: str | None, canonical_url: str | None) -> bool:
    """Whether the columns of the page's own may name somebody else: most name the page itself."""
    if url is None:
        return False
    if canonical_url is not None and site_of(canonical_url) != site_of(url):
        return True
    return source is not None and facts.is_party(source) and _names_a_writer(facts, source, serving_host(url))


def _declaring(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The columns that may declare an origin: those of such a name, and foreign ones that hold objects."""
    found = {}
    for column in frame.columns:
        name = str(column)
        foreign = name not in COLUMNS
        if foreign and key_of(name) in KEYS:
            found[name] = cells.objects(frame, name)
        elif (foreign or name in ("source", "author")) and cells.may_hold_objects(frame, name):
            held = [
                value if _holds_objects(value) and (not foreign or may_declare(value)) else None
                for value in cells.objects(frame, name)
            ]
            if any(value is not None for value in held):
                found[name] = held
    return found


def _holds_objects(value: Any) -> bool:
    return isinstance(value, (dict, list)) or (isinstance(value, str) and value[:1] in ("{", "["))


def _report(chain: Chain, copy: Copy, row: int, log: Log) -> None:
    code = {"syndicated": "SY001", "co_credited": "SY002"}.get(chain.status)
    if code is not None and chain.because is not None:
        because = chain.because
        log.flag(row, code, column=because.field, start=because.start, end=because.end, evidence=because.evidence)
    if copy.foreign_footer is not None:
        line = copy.foreign_footer
        log.flag(row, "SY003", column="text", start=line.start, end=line.end, evidence=line.text)


def _trace(copy: Copy, facts: Directory, may: Candidates, declared: dict[str, Any], *, is_text_file: bool) -> Chain:
    sentences = [
        (line, rule, match)
        for line in (_credit_lines(copy) if may.sentences else ())
        for rule, match in may.sentences.get(line.text, ())
    ]
    if is_text_file or (copy.url is None and copy.source is None and copy.title is None):
        _fill(copy, facts, sentences, is_text_file=is_text_file)
    glued = _cut_footers(copy, sentences)
    copy.party, copy.served, trusted = _identity(facts, serving_host(copy.url), copy.source)
    hops = [
        *from_datelines(copy, facts, [line for line in copy.head if line.text in may.datelines]),
        *(from_tail(copy, facts) if may.credit or glued else ()),
        *_from_sentences(copy, facts, sentences),
        *(from_labels(copy, facts) if may.label else ()),
        *from_bylines(copy, facts, copy.head if may.byline else []),
        *_from_metadata(copy, facts),
        *(from_signals(copy, facts, signals(declared)) if declared else ()),
        *from_copyright(copy, facts),
    ]
    return chain_of(hops, _outlet(copy, trusted), facts.generic) if hops else Chain("unknown")


def _fill(copy: Copy, facts: Directory, sentences: Sequence[_Sentence], *, is_text_file: bool) -> None:
    """Find the outlet and the headline of a bare page in its text."""
    footer = next(
        (found["title"] for _, rule, found in sentences if isinstance(rule, Footer) and rule.kind == "feed"), None
    )
    header = copy.head[0].text if copy.head and _is_header(copy.head[0].text, facts) else None
    if not (is_text_file or header is not None or footer is not None):
        return
    if copy.source is None and copy.url is None:
        copy.source = header
    if copy.title is None:
        copy.title = footer.strip(' "“”‘’') if footer else headline_of(copy.head, header)


def _credit_lines(copy: Copy) -> list[Line]:
    """The lines in which a footer, notice or label can stand: the head, then the tail from above."""
    last = copy.head[-1].start if copy.head else -1
    tail = {line.start for line in copy.tail}
    # A text without line breaks is head and tail at once, and its footer stands at the end of its only line.
    head = [line for line in copy.head if len(line.text) <= 300 or line.start in tail]
    return [*head, *(line for line in reversed(copy.tail) if line.start > last)]


def _cut_footers(copy: Copy, sentences: Sequence[_Sentence]) -> bool:
    """Undo that a feed glued its footer to a line of the tail, for the credit stands where the story ends."""
    cut = {
        line.start: line.text[: found.start("all")].rstrip()
        for line, rule, found in sentences
        if isinstance(rule, Footer) and rule.kind == "feed" and found.start("all")
    }
    if cut:
        shown = ((line.start, cut.get(line.start, line.text)) for line in copy.tail)
        copy.tail = [Line(start, start + len(text), text) for start, text in shown if text]
    return bool(cut)


def _is_header(line: str, facts: Directory) -> bool:
    return len(line) <= 60 and (facts.parties.named(line) is not None or is_domain_line(line))


@functools.lru_cache(maxsize=4096)
def _identity(facts: Directory, host: str | None, source: str | None) -> tuple[Party | None, Served, str | None]:
    """The party that served a copy, its names, and its name as `source` has it, where that may be trusted."""
    at_host = facts.parties.at_host(host)
    named = None
    if source is not None:
        named = facts.parties.named(source) or facts.parties.at_host(host_of(source))
    # An agency's name in `source` beside another site's address says whose story it is, not who served it.
    foreign = host is not None and named is not None and not named.is_kin_of(at_host) and not serves(named, host)
    trusted = None if foreign else source
    party = at_host if host is not None else named
    names = [trusted] if trusted else []
    if party is not None:
        names += [party.name, *party.aliases, *party.codes]
    return party, Served(host or host_of(trusted), tuple(names)), trusted


def _outlet(copy: Copy, trusted: str | None) -> Hop | None:
    """Who served this copy."""
    host, party = serving_host(copy.url), copy.party
    slot: Slot = "metadata"
    if trusted is not None:
        name = evidence = trusted
        place = ("source", 0, len(trusted))
        if copy.head and len(copy.head[0].text) <= 120 and is_same_name(copy.head[0].text, trusted):
            line = copy.head[0]
            slot, place, evidence = "page_header", ("text", line.start, line.end), line.text
    elif host is not None and copy.url is not None:
        name, start = host, copy.url.lower().find(host)
        place = ("url", start, start + len(host))
        evidence = copy.url[start : start + len(host)]
    else:
        return None
    return make_hop("publisher", name, party, slot, place, evidence, url=copy.url, confidence=0.95)


def _from_sentences(copy: Copy, facts: Directory, sentences: Sequence[_Sentence]) -> Iterator[Hop]:
    done: set[tuple[int, str]] = set()
    for line, rule, found in sentences:
        kind = "footer" if isinstance(rule, Footer) else rule.kind
        if (line.start, kind) in done:
            continue  # the fuller sentence stands first in its table
        start, end = line.start + found.start("all"), line.start + found.end("all")
        if isinstance(rule, Footer):
            hops = list(_from_footer(copy, facts, rule, found, start, end, line))
        else:
            hops = list(_from_wording(copy, facts, rule, found, start, end))
        if hops:
            done.add((line.start, kind))
        yield from hops


def _from_footer(
    copy: Copy, facts: Directory, rule: Footer, found: re.Match[str], start: int, end: int, line: Line
) -> Iterator[Hop]:
    place, evidence = ("text", start, end), copy.text[start:end]
    if rule.kind in ("copied", "kin"):
        return
    if rule.kind == "wire":
        yield Hop("feed", None, "republication_notice", *place, evidence)
        return
    gaps = found.groupdict()
    site = rule.party or site_named(found["site"])
    party = (
        facts.parties.by_id.get(site)
        if rule.party
        else facts.party(site, copy) or facts.party(_MEDIUM.sub("", site), copy)
    )
    known = party is not None
    if rule.known and not known:
        return
    if rule.kind == "feed":
        if copy.title is not None and not is_same_title(found["title"].strip(' "“”‘’'), copy.title):
            copy.foreign_footer = line
            return
        if copy.url is not None and copy.served.host is None and not copy.served.names:
            return  # the address only passes on what a site serves, and that is most likely the one named here
        # With an address, an unknown name is the site's own: 4,217 of 4,217 feed footers were.
        if not known and copy.served.host is not None and not (copy.party is not None and copy.party.kind == "portal"):
            return
    if not known and not may_be_site(site):
        return
    if is_own(party, site, copy) or (rule.kind == "feed" and copy.served.is_named(site)):
        return
    if rule.kind == "distributor":
        if rule.party and gaps.get("site"):
            yield Hop("issuer", gaps["site"], "republication_notice", *place, evidence)
        yield make_hop("press" if party and party.kind == "press_release" else "distributor", site, party,
                   "republication_notice", place, evidence)  # fmt: skip
        return
    role: Role = "feed" if rule.kind == "feed" else "origin"
    yield make_hop(role, site, party, "feed_footer" if role == "feed" else "republication_notice", place, evidence)


def _from_wording(
    copy: Copy, facts: Directory, rule: Wording, found: re.Match[str], start: int, end: int
) -> Iterator[Hop]:
    groups = {"agency": None, "distributor": None} | found.groupdict()
    slot: Slot = "copyright_notice" if rule.kind == "copyright" else "credit_line"
    if is_of_photo(found["all"]):
        return
    nobody = groups["agency"] is None and groups["distributor"] is None
    for gap, names in groups.items():
        if gap not in ("agency", "distributor") or (names is None and (gap, nobody) != ("agency", True)):
            continue
        if rule.party and gap == "agency":
            party = facts.parties.by_id[rule.party]
            resolved: list[tuple[str, PartyLike | None, bool]] | None = [
                (party.name, party, is_own(party, party.name, copy))
            ]
        else:
            said = re.sub(r"^[\W_]+|(?:,? (?:Inc|LLC|GmbH)\b.*| ?\([^()]*\))$", "", names or found["all"])
            resolved = resolve(said, copy, facts, among_people=rule.kind == "co_credit") or in_slot(said, copy, facts)
        for name, named, own in resolved or ():
            if rule.wires and (named is None or named.kind not in WIRES):
                continue
            role: Role = "distributor" if gap == "distributor" else "origin"
            if own:
                role = "own"
                if rule.kind == "co_credit":
                    continue
            elif rule.kind == "co_credit" or (
                "contributed" in rule.template and named is not None and named.kind not in WIRES | {"broadcaster"}
            ):
                role = "co"  # another paper's writer who contributed did not write the story
            elif (
                rule.kind == "copyright"
                and named is not None
                and named.kind in ("outlet", "portal")
                and not groups["distributor"]
            ):
                continue  # a © of another paper is its photo's or its book's more often than the story's
            yield make_hop(role, name, named, slot, ("text", start, end), copy.text[start:end])


def _from_metadata(copy: Copy, facts: Directory) -> Iterator[Hop]:
    if (
        copy.source is not None
        and copy.served.host is not None
        and copy.url is not None
        and facts.is_party(copy.source)
    ):
        party = facts.parties.named(copy.source)
        portal = copy.party is not None and copy.party.kind == "portal"
        if party is not None and (party.kind in WIRES or portal) and not is_own(party, copy.source, copy):
            yield make_hop("origin", copy.source, party, "metadata", ("source", 0, len(copy.source)), copy.source)
    canonical, url = copy.canonical_url, copy.url
    if canonical is None or url is None or not is_absolute(canonical) or site_of(canonical) == site_of(url):
        return
    ours, theirs = page_key(url), page_key(canonical)
    # The same path on another host is the site's other name, not another site.
    if ours is None or theirs is None or ours.partition("/")[2] == theirs.partition("/")[2]:
        return
    host = host_of(canonical) or canonical
    party = facts.parties.at_host(host)
    if not is_own(party, host, copy):
        place = ("canonical_url", 0, len(canonical))
        yield make_hop("origin", host, party, "metadata", place, canonical, url=canonical)
