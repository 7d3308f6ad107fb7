"""`corpus-tools validate`: what is wrong with the records, and where."""

from __future__ import annotations

import contextlib
from typing import Any

import click

from corpus_tools.cli import completing, options, reporting
from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE, FINDINGS


@click.command(cls=Verb)
@options.reading
@click.option("--schema", shell_complete=completing.schemas, default="article", show_default=True, metavar="NAME",
              help="A schema: article, clean_article, path/to/file.py:Model, or a Pandera YAML file.")  # fmt: skip
@reporting.forms
@click.option("--fail-on", type=click.Choice(("error", "warning", "info", "never")), default="error",
              show_default=True, help="Exit 1 where a finding is at least this severe.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
def validate(schema: str, forms: Any, fail_on: str, quiet: bool, **given: Any) -> int:
    """Check records against a schema and print each finding with its file, line and column.

    Nothing is edited. `check` looks for more than a schema can say.

    \b
    corpus-tools validate raw.jsonl
    corpus-tools validate raw.csv --schema my_schema.py:Article --fail-on warning
    """
    files = options.inputs_of(given["files"])
    from corpus_tools.checking.check import checked
    from corpus_tools.checking.settings import Settings
    from corpus_tools.cli import terminal

    reading = options.reader_options(given)
    settings = Settings(steps=("validate",), common={"schema": schema}, reading=reading, fail_on=fail_on)
    with contextlib.ExitStack() as stack:
        with terminal.progress(quiet) as tell:
            report = stack.enter_context(checked(files, settings, tell))
        reporting.write_reports(report, forms, files)
        if not quiet:
            reporting.say_summary(report)
        return FINDINGS if report.failed else DONE
