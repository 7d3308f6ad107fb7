"""The command line: parse, call, print, exit. Every verb imports what is heavy only when it runs."""

from __future__ import annotations

from collections.abc import Iterable
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
from corpus_tools.cli.pairs import pairs
from corpus_tools.cli.report import report
from corpus_tools.cli.restore import restore
from corpus_tools.cli.validate import validate
from corpus_tools.cli.verb import Verbs, color
from corpus_tools.cli.verbs import STEP_VERBS
from corpus_tools.config import Config, find_config, load_config
from corpus_tools.errors import UnknownName

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
            names[option]: value
            for option, value in (settings.shared | settings.verbs.get(verb, {})).items()
            if option in names
        }
        for verb, names in takes.items()
    }


def _long_options(command: click.Command) -> dict[str, str]:
    """The long options of a verb, as a settings file writes them, and click's names for them."""
    return {
        option.removeprefix("--").replace("-", "_"): parameter.name or ""
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }


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
