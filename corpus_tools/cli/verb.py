"""What every verb has in common: its options stand in groups, and colours go where they are wanted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

import click

from corpus_tools.report.marks import COLOURS

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Options", ()),
    ("Input", ("--since", "--from", "--encoding", "--map", "--limit", "--follow-links")),
    ("Output", ("--output", "--to", "--format", "--json", "--audit", "--no-audit", "--mark", "--records-only",
                "--report", "--spreadsheet-safe", "--dry-run")),
    ("Steps", ("--steps", "--schema", "--strip-credits", "--outlet-encoding", "--learned-furniture", "--paragraphs",
               "--engine")),
    ("Duplicates", ("--index", "--update-index", "--overrule", "--pairs")),
    ("Judging", ("--rules", "--now", "--fail-on", "--max", "--baseline", "--write-baseline")),
    ("Resources", ("--scheduler", "--part-size", "--jobs", "--resume", "--memory", "--chunk-rows",
                   "--max-record-bytes")),
    ("This terminal", ("--quiet", "--color", "--version", "--help")),
)  # fmt: skip
"""Options by what they are about, in the order of the help; those of one verb alone stand under "Options"."""


class Verbs(click.Group):
    """A group of verbs, each with its whole first sentence."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs, then the options in their groups."""
        self.format_commands(ctx, formatter)
        write_groups(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs under their headings."""
        width = max(map(len, self.commands))
        for title, names in self.headings():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), self.commands[name].get_short_help_str(200)) for name in names])

    def headings(self) -> Iterable[tuple[str, Iterable[str]]]:
        """The verbs by what they are for."""
        return (("Commands", self.commands),)


class Verb(click.Command):
    """A verb: its help is in groups, and it takes --color."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.params.append(color())

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in their groups."""
        write_groups(self, ctx, formatter)


def write_groups(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the options of a command, each group in the order of `_GROUPS`."""
    group_of = {name: group for group, names in _GROUPS for name in names}
    rows: dict[str, list[tuple[tuple[int, int], tuple[str, str]]]] = {group: [] for group, _ in _GROUPS}
    for place, parameter in enumerate(command.get_params(ctx)):
        record = parameter.get_help_record(ctx)
        if record is None or isinstance(parameter, click.Argument):
            continue
        name = next((name for name in parameter.opts if name in group_of), "")
        group = group_of.get(name, "Options")
        rank = dict(_GROUPS)[group].index(name) if name else 0
        rows[group].append(((rank, place), record))
    for group, found in rows.items():
        if found:
            with formatter.section(group):
                formatter.write_dl([record for _, record in sorted(found)])


def color() -> click.Option:
    """The option --color, for the command itself and for each verb."""
    return click.Option(
        ["--color"],
        type=click.Choice(("auto", "always", "never")),
        expose_value=False,
        is_eager=True,
        callback=_choose,
        help="Colours: auto on terminals, unless NO_COLOR is set; everywhere if FORCE_COLOR is [default: auto].",
    )


def _choose(ctx: click.Context, _option: click.Parameter, chosen: str | None) -> None:
    if chosen is None and ctx.parent is not None:
        return  # what was said before the verb counts
    if chosen in ("always", "never"):
        ctx.color = chosen == "always"
    else:
        forced = True if os.environ.get("FORCE_COLOR") else None
        ctx.color = False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else forced


def is_coloured(stream: Any) -> bool:  # any text stream
    """Whether what goes to the stream may be coloured."""
    ctx = click.get_current_context(silent=True)
    wanted = ctx.color if ctx else None
    return bool(stream.isatty()) if wanted is None else wanted


def coloured_line(line: str) -> str:
    r"""A finding as compilers print theirs, with its severity in colour.

    >>> coloured_line("a.jsonl:3:1: SC001 error: The record has no text.")
    'a.jsonl:3:1: SC001 \x1b[31merror\x1b[0m: The record has no text.'
    """
    place = re.search(r": [A-Z]+\d+ (error|warning|info): ", line)
    if place is None:
        return line
    return line[: place.start(1)] + click.style(place[1], fg=COLOURS[place[1]]) + line[place.end(1) :]
