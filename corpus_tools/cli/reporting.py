"""Where reports go: several forms at once, to stdout or to files, and the summary of a step on GitHub."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from corpus_tools.cli.completing import one_of
from corpus_tools.cli.verb import coloured_line, is_coloured
from corpus_tools.errors import UnknownName
from corpus_tools.shown import shown_line

NAMES = ("text", "jsonl", "github", "gitlab", "sarif", "junit", "markdown")


class Form(click.ParamType[tuple[str, str]]):
    """`FORM` or `FORM:FILE`."""

    name = "form[:file]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The form and where it goes; `-` is stdout."""
        if isinstance(value, (tuple, list)):
            return str(value[0]), str(value[1])
        form, colon, file = str(value).partition(":")
        if form not in NAMES:
            self.fail(str(UnknownName("form of report", form, NAMES)), param, ctx)
        if colon and not file:
            self.fail(f"{value!r} names no file; write e.g. {form}:out.{form}", param, ctx)
        return form, file or "-"


forms = click.option("--format", "forms", type=Form(), multiple=True, metavar="FORM[:FILE]", default=("text",),
                     shell_complete=one_of(lambda: NAMES),
                     help=f"How findings are written: {', '.join(NAMES)}; with a file, there instead of stdout. May be "
                     "given several times [default: text].")  # fmt: skip


def write_reports(report: Any, forms: Sequence[tuple[str, str]], reads: Sequence[str]) -> None:
    """Write the report in every form that was asked for; files appear whole or not at all."""
    from corpus_tools.io.outputs import Outputs
    from corpus_tools.report.forms import FORMS

    on_stdout = [form for form, file in forms if file == "-"]
    if len(on_stdout) > 1 and set(on_stdout) != {"text", "github"}:
        raise click.UsageError(f"Only one report fits on stdout. Give the others files: --format {on_stdout[1]}:FILE.")
    with Outputs(reads) as outputs:
        for form, file in forms:
            out = outputs.open(file)
            lines = FORMS[form](report)
            if form == "text" and file == "-" and is_coloured(sys.stdout):
                lines = map(coloured_line, lines)
            for line in lines:
                out.write(line.encode("utf-8", "replace") + b"\n")
        outputs.commit()


def append_step_summary(report: Any) -> None:
    """The summary in Markdown, on the page of the run, where GitHub names a file for it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from corpus_tools.report.forms import FORMS

    text = "\n".join(FORMS["markdown"](report)) + "\n\n"
    with Path(path).open("ab") as file:
        file.write(text.encode("utf-8", "replace"))


def say_summary(report: Any) -> None:
    """How the check went, on stderr."""
    tally = report.tally
    counts = ", ".join(f"{tally.severities[severity]:,} {severity}" for severity in ("error", "warning", "info"))
    lines = [f"{tally.read:,} rows read: {counts}."]
    if tally.findings:
        from corpus_tools.cli.terminal import table

        flags = [(report.flags[code], count) for code, count in sorted(tally.findings.items())]
        rows = [(flag.code, flag.name, flag.severity, f"{count:,}", flag.advice) for flag, count in flags]
        head = ("flag", "name", "severity", "findings", "what to do")
        click.echo(table(head, rows, colours=is_coloured(sys.stderr)), err=True)
    for line in [*lines, *report.notes]:
        click.echo(shown_line(line), err=True)
