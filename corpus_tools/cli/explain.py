"""`corpus-tools explain`: the story of one record."""

from __future__ import annotations

import json
from pathlib import Path

import click

from corpus_tools.errors import DONE, InputError


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("record_id", metavar="ID")
@click.option("--audit", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Folder of the run's audit, where it does not stand beside OUT.")  # fmt: skip
@click.option("--rules", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="The rules of the run.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="How the story is printed.")  # fmt: skip
def explain(out: Path, record_id: str, audit: Path | None, rules: str | None, form: str) -> int:
    """Tell the story of one record: changes, chain, cluster, flags, verdict.

    \b
    corpus-tools explain out.jsonl arah-5571
    """
    from corpus_tools.explain import stories
    from corpus_tools.report.story import told
    from corpus_tools.restore import find_outputs

    outputs = find_outputs(out, audit)
    found = stories(outputs, record_id, rules)
    if not found:
        raise InputError(f"No record of {out} or its removed records has the id {record_id!r}.")
    if form == "json":
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        click.echo("\n\n".join(told(story) for story in found))
    return DONE
