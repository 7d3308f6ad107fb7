"""`corpus-tools validate`: what is wrong with the records, and where."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from corpus_tools.cli import options
from corpus_tools.errors import DONE, FINDINGS


@click.command()
@options.reading
@click.option("--schema", default="article", show_default=True, metavar="NAME",
              help="A schema: article, clean_article, path/to/file.py:Model, or a Pandera YAML file.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(("text", "jsonl", "github")), default="text", show_default=True,
              help="How findings are printed.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(("error", "warning", "info", "never")), default="error",
              show_default=True, help="Exit 1 where a finding is at least this severe.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No summary line.")
def validate(schema: str, form: str, fail_on: str, quiet: bool, **given: Any) -> int:
    """Check records against a schema and print each finding with its file and line.

    Nothing is edited and nothing is written.

    \b
    corpus-tools validate raw.jsonl
    corpus-tools validate raw.csv --schema my_schema.py:Article --fail-on warning
    """
    files = options.inputs_of(given["files"])
    from corpus_tools.io.read import Reader
    from corpus_tools.report.findings import as_printed
    from corpus_tools.run import findings_in

    reader = Reader(files, **options.reader_options(given))
    severities: Counter[str] = Counter()
    for finding in findings_in(reader, schema):
        severities[finding["severity"]] += 1
        click.echo(as_printed(finding, form))
    if not quiet:
        read = sum(entry.records + entry.quarantined for entry in reader.inputs)
        click.echo(f"{read:,} rows read: " + ", ".join(f"{severities[s]:,} {s}" for s in ("error", "warning", "info"))
                   + ".", err=True)  # fmt: skip
    return FINDINGS if options.fails(dict(severities), fail_on) else DONE
