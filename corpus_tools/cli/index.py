"""`corpus-tools index`: what a corpus that grows has seen, kept on disk from one run to the next."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus_tools.cli import options, terminal
from corpus_tools.cli.verb import Verb, Verbs
from corpus_tools.errors import DONE, UsageError

if TYPE_CHECKING:
    from corpus_tools.io.chunk import Chunk
    from corpus_tools.io.read import Reader

_FOLDER = click.argument("folder", metavar="DIR", type=options.Name(path_type=Path, readable=False))
_QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
_RULES = click.option("--rules", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
                      help="Your own rules (TOML), as in clean.")  # fmt: skip


@click.group(cls=Verbs)
def index() -> None:
    """Keep the fingerprints of everything seen, and compare new records with them.

    `clean --index DIR` does both in one run; these verbs look after the index by itself.

    \b
    corpus-tools index build seen corpus/*.jsonl.gz
    corpus-tools clean --index seen new.jsonl -o new.clean.jsonl
    corpus-tools index query seen evaluation.jsonl
    """


@index.command(cls=Verb)
@_FOLDER
@options.reading
@_RULES
@_QUIET
def build(folder: Path, **given: Any) -> int:
    """Make an index of a corpus, as it is.

    Where the corpus holds copies, the best of each story is taken for the kept one. A corpus that `clean` wrote has
    none left.

    \b
    corpus-tools index build seen corpus/*.jsonl.gz
    """
    from corpus_tools.index.lasting import Index
    from corpus_tools.index.manifest import is_index

    if is_index(folder):
        with Index.open(folder) as there:
            if len(there):
                raise UsageError(
                    f"{folder} has an index of {len(there):,} records. Add to it with `corpus-tools index add {folder} "
                    "FILES`, or name a new folder."
                )
    return _add(folder, given)


@index.command(cls=Verb)
@_FOLDER
@options.reading
@_RULES
@_QUIET
def add(folder: Path, **given: Any) -> int:
    """Add records to an index, as they are: all of them or, where something fails, none.

    A record that the index has, under the same id and with the same words, is not added twice.

    \b
    corpus-tools index add seen june.jsonl
    """
    from corpus_tools.index.lasting import Index

    Index.open(folder).close()  # nothing is made where there is none
    return _add(folder, given)


@index.command(cls=Verb)
@_FOLDER
@options.reading
@_QUIET
def query(folder: Path, **given: Any) -> int:
    """Print for each record which kept records of an index it is a copy of, as JSON lines.

    Any texts will do: an evaluation set against a training corpus, a page against an archive. `judgement` is `same`,
    `borderline`, or `different` where at least a quarter of the shorter text is shared.

    \b
    corpus-tools index query seen evaluation.jsonl > matches.jsonl
    """
    from corpus_tools import cells
    from corpus_tools.index.lasting import Index

    reader = _reader(given)
    with Index.open(folder) as opened, terminal.progress(given["quiet"], "-") as tell:
        for chunk in reader:
            tell("compare", len(chunk.frame), reader.share)
            _tell_broken(chunk)
            names = ("id", "source_file", "source_line")
            told = zip(*(cells.objects(chunk.frame, name) for name in names), strict=True)
            for place, matches in zip(told, opened.query(chunk.frame), strict=True):
                row = dict(zip(names, place, strict=True))
                row["matches"] = [dataclasses.asdict(match) for match in matches]
                click.echo(json.dumps(row, ensure_ascii=False))
    return DONE


@index.command(cls=Verb)
@_FOLDER
@click.option("--id", "ids", multiple=True, metavar="ID", help="Remove the records of this id. May be given often.")
@click.option("--url", "urls", multiple=True, metavar="URL", help="Remove the records of this page.")
@click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="Remove the records of this outlet: its "
              "domain, or its name where its records have no address.")  # fmt: skip
def remove(folder: Path, ids: tuple[str, ...], urls: tuple[str, ...], outlets: tuple[str, ...]) -> int:
    """Take records out of an index, by id, address or outlet.

    The copies of a kept record go with it: clean them again, and the best of them is kept. All files are written anew,
    so nothing stays on disk. The ids of what went are printed.

    \b
    corpus-tools index remove seen --id arah-5571 --outlet example.com
    """
    from corpus_tools.index.lasting import Index

    if not (ids or urls or outlets):
        raise click.UsageError("Say what to remove: --id ID, --url URL or --outlet NAME.")
    with Index.open(folder, writing=True) as opened:
        removed = opened.remove(ids=ids, urls=urls, outlets=outlets)
        left = len(opened)
    for name in (*removed.ids, *removed.copies):
        click.echo(name)
    gone = f"{len(removed.ids):,} {'record' if len(removed.ids) == 1 else 'records'}"
    if removed.copies:
        gone += f", and {len(removed.copies):,} that were copies of {'it' if len(removed.ids) == 1 else 'them'}"
    click.echo(f"removed: {gone}; {left:,} left", err=True)
    return DONE


@index.command(cls=Verb)
@_FOLDER
@click.option("--check", is_flag=True, help="Read all of it and compare it with its checksums.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="How it is printed.")  # fmt: skip
def info(folder: Path, check: bool, form: str) -> int:
    """Say what is in an index, and with --check whether all of it is as it was written.

    \b
    corpus-tools index info seen --check
    """
    from corpus_tools.index.lasting import Index

    with Index.open(folder) as opened:
        if check:
            opened.verify()
        facts = opened.facts()
    if form == "json":
        click.echo(json.dumps(facts, indent=1))
    else:
        click.echo("\n".join(f"{name.replace('_', ' '):<14}{_told(value)}" for name, value in facts.items()))
    if check:
        click.echo("Everything is as it was written.", err=True)
    return DONE


def _add(folder: Path, given: dict[str, Any]) -> int:
    from corpus_tools.chain import load_chain
    from corpus_tools.index.lasting import Index
    from corpus_tools.pipeline import run_chain

    reader = _reader(given)
    with Index.open(folder, writing=True, create_missing=True) as opened, terminal.progress(given["quiet"]) as tell:
        common = {"index": opened, "rules": given["rules"]}
        chain = load_chain(["mark_duplicates"], {}, common)
        for chunk in run_chain(reader, chain, progress=tell, share_read=lambda: reader.share):
            _tell_broken(chunk)
        added, total = opened.commit(), len(opened)
    if not given["quiet"]:
        terminal.added(str(folder), added, total)
    return DONE


def _reader(given: dict[str, Any]) -> Reader:
    from corpus_tools.io.read import Reader

    return Reader(options.inputs_of(given["files"]), **options.reader_options(given))


def _tell_broken(chunk: Chunk) -> None:
    for piece in chunk.quarantined:
        if not piece.more:
            click.echo(f"{piece.source_file}:{piece.source_line}: passed over, no record: {piece.reason}", err=True)


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
