"""`corpus-tools check`: what is wrong in a corpus, exactly where, and whether it may pass."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from corpus_tools.cli import completing, options, reporting
from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE, FINDINGS


@click.command(cls=Verb)
@options.reading
@options.judging
@click.option("--steps", type=options.Steps(), metavar="A,B", help="Look only with these steps [default: all that find "
              "something].")  # fmt: skip
@click.option("--schema", metavar="NAME", shell_complete=completing.schemas, help="Validate against this schema: "
              "article, clean_article, path/to/file.py:Model, or a Pandera YAML file [default: article].")  # fmt: skip
@reporting.forms
@click.option("--fail-on", type=click.Choice(("error", "warning", "info", "never")), default="error",
              show_default=True, help="Exit 1 where a finding is at least this severe.")  # fmt: skip
@click.option("--max", "limits", multiple=True, metavar="CODE=N", shell_complete=completing.flags,
              help="Let up to N records, or N% of them, have this flag, and fail beyond, whatever its severity. May be "
              "given several times.")  # fmt: skip
@click.option("--baseline", type=options.Name(path_type=Path, dir_okay=False), metavar="FILE",
              help="Stay quiet about the problems that this file knows.")  # fmt: skip
@click.option("--write-baseline", type=options.Name(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write what is found here; with --baseline, only what was known and is still there.")  # fmt: skip
@click.option("--since", metavar="REV", help="Report only what is new since this revision of git: origin/main, a tag, "
              "HEAD~1; with ... behind it, since the merge base.")  # fmt: skip
@click.option("--index", type=options.Name(path_type=Path), metavar="DIR", help="Compare records with this index, too, "
              "and with --since take the fingerprints of what was there before from it.")  # fmt: skip
@click.option("--update-index", is_flag=True, help="Make the index, or bring it up to the revision of --since.")
@click.option("--follow-links", is_flag=True, help="Read links that lead out of the tree, too.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
@click.pass_context
def check(ctx: click.Context, /, **given: Any) -> int:
    """Check records and say what is wrong with them, by file, line and column.

    Everything that `clean` finds is reported, and nothing is edited.

    \b
    corpus-tools check data/
    corpus-tools check data/ --fail-on warning --max PR005=10% --format text --format sarif:out.sarif
    corpus-tools check data/ --since origin/main... --index .cache/index --update-index
    """
    files = options.inputs_of(given["files"])
    from corpus_tools.checking.check import checked
    from corpus_tools.checking.settings import Settings, day_of, read_limit
    from corpus_tools.checking.waivers import read_waivers
    from corpus_tools.cli import terminal

    common = {name: given[name] for name in ("rules", "now", "schema") if given[name] is not None}
    settings = Settings(
        steps=given["steps"],
        step_options=ctx.obj.steps,
        common=common,
        reading=options.reader_options(given),
        fail_on=given["fail_on"],
        limits=tuple(read_limit(text) for text in given["limits"]),
        waivers=read_waivers(ctx.obj.waivers, ctx.obj.path),
        today=day_of(given["now"]),
        baseline=given["baseline"],
        write_baseline=given["write_baseline"],
        follow_links=given["follow_links"],
        since=given["since"],
        index=given["index"],
        update_index=given["update_index"],
    )
    with contextlib.ExitStack() as stack:
        with terminal.progress(given["quiet"]) as tell:
            report = stack.enter_context(checked(files, settings, tell))
        reporting.write_reports(report, given["forms"], files)
        reporting.append_step_summary(report)
        if not given["quiet"]:
            reporting.say_summary(report)
        return FINDINGS if report.failed else DONE
