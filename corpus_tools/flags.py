"""Every flag there is: a code for machines, a name for people, a sentence, and what to do about it.

A flag is one row here. `Finding` is a flag with its place in one record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from corpus_tools.errors import UnknownName

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Flag:
    """A thing that can be said of one record."""

    code: str
    name: str
    severity: Severity
    says: str
    advice: str


class Finding(NamedTuple):
    """A flag with its place: the row in the frame, the column, the characters, and what stands there."""

    row: int
    code: str
    column: str | None = None
    start: int | None = None
    end: int | None = None
    evidence: str | None = None
    says: str | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """Where a value stands in its file: from `line`, `column` to before `end_line`, `end_column`, all from 1.

    Columns count characters (Unicode code points) of the decoded line, without a byte order mark; lines are those of
    the decompressed file.
    """

    line: int
    column: int
    end_line: int
    end_column: int


_TABLE: tuple[tuple[str, str, Severity, str, str], ...] = (
    # schema
    ("SC001", "empty-text", "error", "The record has no text.", "Collect the page again, or leave the record out."),
    ("SC002", "wrong-type", "error", "A value has another type than its column.",
     "Write the value in the type that `corpus-tools schema article` shows."),
    ("SC003", "invalid-value", "warning", "A value breaks a check of the schema.",
     "Read the sentence of the finding; it names the check."),
    ("SC004", "repeated-id", "error", "Another record already has this id.",
     "Give every record an id of its own, or leave ids out: they are then made from the content."),
    ("SC005", "missing-column", "error", "The schema asks for a column that is not there.",
     "Add the column, or map another one to it with --map OLD=NEW."),
    ("SC006", "broken-record", "error", "This piece of input could not become a record.",
     "`corpus-tools clean` sets it aside as it came; mend it at its source."),
    # encoding
    ("EN001", "encoding-repaired", "info", "Damaged characters were repaired; the ledger has the old text.",
     "Nothing to do. `corpus-tools explain OUT ID` shows the repair."),
    ("EN002", "encoding-suspect", "warning", "The text still looks damaged, and no repair is certain.",
     "Read the text; collect the page again with the encoding its server names."),
    ("EN003", "encoding-guessed", "warning", "The file names no encoding and is not UTF-8, so one was guessed.",
     "Name it with --encoding if the guess is wrong."),
    ("EN004", "replacement-character", "warning", "U+FFFD stands where characters were lost before this run.",
     "Collect the page again: no repair can bring them back."),
    ("EN005", "markup-left", "warning", "Markup of the page stands in the text.",
     "Collect the text with an extractor; what was safe to cut is in the ledger."),
    ("EN006", "encoding-borderline", "warning", "It may be damage: other records of the outlet have the same sign.",
     "Read the string; if it is damage, collect the outlet's pages again with the encoding its server names."),
    # language
    ("LA001", "language-undecided", "info", "No language is certain enough to name.",
     "Longer text decides most cases; declare the language where you know it."),
    ("LA002", "language-conflict", "warning", "The declared language is not the one the text is written in.",
     "Correct the declaration at its source; the declared value was left as it is."),
    ("LA003", "text-too-short-for-language", "info", "The text is too short to tell its language.",
     "Declare the language where you know it."),
    ("LA004", "mixed-languages", "info", "The text mixes languages.", "See the column `languages` for the shares."),
    ("LA005", "language-by-outlet", "info", "The text is one of several close languages; the outlet's country decided.",
     "Nothing to do; read the text if the difference matters."),
    # syndication
    ("SY001", "syndicated-copy", "info", "The text was written elsewhere and printed here.",
     "Cite the origin that `syndication_chain` names, not this outlet."),
    ("SY002", "co-credited", "info", "The outlet wrote the text with material of an agency.",
     "Count it as the outlet's own; `syndication_chain` names the agency."),
    ("SY003", "foreign-footer", "warning", "The feed footer names another article than this record's title.",
     "Check whether two items were joined when the page was collected."),
    ("SY004", "learned-furniture", "info", "The outlet has this line at the head or foot of many of its records.",
     "Cut it with --learned-furniture cut, or name it in a row of your own rules."),
    # duplicates
    ("DU001", "exact-duplicate", "info", "Another record has the same article, word for word.",
     "Use the kept copy that `duplicate_of` names."),
    ("DU002", "near-duplicate", "info", "Another record is the same article, trimmed, dressed or lightly edited.",
     "Use the kept copy that `duplicate_of` names; `relation` and `similarity` say how they differ."),
    ("DU003", "borderline-duplicate", "warning",
     "Another record is much alike, but it is not certain that both are one story.",
     "Read both (`corpus-tools explain OUT ID` names the other) and decide."),
    ("DU004", "superseded-version", "info", "The same page was collected again later.",
     "Use the latest version, which `duplicate_of` names."),
    ("DU005", "better-late-copy", "warning",
     "It would be kept instead of the record that `duplicate_of` names, which was published before.",
     "Nothing to do; or put it in the place of the other, and remove that from the index by its id."),
    # provenance
    ("PR001", "missing-source", "error", "Nothing says which outlet served this copy.",
     "Fill `source`, or give `url`: its host stands in."),
    ("PR002", "missing-url", "error", "The address of the page is not recorded.", "Keep the address when you collect."),
    ("PR003", "missing-title", "warning", "The record has no title, or only the outlet's name.",
     "Collect the headline; a page's first line is often the outlet's name."),
    ("PR004", "missing-date", "warning", "The date of publication is not recorded, or can't be read.",
     "Collect `published_at`; pages carry it in their metadata."),
    ("PR005", "missing-license", "warning", "Nothing says under which terms the text may be used.",
     "Treat it as all rights reserved until you know better."),
    ("PR006", "missing-author", "info", "No author is recorded.", "Collect the byline where the page has one."),
    ("PR007", "missing-retrieval-record", "info", "Nothing says when this copy was collected.",
     "Keep `retrieved_at` when you collect."),
    ("PR010", "origin-unresolved", "warning", "The text is somebody else's, and nobody says whose.",
     "Look for a credit on the page itself; the feed may have dropped it."),
    ("PR011", "origin-url-missing", "info", "The origin is known, but not the address of its own copy.",
     "Search the origin's site for the headline."),
    ("PR012", "outlet-is-not-publisher", "warning", "The outlet that served this copy is not its publisher.",
     "Cite the publisher that `syndication_chain` names."),
    ("PR013", "canonical-mismatch", "warning", "The canonical address is on another site than the page.",
     "Check whether the page is a copy of that address."),
    ("PR014", "conflicting-attribution", "warning", "The record names different origins in different places.",
     "Read the evidence in `syndication_chain` and decide."),
    ("PR015", "license-conflict", "warning", "The licence is the outlet's, and the text is somebody else's.",
     "Ask the origin: an outlet can't license what it bought."),
    ("PR016", "rights-reservation-found", "warning", "The page reserves rights, e.g. against text and data mining.",
     "Read the notice in `notices` before you train on the text."),
    ("PR017", "press-release", "info", "The text is a press release: its issuer is its origin.",
     "Keep it apart from reporting."),
    ("PR018", "multiple-agencies", "info", "Several agencies are credited, or 'agencies' without a name.",
     "No single origin can be named."),
    ("PR019", "truncated-text", "warning", "The text breaks off: only its beginning was collected.",
     "Collect the full article from `url`."),
    ("PR020", "date-inconsistent", "warning", "A date can't be read, or the dates contradict each other.",
     "Compare with the page; the ledger keeps the value as it came."),
    ("PR021", "source-url-mismatch", "warning", "`source` names another outlet than the address does.",
     "Check which of the two is right."),
    ("PR023", "embedded-manifest", "info", "The text carries a C2PA manifest in invisible characters.",
     "Leave it whole: it is signed provenance."),
    # the check itself
    ("CK001", "waiver-expired", "warning", "A waiver has expired, and what it waived is reported again.",
     "Mend what it waived and take the [[waiver]] out, or give it a new date and the reason for it."),
    ("CK002", "link-leads-out", "error", "The file is a link that leads out of the tree, so it was not read.",
     "Put the file itself there, or pass --follow-links if you trust whoever made the link."),
)  # fmt: skip

FLAGS: dict[str, Flag] = {row[0]: Flag(*row) for row in _TABLE}


def flag_of(code: str) -> Flag:
    """The flag behind a code or a name.

    >>> flag_of("PR002").name
    'missing-url'
    >>> flag_of("missing-url").code
    'PR002'
    """
    for flag in FLAGS.values():
        if code in (flag.code, flag.name):
            return flag
    known = (name for flag in FLAGS.values() for name in (flag.code, flag.name))
    raise UnknownName("flag", code, known, see="corpus-tools list flags")
