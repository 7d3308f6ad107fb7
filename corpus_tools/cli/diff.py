"""`corpus-tools diff`: what became of the records from one state of a corpus to the next, by hand and under git."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from corpus_tools.cli import options, terminal
from corpus_tools.cli.verb import Verb, is_coloured
from corpus_tools.errors import DONE, FINDINGS, CorpusToolsError
from corpus_tools.report.marks import COLOURS
from corpus_tools.shown import shown, shown_line

_FORMS = ("text", "jsonl", "markdown")
_NOTHING = "/dev/null"  # what git names in place of a file that is not there
_OF_GIT = 7
"""What git gives a driver: path, old file, its hash and mode, new file, its hash and mode; of a rename two more."""


@click.command(cls=Verb)
@click.argument("states", nargs=-1, metavar="OLD NEW", type=options.Name(readable=False))
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True,
              help="How it is written.")  # fmt: skip
@click.option("-o", "--output", type=options.Name(readable=False), default="-", metavar="FILE",
              help="Where it is written [default: stdout].")  # fmt: skip
@click.option("--ignore", type=options.Words(), default=(), metavar="A,B", help="Columns that make no difference, e.g. "
              "retrieved_at.")  # fmt: skip
@click.option("--from", "input_format", type=click.Choice(options.FORMATS), help="Format of the input [default: by "
              "file name; jsonl on pipes].")  # fmt: skip
@click.option("--encoding", help="Encoding of both sides [default: the BOM's, UTF-8, else a guess].")
@click.option("--map", "column_map", type=options.Pair(), multiple=True, metavar="OLD=NEW",
              help="Look for id, url or text (NEW) in the column OLD. May be given several times.")  # fmt: skip
@click.option("--max-record-bytes", type=options.Size(), default="64M", show_default=True,
              help="Take longer records for broken ones.")  # fmt: skip
@click.option("--follow-links", is_flag=True, help="Read links that lead out of the tree, too.")
@click.option("--textconv", "way", flag_value="textconv", help="Print one file as lines, for git (diff.NAME.textconv).")
@click.option("--git", "way", flag_value="git", help="Take what git gives a driver (diff.NAME.command).")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
def diff(states: tuple[str, ...], form: str, output: str, way: str | None, quiet: bool, **given: Any) -> int:
    """Tell what became of each record: added, removed, changed, moved to another cluster.

    OLD and NEW are files, folders, or REV:path for what git had there. Records are matched by id, then by content, so
    re-sorted and renamed files are no difference. Exit 0 says that nothing differs, 1 that something does.

    \b
    corpus-tools diff may.jsonl june.jsonl
    corpus-tools diff HEAD~1:data data --format markdown
    """
    reading = {
        "format": given["input_format"],
        "encoding": given["encoding"],
        "column_map": dict(given["column_map"]),
        "max_record_bytes": given["max_record_bytes"],
        "ignore": given["ignore"],
    }
    if way == "textconv":
        return _textconv(states, reading)
    if way == "git":
        return _for_git(states, reading)
    if len(states) != 2:
        raise click.UsageError("Name two states, the old one and the new one, e.g. corpus-tools diff HEAD:data data.")
    from corpus_tools.difference.compare import compared
    from corpus_tools.io.outputs import Outputs
    from corpus_tools.report.difference.lines import as_jsonl, as_text, plain
    from corpus_tools.report.difference.markdown import as_markdown

    links = given["follow_links"]
    with terminal.progress(quiet) as tell, compared(*states, tell, follow_links=links, **reading) as comparison:
        with Outputs(reads=[name for name in states if Path(name).is_file()]) as outputs:
            out = outputs.open(output)
            paint = _painted if output == "-" and is_coloured(sys.stdout) else plain
            lines = {"text": lambda one: as_text(one, paint), "jsonl": as_jsonl, "markdown": as_markdown}
            for line in lines[form](comparison):
                out.write(line.encode("utf-8", "replace") + b"\n")
            outputs.commit()
        if not quiet:
            click.echo(comparison.sums.sentence(), err=True)
        return FINDINGS if comparison.differs else DONE


def _painted(kind: str, text: str) -> str:
    return click.style(text, fg=COLOURS[kind])


def _textconv(files: tuple[str, ...], reading: dict[str, Any]) -> int:
    """One file as lines; where it can't be read the lines say why, or git would stop in the middle of its work."""
    if len(files) != 1:
        raise click.UsageError("--textconv takes one file; git gives it: git config diff.corpus.textconv 'corpus-tools "
                               "diff --textconv --'")  # fmt: skip
    from corpus_tools.difference.entries import Entries
    from corpus_tools.difference.sides import Side
    from corpus_tools.difference.unfolded import unfolded

    def lines() -> Iterator[str]:
        return unfolded(Entries(Side(files[0], [files[0]]), **reading))

    return _written(lines)


def _for_git(arguments: tuple[str, ...], reading: dict[str, Any]) -> int:
    """What git calls for each file that differs. Exit 0, or it would stop there."""
    if len(arguments) == 1:
        click.echo(f"{shown(arguments[0])} is not merged yet.")
        return DONE
    if len(arguments) not in (_OF_GIT, _OF_GIT + 2):
        raise click.UsageError("--git takes what git gives a driver: git config diff.corpus.command 'corpus-tools diff "
                               "--git --'")  # fmt: skip
    from corpus_tools.difference.compare import compared
    from corpus_tools.difference.sides import Side
    from corpus_tools.report.difference.lines import as_text, plain

    before, old, new = arguments[0], arguments[1], arguments[4]
    after = arguments[_OF_GIT] if len(arguments) > _OF_GIT else before
    paint = _painted if is_coloured(sys.stdout) else plain

    def lines() -> Iterator[str]:
        yield paint("name", f"corpus-tools diff a/{shown(before)} b/{shown(after)}")
        was, now = (
            Side(name, [name], {name: Path(file)}) if file != _NOTHING else Side(name, [])
            for name, file in ((before, old), (after, new))
        )
        with compared(was, now, **reading) as comparison:
            yield comparison.sums.sentence()
            yield from as_text(comparison, paint)

    return _written(lines)


def _written(lines: Callable[[], Iterator[str]]) -> int:
    try:
        for line in lines():
            sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    except CorpusToolsError as error:
        sys.stdout.buffer.write(shown_line(f"can't be compared: {error}").encode("utf-8", "replace") + b"\n")
    return DONE
