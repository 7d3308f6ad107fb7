"""`corpus-tools compare`, `sample` and `stats`: look at what a run did."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from corpus_tools.cli import completing, terminal
from corpus_tools.cli.verb import Verb, is_coloured
from corpus_tools.errors import DONE

_out = click.argument("out", type=click.Path(path_type=Path))
_audit = click.option("--audit", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                      help="Folder of the run's audit, where it does not stand beside OUT.")  # fmt: skip
_FIGURE = re.compile(r"[\d,.%]*")  # any other cell may be a stranger's text


@click.command(cls=Verb)
@_out
@click.argument("one", metavar="ID1")
@click.argument("other", metavar="ID2")
@_audit
@click.option("--whole", is_flag=True, help="Show in full what is long, too.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="How the comparison is printed.")  # fmt: skip
def compare(out: Path, one: str, other: str, audit: Path | None, whole: bool, form: str) -> int:
    """Lay two records of a run side by side.

    Figures come first, then the texts with their differences, and what was cut as furniture. Before each line stands a
    mark: = what both say, ~ what differs, < and > what only one says, · what was cut.

    \b
    corpus-tools compare out.jsonl bb-tin-1 arah-5571
    """
    from corpus_tools.comparison import compared
    from corpus_tools.report.comparison import laid_out
    from corpus_tools.survey.visit import find_run

    found = compared(find_run(out, audit), one, other)
    if form == "json":
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return DONE
    click.echo("\n".join(laid_out(found, terminal.width(), whole=whole, colours=True)))
    return DONE


@click.command(cls=Verb)
@_out
@_audit
@click.option("--flag", metavar="CODE", shell_complete=completing.flags,
              help="Only records with this flag, e.g. DU002 or near-duplicate.")  # fmt: skip
@click.option("--verdict", type=click.Choice(("keep", "review", "drop")), help="Only records with this verdict.")
@click.option("--step", metavar="NAME", shell_complete=completing.steps,
              help="Only records that this step changed, e.g. strip_furniture.")  # fmt: skip
@click.option("--rule", metavar="WORDS", help="Only records that a rule of this name changed, e.g. 'also like'.")
@click.option("-n", "--number", type=click.IntRange(min=1), default=20, show_default=True, help="Draw so many.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws others.")
@click.option("--format", "form", type=click.Choice(("text", "json", "jsonl")), default="text", show_default=True,
              help="How the records are printed.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No progress; errors still show.")
def sample(
    out: Path, audit: Path | None, flag: str | None, verdict: str | None, step: str | None, rule: str | None,
    number: int, seed: int, form: str, quiet: bool,
) -> int:  # fmt: skip
    """Draw records of a run for reading by eye.

    The same seed draws the same records, each as likely as any other.

    \b
    corpus-tools sample out.jsonl --flag DU002 -n 20 --seed 1
    corpus-tools sample out.jsonl --step strip_furniture --rule "also like" -n 5
    """
    from corpus_tools.flags import flag_of
    from corpus_tools.report.sample import sample_lines
    from corpus_tools.sample import Wanted, sampled
    from corpus_tools.survey.visit import find_run

    wanted = Wanted(flag_of(flag).code if flag else None, verdict, step, rule)
    with terminal.progress(quiet) as tell:
        found = sampled(find_run(out, audit), wanted, number, seed, tell)
    if form == "json":
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    elif form == "jsonl":
        click.echo("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in found["records"]), nl=False)
    else:
        click.echo("\n".join(sample_lines(found, terminal.width(), colours=True)))
    return DONE


@click.command(cls=Verb)
@_out
@_audit
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True,
              help="How the figures are printed.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No progress; errors still show.")
def stats(out: Path, audit: Path | None, form: str, quiet: bool) -> int:
    """Count what a run did.

    They are the figures of `corpus-tools report` as tables: flow, flags, provenance by outlet, languages, syndication,
    copies, cuts, repairs, dates.

    \b
    corpus-tools stats out.jsonl
    corpus-tools stats out.jsonl --format json | jq .flow
    """
    from corpus_tools.cli.listing import printed
    from corpus_tools.report.counts import tables_of
    from corpus_tools.report.markdown import code
    from corpus_tools.survey.figures import figures_of
    from corpus_tools.survey.visit import find_run

    with terminal.progress(quiet) as tell:
        figures = figures_of(find_run(out, audit), tell)
    if form == "json":
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False))
        return DONE
    for table in tables_of(figures):
        if form == "markdown":
            rows = [[cell if _FIGURE.fullmatch(cell) else code(cell) for cell in row] for row in table.rows]
            click.echo(f"## {table.title}\n\n{printed(table.head, rows, 'markdown')}\n")
        else:
            click.echo(f"{table.title}\n{terminal.table(table.head, table.rows, colours=is_coloured(sys.stdout))}\n")
    return DONE
