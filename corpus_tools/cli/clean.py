"""`corpus-tools clean`: the main job."""

from __future__ import annotations

from typing import Any

import click

from corpus_tools.cli import completing, options
from corpus_tools.cli.verb import Verb
from corpus_tools.errors import DONE, FINDINGS


@click.command(cls=Verb)
@options.reading
@options.writing
@options.judging
@options.engine
@click.option("--mark", is_flag=True, help="Remove nothing: every record stays, with its verdict.")
@click.option("--no-audit", is_flag=True, help="Keep no ledger and let removed records go.")
@click.option("--steps", type=options.Steps(), metavar="A,B", help="Run only these steps, in this order; "
              "a private step is named by its place, my_steps.py:count_words [default: the whole chain].")  # fmt: skip
@click.option("--schema", metavar="NAME", shell_complete=completing.schemas, help="Validate against this schema: "
              "article, clean_article, path/to/file.py:Model, or a Pandera YAML file [default: article].")  # fmt: skip
@click.option("--strip-credits", is_flag=True, help="Cut datelines and credit lines from the text too.")
@click.option("--outlet-encoding", is_flag=True, help="Flag strings that may be damaged where other records of the "
              "outlet have the same sign. It costs a second pass.")  # fmt: skip
@click.option("--learned-furniture", **options.LEARNED)
@click.option("--index", **options.INDEX)
@click.option("--memory", **options.MEMORY)
@click.option("--overrule", **options.OVERRULE)
@click.option("--pairs", **options.PAIRS)
@click.option("--paragraphs", is_flag=True, help="Tell the language of every text paragraph by paragraph.")
@click.option("--report", metavar="FILE", help="Draw the run as one HTML page there, when it is done.")
@click.option("--dry-run", is_flag=True, help="Run everything and write nothing.")
@options.fail_on
@click.pass_context
def clean(ctx: click.Context, /, **given: Any) -> int:
    """Turn raw records into clean ones, and account for every row.

    Beside out.jsonl stand out.removed.jsonl, out.quarantine.jsonl, out.ledger.jsonl, out.findings.jsonl and
    out.run.json. On a pipe say where they go: --audit DIR, or --mark to keep every row, or --no-audit to let go.

    \b
    corpus-tools clean raw.jsonl.gz pages/ -o out.jsonl
    zcat raw.jsonl.gz | corpus-tools clean --audit audit > out.jsonl
    corpus-tools clean --engine dask 's3://bucket/raw/*.jsonl.gz' -o s3://bucket/clean/
    corpus-tools clean --steps fix_encoding,detect_language --mark raw.csv -o out.csv
    """
    _refuse_silence(given)
    _refuse_blind_report(given)
    common = {
        "rules": given["rules"],
        "now": given["now"],
        "schema": given["schema"],
        "strip_credits": given["strip_credits"] or None,
        "paragraphs": given["paragraphs"] or None,
        "learned_furniture": given["learned_furniture"],
        "outlet_encoding": given["outlet_encoding"] or None,
        "memory": given["memory"],
        "overrule": given["overrule"],
    }
    from corpus_tools.cli import terminal
    from corpus_tools.io.outputs import goes_away

    sidecars = not given["no_audit"] and (not goes_away(given["output"]) or given["audit"] is not None)
    code = execute(
        ctx, given, verb="clean", common=common, sidecars=sidecars, remove=not given["mark"], steps=given["steps"]
    )
    if given["report"]:
        from corpus_tools.draw import draw_report

        with terminal.progress(given["quiet"]) as tell:
            draw_report(given["output"], given["report"], audit=given["audit"], progress=tell)
    return code


def execute(
    ctx: click.Context,
    given: dict[str, Any],
    *,
    verb: str,
    common: dict[str, Any],
    sidecars: bool,
    remove: bool,
    steps: tuple[str, ...] | None,
) -> int:
    """Run the chain for one verb, show how it went, and return the exit code."""
    files = options.inputs_of(given["files"])
    from corpus_tools.cli import terminal
    from corpus_tools.run import Settings, run

    settings = Settings(
        verb=verb,
        output=given["output"],
        audit=given["audit"],
        sidecars=sidecars,
        remove=remove,
        steps=steps,
        step_options=ctx.obj.steps,
        common={name: value for name, value in common.items() if value is not None},
        output_format=given["output_format"],
        spreadsheet_safe=given["spreadsheet_safe"],
        reading=options.reader_options(given),
        dry_run=given.get("dry_run", False),
        index=given.get("index"),
        pairs=given.get("pairs"),
        jobs=given["jobs"],
        resume=given["resume"],
        engine=given.get("engine", "local"),
        scheduler=given.get("scheduler"),
        part_bytes=given.get("part_size", 64 << 20),
    )
    with terminal.progress(given["quiet"], given["output"]) as tell:
        outcome = run(files, settings, tell)
    if not given["quiet"]:
        terminal.summary(outcome.manifest, outcome.broken, dry_run=settings.dry_run)
        if outcome.added is not None:
            terminal.added(str(settings.index), *outcome.added)
    elif "quarantine" in outcome.manifest["outputs"] and not sidecars:
        terminal.set_aside(outcome.manifest)  # a file that nobody asked for
    return FINDINGS if options.fails(outcome.manifest["findings"], given.get("fail_on")) else DONE


def _refuse_blind_report(given: dict[str, Any]) -> None:
    """Before the run and not after it: what a report would lack."""
    if not given["report"]:
        return
    from corpus_tools.io.outputs import goes_away
    from corpus_tools.report.page.page import check_templates

    if given["no_audit"] or given["dry_run"]:
        raise click.UsageError("--report draws what the run wrote; --no-audit and --dry-run leave nothing to draw.")
    if goes_away(given["output"]):
        raise click.UsageError(
            "--report reads the records that were written, and these go down a pipe. Write to a file (-o out.jsonl), "
            "or draw the report afterwards: corpus-tools report clean.jsonl --audit DIR."
        )
    check_templates()


def _refuse_silence(given: dict[str, Any]) -> None:
    if given["no_audit"] and given["audit"]:
        raise click.UsageError("--audit DIR and --no-audit exclude each other.")
    from corpus_tools.io.outputs import goes_away

    to_pipe = goes_away(given["output"]) and not given["dry_run"]
    if to_pipe and not (given["audit"] or given["mark"] or given["no_audit"]):
        raise click.UsageError(
            "clean removes records, and on a pipe it must know where they go: --audit DIR keeps them there, "
            "--mark removes none, --no-audit lets them go. Or write to a file: -o out.jsonl."
        )
