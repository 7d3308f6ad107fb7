"""The command line: parse, call, print, exit. Every verb imports what is heavy only when it runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

import corpus_tools as package
from corpus_tools.chain import check_names
from corpus_tools.cli.check import check
from corpus_tools.cli.clean import clean
from corpus_tools.cli.diff import diff
from corpus_tools.cli.explain import explain
from corpus_tools.cli.index import index
from corpus_tools.cli.listing import completion, list_, schema
from corpus_tools.cli.look import compare, sample, stats
from corpus_tools.cli.options import Size, Words
from corpus_tools.cli.pairs import pairs
from corpus_tools.cli.report import report
from corpus_tools.cli.restore import restore
from corpus_tools.cli.validate import validate
from corpus_tools.cli.verb import Verbs, color
from corpus_tools.cli.verbs import STEP_VERBS
from corpus_tools.config import Config, find_config, load_config
from corpus_tools.errors import UnknownName, UsageError

_GROUPS = (
    ("The main job", ("clean", "check", "validate")),
    ("One step at a time, from pipe to pipe", tuple(verb.name or "" for verb in STEP_VERBS)),
    ("After a run", ("report", "stats", "explain", "compare", "sample", "pairs", "restore")),
    ("From run to run", ("diff", "index")),
    ("Look things up", ("schema", "list", "completion")),
)


class ClosedPipe(Exception):
    """Whoever read our output has gone. Click would make exit 1 of it, and it is no failure."""


class _Root(Verbs):
    """The verbs in groups, in the order a newcomer needs them."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ClosedPipe from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for _, names in _GROUPS for name in names]

    def headings(self) -> Iterable[tuple[str, Iterable[str]]]:
        """The verbs by what they are for."""
        return _GROUPS


@click.group(
    cls=_Root,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Records go to stdout, all else to stderr. `corpus-tools VERB --help` has an example of each.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Settings file [default: the nearest corpus-tools.toml, or pyproject.toml with a table tool.corpus-tools].",
)
@click.version_option(package.__version__, prog_name="corpus-tools")
@click.pass_context
def corpus_tools(ctx: click.Context, config: Path | None) -> None:
    """Turn scraped news corpora into datasets that people can trust.

    \b
    corpus-tools clean raw.jsonl -o clean.jsonl
    zcat raw.jsonl.gz | corpus-tools clean --audit audit > clean.jsonl
    """
    settings = load_config(config or find_config(Path.cwd()))
    ctx.obj = settings
    ctx.default_map = _defaults(settings)


def _defaults(settings: Config) -> dict[str, dict[str, Any]]:
    """The settings file as defaults of the verbs; a name that no verb has is an error, not a silence."""
    takes = {verb: _long_options(command) for verb, command in corpus_tools.commands.items()}
    everywhere = sorted(set().union(*takes.values()))
    for name in settings.shared:
        if name not in everywhere:
            raise UnknownName(f"setting in {settings.path}", name, everywhere)
    for verb, options in settings.verbs.items():
        if verb not in takes:
            raise UnknownName(f"table in {settings.path}", verb, [*takes, "step"])
        for name in options:
            if name not in takes[verb]:
                raise UnknownName(f"setting [{verb}] in {settings.path}", name, sorted(takes[verb]))
    chosen = [*settings.shared.get("steps", []), *settings.verbs.get("clean", {}).get("steps", [])]
    check_names(settings.steps, chosen, f"step in {settings.path}")
    return {
        verb: {
            options[name].name or "": _fitting(value, options[name], f"{name} in {settings.path}")
            for name, value in (settings.shared | settings.verbs.get(verb, {})).items()
            if name in options
        }
        for verb, options in takes.items()
    }


def _long_options(command: click.Command) -> dict[str, click.Parameter]:
    """The options of a verb by their long names, as a settings file writes them."""
    return {
        option.removeprefix("--").replace("-", "_"): parameter
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }


_TAKES: tuple[tuple[type, tuple[type, ...], str], ...] = (
    (type(click.BOOL), (bool, str), "true or false"),
    (type(click.INT), (int, str), "a number"),
    (Size, (int, str), 'a number, or a text such as "64M"'),
    (object, (str, date), "a text in quotes"),
)
"""A type of options, the TOML values that fit, and how they are called."""


def _fitting(value: Any, option: click.Parameter, told: str) -> Any:  # any TOML value
    """A setting in a shape that click can convert: it takes any default for good."""
    many = option.multiple or isinstance(option.type, Words)
    values = value if many and isinstance(value, list) else [value]
    fitting, said = next((fitting, said) for kind, fitting, said in _TAKES if isinstance(option.type, kind))
    if not all(isinstance(one, fitting) and "\0" not in str(one) for one in values):
        raise UsageError(f"{told} takes {said}{', or a list of them' if many else ''}, not {value!r}.")
    values = [str(one) if isinstance(one, date) else one for one in values]
    return values if many else values[0]


corpus_tools.params.append(color())
for _verb in (
    clean,
    check,
    validate,
    *STEP_VERBS,
    report,
    explain,
    compare,
    sample,
    stats,
    restore,
    pairs,
    diff,
    index,
    schema,
    list_,
    completion,
):
    corpus_tools.add_command(_verb)
