"""`corpus-tools restore`: the input, from the outputs."""

from __future__ import annotations

from pathlib import Path

import click

from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE

_STEP = 1_000
"""Records between two words about the progress."""


@click.command(cls=Verb)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("-o", "--output", default="-", metavar="FILE", help="Where the records go [default: stdout].")
@click.option("--audit", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Folder of the run's audit, where it does not stand beside OUT.")  # fmt: skip
@click.option("--records-only", is_flag=True, help="Leave out the broken input that was set aside.")
@click.option("--quiet", "-q", is_flag=True, help="No progress; errors still show.")
def restore(out: Path, output: str, audit: Path | None, records_only: bool, quiet: bool) -> int:
    """Rebuild the input of a run from its outputs, as JSON lines.

    Records come value for value under their original names, in their original order; broken lines come back as they
    were, in their place.

    \b
    corpus-tools restore out.jsonl -o raw.jsonl
    """
    from corpus_tools.cli import terminal
    from corpus_tools.io.outputs import Outputs
    from corpus_tools.io.write import json_line
    from corpus_tools.restore import find_outputs, restored_records

    found = find_outputs(out, audit)
    there = max(found.manifest["counts"]["read"], 1)
    reads = [str(out), *(str(path) for path in found.names.values())]
    with Outputs(reads) as outputs, terminal.progress(quiet, output) as tell:
        target = outputs.open(output)
        for number, record in enumerate(restored_records(found)):
            if number % _STEP == 0:
                tell("restore", _STEP if number else 0, number / there)
            if isinstance(record, dict):
                target.write(json_line(record))
            elif not records_only:
                target.write(record)
        outputs.commit(last=output)
    return DONE
