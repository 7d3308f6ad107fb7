"""`corpus-tools list`, `schema` and `completion`: what there is to know without a corpus."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from corpus_tools.cli import completing
from corpus_tools.cli.verb import Verb, is_coloured
from corpus_tools.errors import DONE, UnknownName

Table = tuple[Sequence[str], list[Sequence[Any]]]


def _steps(_rules: str | None) -> Table:
    from corpus_tools.chain import CHAIN, load_step

    rows: list[Sequence[Any]] = []
    for name in CHAIN:
        step = load_step(name)
        writes = [*step.edits, *step.adds]
        rows.append((name, step.summary, ", ".join(writes), ", ".join(flag.code for flag in step.flags)))
    return ("step", "what it does", "writes", "flags"), rows


def _flags(_rules: str | None) -> Table:
    from corpus_tools.flags import FLAGS

    rows = [(flag.code, flag.name, flag.severity, flag.says, flag.advice) for flag in FLAGS.values()]
    return ("code", "name", "severity", "says", "advice"), list(rows)


def _agencies(rules: str | None) -> Table:
    from corpus_tools.rules.parties import parties

    rows = [
        (party.id, party.name, party.kind, party.country or "", ", ".join(party.domains))
        for party in parties(rules).by_id.values()
        if party.kind != "outlet"
    ]
    return ("id", "name", "kind", "country", "domains"), list(rows)


def _schemas(_rules: str | None) -> Table:
    from corpus_tools.validation import SCHEMAS

    return ("schema", "what it describes"), list(SCHEMAS.items())


def _columns(_rules: str | None) -> Table:
    from corpus_tools.contract import COLUMNS

    return ("column", "holds", "by", "what it is"), [(c.name, c.kind, c.by, c.says) for c in COLUMNS.values()]


LISTS: dict[str, Callable[[str | None], Table]] = {
    "steps": _steps,
    "flags": _flags,
    "agencies": _agencies,
    "schemas": _schemas,
    "columns": _columns,
}


@click.command("list", cls=Verb)
@click.argument("what", type=click.Choice(tuple(LISTS)))
@click.option("--rules", type=click.Path(exists=True, dir_okay=False), help="Your own rules, shown with ours.")
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True,
              help="How the list is printed.")  # fmt: skip
def list_(what: str, rules: str | None, form: str) -> int:
    """List steps, flags, agencies, schemas or columns.

    \b
    corpus-tools list flags
    corpus-tools list agencies --format json
    """
    click.echo(printed(*LISTS[what](rules), form))
    return DONE


@click.command(cls=Verb)
@click.argument("name", shell_complete=completing.schemas)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Schema (2020-12) for other tools.")
def schema(name: str, as_json: bool) -> int:
    """Print a schema as a table, or as JSON Schema.

    \b
    corpus-tools schema article
    corpus-tools schema clean_article --json > clean_article.schema.json
    """
    from corpus_tools.validation import describe, json_schema, load_schema

    found = load_schema(name)
    if as_json:
        click.echo(json.dumps(json_schema(found), indent=2, ensure_ascii=False))
    else:
        click.echo(printed(("column", "type", "null", "checks"), describe(found), "text"))
    return DONE


_SHELLS = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/completions/corpus-tools.fish"}


@click.command(cls=Verb)
@click.argument("shell", metavar="bash|zsh|fish", shell_complete=completing.one_of(lambda: _SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print the completion script of a shell.

    \b
    corpus-tools completion bash >> ~/.bashrc
    corpus-tools completion fish > ~/.config/fish/completions/corpus-tools.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell) if shell in _SHELLS else None
    if kind is None:
        raise UnknownName("shell", shell, _SHELLS)
    script = kind(ctx.find_root().command, {}, "corpus-tools", "_CORPUS_TOOLS_COMPLETE").source()
    # Click's script for fish cuts values at their first comma, and lists of steps have commas.
    click.echo(script.replace('string split ","', 'string split --max 1 ","'))
    return DONE


def printed(head: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> str:
    """A table as text, JSON or Markdown.

    >>> print(printed(("a", "b"), [("x", 1)], "markdown"))
    | a | b |
    | --- | --- |
    | x | 1 |
    """
    rows = list(rows)
    if form == "json":
        return json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1, ensure_ascii=False)
    if form == "markdown":
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
    from corpus_tools.cli.terminal import table

    return table(head, rows, colours=is_coloured(sys.stdout))
