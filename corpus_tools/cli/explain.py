"""`corpus-tools explain`: the story of one record."""

from __future__ import annotations

import json
from pathlib import Path

import click

from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE


@click.command(cls=Verb)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("name", metavar="ID")
@click.option("--audit", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Folder of the run's audit, where it does not stand beside OUT.")  # fmt: skip
@click.option("--rules", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="The rules of the run.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="How the story is printed.")  # fmt: skip
def explain(out: Path, name: str, audit: Path | None, rules: str | None, form: str) -> int:
    """Tell the story of one record: changes, chain, cluster, flags, verdict.

    OUT is the records that a run wrote, its out.run.json, or the folder of its audit; ID is a record's id or address.
    In the chain, ‹ and › mark the evidence in its place.

    \b
    corpus-tools explain out.jsonl arah-5571
    corpus-tools explain out.jsonl arah-5571 --format json
    """
    from corpus_tools.cli import terminal
    from corpus_tools.report.story import told
    from corpus_tools.story import stories
    from corpus_tools.survey.visit import find_run

    found = stories(find_run(out, audit), name, rules)
    if form == "json":
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        click.echo("\n\n".join(told(story, terminal.width(), colours=True) for story in found))
    return DONE
