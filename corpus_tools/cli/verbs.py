"""Each step as a verb: `corpus-tools fix-encoding < in.jsonl > out.jsonl`."""

from __future__ import annotations

from typing import Any

import click

from corpus_tools.cli import completing, options
from corpus_tools.cli.clean import execute
from corpus_tools.cli.verb import Verb

_HELP = {
    "fix-encoding": "Repair damaged characters in title and text.",
    "normalize-whitespace": "Bring spaces and line ends into one form.",
    "trace-syndication": "Find whose story each record is and how it came here.",
    "strip-furniture": "Cut page furniture from the text.",
    "detect-language": "Name the language each text is written in.",
    "flag-provenance": "Flag what nobody recorded, and what contradicts itself.",
    "mark-duplicates": "Find the records that are one story and choose the copy to keep.",
    "decide": "Turn flags into verdicts: keep, review or drop.",
}
_OWN: dict[str, list[click.Option]] = {
    "strip-furniture": [
        click.Option(["--strip-credits"], is_flag=True, help="Cut datelines and credit lines too."),
        click.Option(["--learned-furniture"], **options.LEARNED),
    ],
    "mark-duplicates": [
        click.Option(["--index"], **options.INDEX),
        click.Option(["--memory"], **options.MEMORY),
        click.Option(["--overrule"], **options.OVERRULE),
        click.Option(["--pairs"], **options.PAIRS),
    ],
    "detect-language": [
        click.Option(["--paragraphs"], is_flag=True, help="Read every text paragraph by paragraph, for the shares."),
        click.Option(["--engine"], metavar="NAME", shell_complete=completing.engines, help="Judge by profiles, "
                     "langdetect, lingua or fasttext; the last two are extras [default: profiles]."),
    ],
}  # fmt: skip


def _verb(name: str, says: str) -> click.Command:
    @options.reading
    @options.writing
    @options.judging
    @options.fail_on
    @click.pass_context
    def command(ctx: click.Context, /, **given: Any) -> int:
        if not given["audit"] and not given["quiet"]:
            click.echo(f"{name}: no ledger is kept; pass --audit DIR to keep one.", err=True)
        common = {
            "rules": given["rules"],
            "now": given["now"],
            "strip_credits": given.get("strip_credits") or None,
            "paragraphs": given.get("paragraphs") or None,
            "engine": given.get("engine"),
            "learned_furniture": given.get("learned_furniture"),
            "overrule": given.get("overrule"),
            "memory": given.get("memory"),
        }
        return execute(
            ctx,
            given,
            verb=name,
            common=common,
            sidecars=given["audit"] is not None,
            remove=False,
            steps=(name.replace("-", "_"),),
        )

    command.__doc__ = (
        f"{says}\n\nEvery record stays; only this step's columns and flags are replaced.\n\n\b\n"
        f"corpus-tools {name} raw.jsonl -o out.jsonl\n"
        f"zcat raw.jsonl.gz | corpus-tools {name} > out.jsonl"
    )
    made = click.command(name, cls=Verb)(command)
    made.params.extend(_OWN.get(name, []))
    return made


STEP_VERBS = [_verb(name, says) for name, says in _HELP.items()]
