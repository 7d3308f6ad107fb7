"""Cut from each text what stands on the page and is not the article; keep what it says of rights in `notices`.

Lines are cut whole, and every cut names its rule in the ledger. What an article could hold too ("Related", "Photo")
goes only near either end, and only where most of the article stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import pandas as pd

from corpus_tools import cells
from corpus_tools.protocol import Log, step
from corpus_tools.rules.directory import Directory, directory
from corpus_tools.rules.footers import Footer
from corpus_tools.rules.furniture import Furniture, FurnitureLine, furniture, line_key
from corpus_tools.text.credits import credit_shapes, name_parts
from corpus_tools.text.cuts import Cut, Span, TextLines, in_bytes, joined, spans_of
from corpus_tools.text.datelines import datelines
from corpus_tools.text.line_table import lines_of
from corpus_tools.text.lines import head_lines, tail_lines
from corpus_tools.text.notices import MAY_BE_LABEL, is_copyright_line, is_sponsored, notice_kinds
from corpus_tools.text.outlet_names import is_same_name
from corpus_tools.text.pages import is_headline_again

_End = Literal["head", "tail"]
_HEAD, _TAIL = 5, 15  # lines from either end that count as near it
_LEAST_CHARS, _LEAST_SHARE = 200, 0.3  # what uncertain cuts must leave of an article
_LABELS = 2  # first lines in which a label says that the whole text is paid for; further down it is an advertisement's
_LONGEST = 200  # characters of a furniture line
_DESK = 30  # characters; arbitrary: a desk's line that ends in a stop holds a name or two
_HEADLINE = 140  # characters of a headline in a list
_SENTENCE_END = re.compile(r"[.!?…。？！።؟۔։।။។][\"'”’»)\]]*$")
_NO_LINES: Mapping[int, str] = {}
_Found = tuple[int, Footer, re.Match[str]]
"""A footer's sentence in a line, by the line's number."""


@step(reads=["text"], edits=["text"], adds=["notices"])
def strip_furniture(
    frame: pd.DataFrame, log: Log, *, rules: str | None = None, strip_credits: bool = False
) -> pd.DataFrame:
    r"""Cut furniture from the texts: related lists, share rows, advertisements, feed footers, repeated headlines.

    Datelines and credit lines stay, for they are part of the copy; `strip_credits` cuts those that
    `syndication_chain` names. Marks of truncation stay too. `notices` keeps every © line, licence, reservation and
    republication notice, whether it is cut or not.

    >>> page = pd.DataFrame({"text": ["The ferry runs again.\n\nShare this article\n\nIt was idle for a year."]})
    >>> page.pipe(strip_furniture)["text"][0]
    'The ferry runs again.\n\nIt was idle for a year.'
    """
    facts, known = directory(rules), furniture(rules)
    titles, sources = cells.strings(frame, "title"), cells.strings(frame, "source")
    chains = cells.entries(frame, "syndication_chain") if strip_credits else [[]] * len(frame)
    table, notices = lines_of(cells.texts(frame, "text")), cells.entries(frame, "notices")
    furnished, signed = table.found(known.pattern), table.found(*facts.signs)
    firsts = table.where(table.from_head == 0).found("")
    labelled = table.where(table.from_head < _LABELS).found(MAY_BE_LABEL)
    gone: dict[int, list[tuple[int, int]]] = {}
    for row, first in firsts.items():
        page = _Page(titles[row], sources[row], furnished.get(row, _NO_LINES), signed.get(row, _NO_LINES))
        found: list[_Found] = []
        if row in labelled:
            told = [{"kind": "sponsored", "text": line} for line in labelled[row].values() if is_sponsored(line)]
            notices[row] = _merged(notices[row], told)
        if page.signed:
            near = {n: line for n, line in page.signed.items() if n < _HEAD or n >= table.counts[row] - 2 * _TAIL}
            found = [(n, rule, match) for n, line in near.items() for rule, match in _footers_in(line, facts)]
            notices[row] = _merged(notices[row], _notices(near, found))
        telling = _Telling.of(page, known)
        may_be_cut = telling.any or page.may_be_cut(first[0], found)
        if not (may_be_cut or chains[row]):
            continue
        text = table.texts[row]
        spans: list[Span] = []
        if may_be_cut:
            lines = TextLines(text)
            spans = spans_of(text, lines, _cuts(lines.texts, page, telling, found, known))
        if chains[row]:
            spans = joined(spans, _credit_spans(text, chains[row], facts))
        if spans:
            for start, end, rule in spans:
                log.because(row, "text", start, end, rule)
            gone[row] = in_bytes(text, spans)
    cells.cut(frame, "text", gone)
    frame["notices"] = cells.object_series(notices)
    return frame


def _footers_in(line: str, facts: Directory) -> Iterator[tuple[Footer, re.Match[str]]]:
    """The footers in a line that say enough: "copied" and "kin" name nobody, and a `known` one only a party of ours."""
    for rule, match in facts.sentences_in(line):
        if isinstance(rule, Footer) and rule.kind not in ("kin", "copied") and not rule.known:
            yield rule, match


def _notices(near: Mapping[int, str], found: Sequence[_Found]) -> list[dict[str, str]]:
    told = [{"kind": kind, "text": line} for line in near.values() for kind in notice_kinds(line)]
    told += [{"kind": "republication", "text": match["all"]} for _, footer, match in found if footer.kind != "feed"]
    return told


def _merged(had: list[Any], found: Sequence[dict[str, str]]) -> list[Any]:
    merged = list(had)
    for notice in found:
        # A sentence of a notice that is there already, or the like in other words, is no second notice.
        if not any(old.get("kind") == notice["kind"] and notice["text"] in old.get("text", "") for old in merged):
            merged.append(notice)
    return merged


class _Page(NamedTuple):
    """What is known of a text before it is read: its lines that open as furniture does, and those with a sign."""

    title: str | None
    source: str | None
    likely: Mapping[int, str]
    signed: Mapping[int, str]

    def may_be_cut(self, first: str, found: Sequence[_Found]) -> bool:
        """Whether a feed's footer or a repeated head makes a look at all lines worth its price."""
        return (
            any(footer.kind == "feed" for _, footer, _ in found)
            or _is_repeated_head(first, self.title, self.source) is not None
        )


class _Telling(NamedTuple):
    """The lines, by number, that are furniture if they stand at the right place, and those with a ©."""

    furniture: set[int]
    rights: set[int]

    @classmethod
    def of(cls, page: _Page, known: Furniture) -> _Telling:
        """Those of a page before anything is cut."""
        return cls(
            {number for number, line in page.likely.items() if len(line) <= _LONGEST and known.knows(line)},
            {number for number, line in page.signed.items() if is_copyright_line(line)},
        )

    @property
    def any(self) -> bool:
        """Whether there is one, which makes a look at all lines worth its price; there is none in most texts."""
        return bool(self.furniture or self.rights)

    def look_again(self, number: int, line: str, page: _Page, known: Furniture) -> None:
        """Judge a line anew of which a cut left `line`."""
        self.furniture.discard(number)
        self.rights.discard(number)
        if line and number in page.likely and len(line) <= _LONGEST and known.knows(line):
            self.furniture.add(number)
        if line and number in page.signed and is_copyright_line(line):
            self.rights.add(number)


def _cuts(
    lines: Sequence[str], page: _Page, telling: _Telling, found: Sequence[_Found], known: Furniture
) -> dict[int, Cut]:
    """All cuts of a text by line: those of one look, then of a look at what that left, until a look finds none."""
    feeds = {
        number: Cut(number, f"footer: {footer.id}", True, match.start("all"))
        for number, footer, match in found
        if footer.kind == "feed"
    }
    cuts: dict[int, Cut] = {}
    shown = list(lines)
    alive = list(range(len(lines)))
    while True:
        fresh = _allowed(_look(shown, alive, page, telling, feeds, known), shown)
        if not fresh:
            return cuts
        for cut in fresh:
            cuts[cut.line] = cut
            shown[cut.line] = shown[cut.line][: cut.kept].rstrip()
            feeds.pop(cut.line, None)
            telling.look_again(cut.line, shown[cut.line], page, known)
        alive = [n for n in alive if n not in cuts or cuts[n].kept]


def _look(
    lines: Sequence[str],
    alive: Sequence[int],
    page: _Page,
    telling: _Telling,
    feeds: dict[int, Cut],
    known: Furniture,
) -> list[Cut]:
    """What one look at the lines that are left would cut; `alive` are their numbers."""
    cuts = _repeated_heads(lines, alive, page) | feeds
    likely, rights = telling
    if not (cuts or telling.any):
        return []
    count = len(alive)
    list_start, list_end = _list_start(lines, alive), count
    # From below, a line that shows nothing matters only as one that stays.
    shown = [(bisect_left(alive, number), number) for number in sorted({*likely, *rights, *cuts}, reverse=True)]
    ends: tuple[tuple[_End, int, Iterable[tuple[int, int]]], ...] = (
        ("tail", _TAIL, shown), ("head", _HEAD, enumerate(alive))
    )  # fmt: skip
    for end, most, places in ends:
        gone = 0
        for at, number in places:
            if number in cuts:
                gone += 1
                continue
            # A line that goes makes the next one the nearest to its end, so a run of any length goes in one look.
            near = end if (at if end == "head" else count - 1 - at) - gone < most else None
            if near is None and end == "head":
                break
            row = _row_of(lines[number], known, near, is_last=at == count - 1) if number in likely else None
            if row is not None:
                cuts[number] = Cut(number, row.rule, row.risk == "low")
                gone += 1
                if row.kind == "related" and at + 1 >= list_start:
                    _cut_headlines(alive[at + 1 : list_end], row, cuts)
                    list_end = at
                elif row.kind == "related" and at + 1 < count and _announces(lines[number], lines[alive[at + 1]], row):
                    _cut_headlines([alive[at + 1]], row, cuts)
            elif near == "tail" and number in rights:
                cuts[number] = Cut(number, "copyright line", True)
                gone += 1
    return list(cuts.values())


_SHARE_ROW, _BREADCRUMB = FurnitureLine("share buttons", "share"), FurnitureLine("breadcrumb", "nav")


def _row_of(line: str, known: Furniture, near: _End | None, *, is_last: bool) -> FurnitureLine | None:
    """The furniture row of a line, where it stands at a place at which the row counts: `near` an end, or between."""
    found = known.find(line)
    if found is None:
        if near == "head" and known.is_breadcrumb(line):
            return _BREADCRUMB
        return _SHARE_ROW if known.is_share_row(line) else None
    row, rest = found
    if row.kind in ("comments", "tags", "legal", "support", "desk") and near != "tail":
        return None
    if (row.kind in ("nav", "cookie") or row.risk != "low") and near is None:
        return None
    if row.kind == "more" and is_last:
        return None  # it says that the text breaks off here
    if not rest:
        return row
    if row.kind == "cookie":
        return row  # a banner's first words say enough
    if row.kind == "desk" and _SENTENCE_END.search(line) and len(line) > _DESK:
        return None  # "Reporter: Why did the ferry stop?" is a speaker of the story
    marked = rest.lstrip()[:1] in tuple(":：»|–—-→>•") or row.text[-1] in ":：@】"
    if row.kind in ("follow", "ad", "nav", "support"):
        # "Sign up for our newsletter" ends as it likes, but a story's sentence is longer than an invitation.
        return row if marked or len(line) <= 100 else None
    if marked:
        return row
    # A caption is as long as the sentence that it is; but it is one, and closes without a stop.
    most = _LONGEST if row.kind == "media" and row.risk == "low" else 100
    return row if len(line) <= most and not _SENTENCE_END.search(line) and _titled(rest, line) else None


def _titled(rest: str, line: str) -> bool:
    """Whether what follows a marker begins as a headline does."""
    first = line[len(line) - len(rest.lstrip()) :][:1]
    return first.isupper() or not first.isalpha() or first.lower() == first.upper()


def _list_start(lines: Sequence[str], alive: Sequence[int]) -> int:
    """The place among the lines left from which on nothing but headlines stands, down to the end."""
    start = len(alive)
    while start and _is_headline(lines[alive[start - 1]]):
        start -= 1
    return start


def _announces(marker: str, headline: str, row: FurnitureLine) -> bool:
    """Whether a "read also" stands alone on its line, over one headline in the middle of the text."""
    if row.match != "start" or line_key(marker) != line_key(row.text):
        return False
    return _is_headline(headline) and len(headline.split()) > 3


def _cut_headlines(numbers: Sequence[int], row: FurnitureLine, cuts: dict[int, Cut]) -> None:
    for number in numbers:
        cuts.setdefault(number, Cut(number, f"headline under {row.text}", False))


def _is_headline(line: str) -> bool:
    return len(line) <= _HEADLINE and not _SENTENCE_END.search(line) and not is_copyright_line(line)


def _repeated_heads(lines: Sequence[str], alive: Sequence[int], page: _Page) -> dict[int, Cut]:
    """The outlet's name and the headline over the text, where the record has both in their own columns."""
    cuts = {}
    for number in alive:
        rule = _is_repeated_head(lines[number], page.title, page.source)
        if rule is None:
            break
        cuts[number] = Cut(number, rule, True)
    return cuts


def _is_repeated_head(line: str, title: str | None, source: str | None) -> str | None:
    """The rule by which a first line repeats a column of its record; None where it does not."""
    if source and len(line) <= 60 and is_same_name(line, source):
        return "the outlet's header line"
    if title and len(line) <= 300 and is_headline_again(line, title):
        return "the headline, repeated"
    return None


def _allowed(cuts: Sequence[Cut], lines: Sequence[str]) -> list[Cut]:
    """The cuts without the uncertain ones where too little would stay; none where nothing would."""
    if not cuts:
        return []
    whole = sum(map(len, lines))
    for some in (list(cuts), [cut for cut in cuts if cut.certain]):
        gone = sum(len(lines[cut.line]) - cut.kept for cut in some)
        uncertain = any(not cut.certain for cut in some)
        if whole - gone >= (max(_LEAST_CHARS, _LEAST_SHARE * whole) if uncertain else 1):
            return some
    return []


def _credit_spans(text: str, chain: Sequence[dict[str, Any]], facts: Directory) -> list[Span]:
    """The datelines and credit lines of the chain's parties, with the white space between them and the story."""
    if not chain:
        return []
    told = {str(hop.get(key)).casefold() for hop in chain for key in ("id", "name")}

    def is_told(names: str) -> bool:
        parties_named = (facts.parties.named(part) for part in (names, *name_parts(names)))
        ids = {party.id for party in parties_named if party is not None}
        return not told.isdisjoint(ids | {names.casefold()})

    spans: list[Span] = []
    for dateline in datelines(head_lines(text)):
        if any(map(is_told, dateline.names)):
            rest = text[dateline.end :]
            spans.append((dateline.start, dateline.end + len(rest) - len(rest.lstrip()), "credit: dateline"))
    spans += [
        (len(text[: credit.start].rstrip()), credit.end, "credit: credit_line")
        for credit in credit_shapes(tail_lines(text))
        if is_told(credit.names)
    ]
    return spans
