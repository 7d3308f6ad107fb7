"""A summary in Markdown, for the page of a CI run or a comment: what was found, where, and how the corpus stands.

Every value, id and file name stands in a code span, where no markup, link or mention works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus_tools.flags import FLAGS
from corpus_tools.report.github import gravest
from corpus_tools.report.reported import Report, Reported
from corpus_tools.shown import shown

ROWS = 20
"""Rows that a table shows; GitHub takes a megabyte for the summary of a step."""

_CELL = 160
_OURS = frozenset(text for flag in FLAGS.values() for text in (flag.says, flag.advice) if "|" not in text)


def as_markdown(report: Report) -> Iterator[str]:
    """The summary, line by line."""
    tally = report.tally
    yield f"## Check of the corpus: {'failed' if report.failed else 'passed'}"
    yield ""
    counts = ", ".join(f"{tally.severities[severity]:,} {severity}" for severity in ("error", "warning", "info"))
    yield f"{tally.read:,} rows read, {tally.findings.total():,} findings: {counts}."
    for note in report.notes:
        yield f"\n{code(note)}"
    yield from _changes(report)
    if tally.findings:
        yield from _by_flag(report)
        yield from _by_file(report)
        yield from _gravest(report)
    yield from _chains(report)
    yield from _corpus(report)


def _changes(report: Report) -> Iterator[str]:
    changes = report.changes
    if changes is None:
        return
    grown = changes.after - changes.before
    rows = [
        ("records", f"{changes.before:,} → {changes.after:,} ({grown:+,})"),
        *((name, f"{getattr(changes, name):,}") for name in ("added", "changed", "removed")),
        ("moved to another file", f"{changes.moved:,}"),
        ("copies among the added and changed", f"{report.tally.corpus.get('copies of other records', 0):,}"),
        ("syndicated among them", f"{report.tally.corpus.get('syndicated', 0):,}"),
    ]
    yield from table("How the corpus changes", (f"since {code(changes.since)}", "how many"), rows)


def _by_flag(report: Report) -> Iterator[str]:
    tally = report.tally
    rows = []
    for name in sorted(tally.findings, key=lambda name: (-tally.findings[name], name)):
        flag = report.flags[name]
        share = f"{tally.records[name] / max(tally.read, 1):.1%}"
        counts = f"{tally.findings[name]:,}", share
        rows.append((code(name), code(flag.name), flag.severity, *counts, _said(flag.says), _said(flag.advice)))
    head = ("flag", "name", "severity", "findings", "of the rows", "what it says", "what to do")
    yield from table("By flag", head, rows)


def _by_file(report: Report) -> Iterator[str]:
    counts = report.tally.by_source
    order = sorted(counts, key=lambda at: (-counts[at]["error"], -counts[at].total(), at))
    rows = [
        (code(report.sources[at].in_tree), *(f"{counts[at][name]:,}" for name in ("error", "warning", "info")))
        for at in order
    ]
    yield from table("By file", ("file", "error", "warning", "info"), rows)


def _gravest(report: Report) -> Iterator[str]:
    total = report.tally.findings.total()
    rows = [(_place(report, finding), code(finding.code), _what(finding)) for finding in gravest(report, ROWS)]
    yield from table("The gravest findings", ("place", "flag", "what"), rows, total)


def _place(report: Report, finding: Reported) -> str:
    source, region = report.sources[finding.source], finding.region
    place = f"{region.line}:{region.column}" if region else f"{finding.line}"
    return code(f"{source.in_tree}:{place}")


def _what(finding: Reported) -> str:
    named = f" {code(finding.named)}" if finding.named else ""
    quoted = "" if finding.quoted is None else f" {code(repr(finding.quoted))}"
    return f"{_said(finding.says)}{named}{quoted}"


def _said(text: str) -> str:
    """A sentence of ours as it is; others may quote the data, or come from a step that nobody knows."""
    return text if text in _OURS or not text else code(text)


def _chains(report: Report) -> Iterator[str]:
    copies = (finding for finding in report.findings if finding.chain)
    total = report.tally.findings["SY001"]
    if total:
        first = [finding for finding, _ in zip(copies, range(ROWS), strict=False)]
        rows = [
            (_place(report, finding), code(finding.id or ""), " → ".join(map(code, finding.chain))) for finding in first
        ]
        yield from table("Syndicated copies", ("place", "id", "who wrote it, and by whom it came"), rows, total)


def _corpus(report: Report) -> Iterator[str]:
    rows = [(name, f"{count:,}") for name, count in report.tally.corpus.items()]
    yield from table("The corpus" if report.changes is None else "What is new", ("what", "how many"), rows)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], total: int | None = None) -> Iterator[str]:
    """A table under a heading, its first rows only; `total` says how many there are in all."""
    yield f"\n### {title}\n"
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows[:ROWS]:
        yield f"| {' | '.join(row)} |"
    more = (len(rows) if total is None else total) - ROWS
    if more > 0:
        yield f"\n… and {more:,} more."


def code(text: str) -> str:
    r"""The text as a code span that holds in a table, too.

    >>> code("a|b"), code("` <b>")
    ('`a\\|b`', '`` ` <b> ``')
    """
    text = shown(text, _CELL) or " "
    # A table ends its cell at `|` unless a backslash stands before it; one that the text has there would undo that.
    text = re.sub(r"\\+(?=\|)", lambda found: r"\x5c" * len(found[0]), text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    # Markdown takes one space off each end, where both have one.
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"
