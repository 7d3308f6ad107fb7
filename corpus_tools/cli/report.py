"""`corpus-tools report`: a run as one page to look at."""

from __future__ import annotations

from pathlib import Path

import click

from corpus_tools.errors import DONE


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("-o", "--output", default="report.html", show_default=True, metavar="FILE",
              help="Where the page goes; - is stdout.")  # fmt: skip
@click.option("--audit", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Folder of the run's audit, where it does not stand beside the records.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No progress; errors still show.")
def report(run: Path, output: str, audit: Path | None, quiet: bool) -> int:
    """Draw a run as one HTML page: flow, copies, chains, provenance, languages, damage, dates, samples.

    RUN is the records that the run wrote, its out.run.json, or the folder of its audit. The page needs no network and
    no other file.

    \b
    corpus-tools report out.jsonl -o report.html
    corpus-tools report clean.jsonl --audit audit
    """
    write_report(run, audit, output, quiet=quiet)
    return DONE


def write_report(run: Path, audit: Path | None, output: str, *, quiet: bool) -> None:
    """The report of a finished run, whole or not at all."""
    from corpus_tools.cli import terminal
    from corpus_tools.io.outputs import Outputs
    from corpus_tools.report.page.page import check_templates, page
    from corpus_tools.survey.figures import figures_of
    from corpus_tools.survey.visit import find_run

    check_templates()
    found = find_run(run, audit)
    reads = [str(found.records), *(str(path) for path in found.names.values())]
    with Outputs(reads=reads) as outputs, terminal.progress(quiet) as tell:
        target = outputs.open(output)
        target.write(page(figures_of(found, tell)).encode("utf-8"))
        outputs.commit(last=output)
