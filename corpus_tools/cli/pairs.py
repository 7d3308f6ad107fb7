"""`corpus-tools pairs`: read what was compared, the doubtful first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from corpus_tools.cli import completing, options, terminal
from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE


def _guards() -> Iterable[str]:
    from corpus_tools.index.judge import GUARDS

    return GUARDS


_HEAD = ("a", "b", "judgement", "similarity", "containment", "aligned", "what decided")


@click.command(cls=Verb)
@click.argument("pairs_file", metavar="PAIRS", type=options.Name(path_type=Path, dir_okay=False, readable=False))
@click.argument("corpus", nargs=-1, metavar="[CORPUS]...", type=options.Name(readable=False))
@click.option("--borderline", "judgement", flag_value="borderline", help="Only pairs in doubt.")
@click.option("--same", "judgement", flag_value="same", help="Only pairs called the same.")
@click.option("--different", "judgement", flag_value="different", help="Only pairs called different.")
@click.option(
    "--guard",
    metavar="NAME",
    shell_complete=completing.one_of(_guards),
    help="Only pairs that this decided, e.g. template.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Show so many pairs.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="How the pairs are printed.")  # fmt: skip
def pairs(
    pairs_file: Path, corpus: tuple[str, ...], judgement: str | None, guard: str | None, limit: int, form: str
) -> int:
    """Read the pairs that were compared, the doubtful first.

    With CORPUS, the texts stand side by side: what is the same after =, what differs after ~, what only one has after
    < or >. Fill in "belong" in a line of PAIRS and give the file to --overrule.

    \b
    corpus-tools mark-duplicates raw.jsonl --pairs pairs.jsonl -o marked.jsonl
    corpus-tools pairs pairs.jsonl marked.jsonl --borderline
    """
    from corpus_tools.index.judge import GUARDS
    from corpus_tools.pairs import in_doubt_first, read_pairs

    if guard is not None and guard not in GUARDS:
        from corpus_tools.errors import UnknownName

        raise UnknownName("guard", guard, GUARDS)
    chosen = in_doubt_first(read_pairs(pairs_file), judgement, guard)[:limit]
    if form == "json":
        click.echo("".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in chosen), nl=False)
    elif corpus:
        click.echo("\n\n".join(_told(chosen, corpus)))
    else:
        click.echo(terminal.table(_HEAD, [_row(pair) for pair in chosen]))
    return DONE


def _row(pair: dict[str, Any]) -> list[str]:
    from corpus_tools.index.judge import GUARDS

    figures = [f"{pair[name]:.2f}" for name in ("similarity", "containment", "aligned")]
    return [pair["a"], pair["b"], pair["judgement"], *figures, GUARDS.get(pair["guard"], pair["guard"])]


def _told(chosen: list[dict[str, Any]], corpus: tuple[str, ...]) -> list[str]:
    from corpus_tools.io.read import Reader
    from corpus_tools.pairs import passages, with_records
    from corpus_tools.report.side_by_side import side_by_side
    from corpus_tools.shown import shown

    stories = []
    width = terminal.width()
    for pair, one, other in with_records(chosen, Reader(list(corpus))):
        a, b, judgement, similarity, containment, aligned, decided = _row(pair)
        head = f"{a} and {b}: {judgement} (similarity {similarity}, containment {containment}, aligned {aligned})"
        lines = [head, f"  {decided}"]
        missing = [name for name, record in ((a, one), (b, other)) if record is None]
        if missing:
            lines.append(f"  The corpus has no record {' and no record '.join(missing)}.")
        if one is not None and other is not None:
            for name, record in ((a, one), (b, other)):
                said = (str(record[key]) for key in ("source", "title") if isinstance(record.get(key), str))
                lines.append(f"  {name}: {' · '.join(said)}".rstrip(": "))
        told = [shown(line) for line in lines]
        if one is not None and other is not None:
            told.append(side_by_side(passages(one, other), width))
        stories.append("\n".join(told))
    return stories
