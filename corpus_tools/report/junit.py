"""JUnit XML, which nearly every CI system shows: a suite a file, a test a finding.

What makes the check fail is a failure; what does not is a test that passed and has something to say. A file without
findings is one test that passed.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from corpus_tools.report.reported import Report, Reported, Source
from corpus_tools.shown import shown


def as_junit(report: Report) -> Iterator[str]:
    """The document, a test a line."""
    tests, failures = _counts(report)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="corpus-tools check" tests="{tests.total()}" failures="{failures.total()}" errors="0">'
    groups = itertools.groupby(report.findings, key=lambda finding: finding.source)
    group = next(groups, None)
    for at, source in enumerate(report.sources):
        name = _attribute(source.in_tree)
        yield f'<testsuite name={name} tests="{tests[at]}" failures="{failures[at]}" errors="0" skipped="0">'
        if group is not None and group[0] == at:
            for finding in group[1]:
                yield _test(report, finding, source)
            group = next(groups, None)
        else:
            yield f'<testcase classname={name} name="no findings"/>'
        yield "</testsuite>"
    yield "</testsuites>"


def _counts(report: Report) -> tuple[Counter[int], Counter[int]]:
    tests = Counter(range(len(report.sources)))
    tests.update({at: counts.total() - 1 for at, counts in report.tally.by_source.items()})
    failures: Counter[int] = Counter()
    for finding in report.findings:
        failures[finding.source] += report.is_failure(finding)
    return tests, failures


def _test(report: Report, finding: Reported, source: Source) -> str:
    line = finding.region.line if finding.region else finding.line
    unit = "row" if source.format == "parquet" else "line"
    title = f"{finding.code} {finding.name}, {unit} {line}" + (f", {finding.named}" if finding.named else "")
    says = finding.sentence()
    text = escape(shown(f"{says} {finding.advice}"))
    if report.is_failure(finding):
        inner = f"<failure type={_attribute(finding.code)} message={_attribute(says)}>{text}</failure>"
    else:
        inner = f"<system-out>{text}</system-out>"
    path = _attribute(source.in_tree)
    return f'<testcase classname={path} name={_attribute(title)} file={path} line="{line}">{inner}</testcase>'


def _attribute(text: str) -> str:
    return quoteattr(shown(text))
