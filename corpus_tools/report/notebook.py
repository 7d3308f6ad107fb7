"""A cleaned frame and its findings as a notebook or a plain console shows them: a few lines, no files, no scripts.

The HTML sets no colour, so it is light where the notebook is light and dark where it is dark. Texts of strangers are
escaped, cut, and shown without what is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from textwrap import wrap
from typing import Any

from corpus_tools.flags import FLAGS, Flag, Severity
from corpus_tools.shown import shown

ROWS = 20
"""Findings that are shown."""
_LETTERS = 120
_CELL = ' style="text-align:left;vertical-align:top"'
_WAYS = (0.85, 0.55, 0.35, 0.25, 0.15)
"""How dense the parts of the bar are, the first one most."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A flag, as this run judged it, and how many rows have it."""

    flag: Flag
    rows: int


@dataclass(frozen=True, slots=True)
class Result:
    """How a frame came out: rows by verdict, removed ones by relation, rows by flag, and the sizes of the tables."""

    kept: int
    removed: int
    review: int
    relations: Mapping[str, int]
    flags: Sequence[Counted]
    changes: int
    findings: int

    @property
    def read(self) -> int:
        """All rows."""
        return self.kept + self.removed

    def sum(self) -> str:
        """The rows, accounted for.

        >>> Result(18, 8, 2, {"exact": 8}, (), 0, 0).sum()
        '26 rows = 18 kept (2 to review) + 8 removed (exact 8)'
        """
        review = f" ({self.review:,} to review)" if self.review else ""
        relations = ", ".join(f"{name} {count:,}" for name, count in self.relations.items())
        return (
            f"{self.read:,} rows = {self.kept:,} kept{review} + {self.removed:,} removed"
            + (f" ({relations})" if relations else "")
        )  # fmt: skip

    def where(self) -> str:
        """What the attributes hold."""
        return f"frame {self.kept:,}, removed {self.removed:,}, changes {self.changes:,}, findings {self.findings:,}"


def result_text(result: Result) -> str:
    """The result on a plain console, within 80 columns.

    >>> print(result_text(Result(1, 0, 0, {}, [Counted(FLAGS["PR002"], 1)], 0, 1)))
    Cleaned: 1 rows = 1 kept + 0 removed
      PR002  missing-url                    error           1  100.0%
    rows in: frame 1, removed 0, changes 0, findings 1
    """
    lines = wrap(f"Cleaned: {result.sum()}", 80, subsequent_indent="    ")
    for counted in result.flags:
        flag, share = counted.flag, counted.rows / max(result.read, 1)
        lines.append(f"  {flag.code:<5}  {flag.name:<29}  {flag.severity:<7}  {counted.rows:>8,}  {share:>6.1%}")
    return "\n".join([*lines, f"rows in: {result.where()}"])


def result_html(result: Result) -> str:
    """The result in a notebook: the sum, a bar of where the rows went, and the flags with their sentences."""
    parts = [("kept", result.kept - result.review), ("review", result.review)]
    parts += [(f"removed: {name}", count) for name, count in result.relations.items()]
    rest = result.removed - sum(result.relations.values())
    parts += [("removed", rest)] if rest else []
    rows = []
    for counted in result.flags:
        flag, share = counted.flag, counted.rows / max(result.read, 1)
        rows.append((flag.code, flag.name, flag.severity, f"{counted.rows:,}", f"{share:.1%}", flag.says, flag.advice))
    head = ("flag", "name", "severity", "records", "share", "what it says", "what to do")
    return (
        f"<div><p><strong>{escape(result.sum())}</strong></p>{_bar(parts, result.read)}"
        f"{_table(head, rows) if rows else ''}<p>Rows in: {escape(result.where())}</p></div>"
    )


def findings_html(rows: Sequence[Mapping[str, Any]], total: int) -> str:
    """Findings in a notebook: place, flag, evidence and sentence in full; the first twenty of `total`."""
    head = ("row", "id", "flag", "severity", "column", "evidence", "what it says")
    cells = [
        (
            _said(row["row"]),
            _said(row["id"]),
            f"{row['code']} {_said(row['name'])}",
            *(_said(row[key]) for key in ("severity", "column", "evidence", "says")),
        )
        for row in rows[:ROWS]
    ]
    return f"<div>{_table(head, cells)}{_more(total, '<p>', '</p>')}</div>"


def findings_text(rows: Sequence[Mapping[str, Any]], total: int) -> str:
    """Findings on a plain console, a line each.

    >>> row = {"row": 0, "id": "a", "code": "PR002", "name": "missing-url", "severity": "error", "column": "url",
    ...        "evidence": None, "says": "The address of the page is not recorded."}
    >>> print(findings_text([row], 1))
    row 0 (a): PR002 missing-url, error [url]
    """
    lines = []
    for row in rows[:ROWS]:
        place = ": ".join(_said(row[key], 40) for key in ("column", "evidence") if _said(row[key]))
        flag = f"{row['code']} {_said(row['name'])}, {_said(row['severity'])}"
        lines.append(f"row {_said(row['row'])} ({_said(row['id'], 24)}): {flag}{f' [{place}]' if place else ''}")
    return "\n".join(lines) + _more(total, "\n", "") if lines else "No findings."


def judged(code: str, name: str, severity: Severity, says: str) -> Flag:
    """A flag as a finding names it, with our sentence and advice where it is one of ours."""
    known = FLAGS.get(code)
    return replace(known, severity=severity) if known else Flag(code, name, severity, says, "")


def _said(value: Any, letters: int = _LETTERS) -> str:
    return "" if value is None or value != value else shown(value, letters)


def _more(total: int, before: str, after: str) -> str:
    return f"{before}… and {total - ROWS:,} more{after}" if total > ROWS else ""


def _bar(parts: Sequence[tuple[str, int]], whole: int) -> str:
    found = [(name, count) for name, count in parts if count]
    pieces, words = [], []
    for place, (name, count) in enumerate(found):
        density = _WAYS[min(place, len(_WAYS) - 1)]
        width = f"width:{count / max(whole, 1):.2%};opacity:{density};background:currentColor"
        pieces.append(f'<span style="{width};border-right:1px solid;height:0.8em"></span>')
        swatch = f"display:inline-block;width:0.7em;height:0.7em;opacity:{density};background:currentColor"
        words.append(f'<span style="{swatch}"></span> {escape(shown(name))} {count:,}')
    bar = f'<div aria-hidden="true" style="display:flex;max-width:40em;border:1px solid">{"".join(pieces)}</div>'
    return f"{bar}<p>{' &nbsp; '.join(words)}</p>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th{_CELL}>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td{_CELL}>{escape(shown(cell))}</td>' for cell in row)}</tr>" for row in rows
    )  # fmt: skip
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
