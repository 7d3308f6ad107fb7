"""`corpus-tools report`: a run as one page to look at."""

from __future__ import annotations

from pathlib import Path

import click

from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE


@click.command(cls=Verb)
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
    from corpus_tools.cli import terminal
    from corpus_tools.draw import draw_report

    with terminal.progress(quiet) as tell:
        draw_report(run, output, audit=audit, progress=tell)
    return DONE
