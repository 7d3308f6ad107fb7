"""What a person sees: a bar while it runs, a table when it is done. Always on stderr, which is not the data."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Any

import click

from corpus_tools.cli.verb import is_coloured
from corpus_tools.flags import Flag
from corpus_tools.progress import Progress, silent
from corpus_tools.report.marks import COLOURS
from corpus_tools.shown import shown, shown_line

if TYPE_CHECKING:
    from corpus_tools.index.batch import Added


@contextlib.contextmanager
def progress(quiet: bool, output: str | None = None) -> Iterator[Progress]:
    """Lines on stderr that tell how the work in the block gets on, where stderr is a terminal.

    None are shown where the terminal can't move its cursor, nor where the records of `output` go to it, too.
    """
    shares = output is not None and output == "-" and sys.stdout.isatty()
    if quiet or shares or not sys.stderr.isatty() or os.environ.get("TERM", "") in ("dumb", "unknown"):
        yield silent
        return
    from rich.console import Console

    from corpus_tools.cli.bars import Phases

    with Phases(Console(stderr=True, highlight=False, no_color=not is_coloured(sys.stderr))) as phases:
        yield phases


def summary(manifest: dict[str, Any], broken: Sequence[str], *, dry_run: bool = False) -> None:
    """How a run went: the sum, the flags, what was set aside, and where everything is."""
    counts, outputs = manifest["counts"], manifest["outputs"]
    lines = [click.style(manifest["sum"], bold=True) + f"   ({manifest['seconds']['total']:.1f} s)"]
    changed = {name: cells for name, cells in manifest["changed_cells"].items() if cells}
    if changed:
        lines.append("changed cells: " + ", ".join(f"{name} {cells:,}" for name, cells in changed.items()))
    if manifest["verdicts"]:
        lines.append("verdicts: " + ", ".join(f"{name} {n:,}" for name, n in manifest["verdicts"].items()))
    _say("\n".join(lines))
    if manifest["flags"]:
        rows = [(code, flag.name, flag.severity, f"{n:,}", f"{n / max(counts['read'], 1):.1%}")
                for code, n in manifest["flags"].items() for flag in [_flag(code, manifest)]]  # fmt: skip
        _say(table(("flag", "name", "severity", "records", "share"), rows, colours=is_coloured(sys.stderr)))
    for remark in manifest.get("remarks", []):
        _say(remark)
    if counts["quarantined"]:
        set_aside(manifest, ":")
        _say("\n".join(f"  {shown_line(line)}" for line in broken))
        if counts["quarantined"] > len(broken):
            _say(f"  … and {counts['quarantined'] - len(broken):,} more")
    if dry_run:
        _say("Dry run: nothing was written.")
    elif "run" in outputs:
        _say(f"written: {outputs['output']}, beside it {', '.join(sorted(set(outputs) - {'output'}))}")


def added(folder: str, what: Added, total: int) -> None:
    """What an index took in."""
    parts = [f"{what.records:,} records added to {folder}, {what.copies:,} of them copies"]
    if what.known:
        parts.append(f"{what.known:,} were there before")
    if what.left_out:
        parts.append(f"{what.left_out:,} left out, for they were dropped")
    _say(f"{'; '.join(parts)}; {total:,} in all")


def set_aside(manifest: dict[str, Any], end: str = ".") -> None:
    """Say how much of the input was broken, and where it is now."""
    count, where = manifest["counts"]["quarantined"], manifest["outputs"].get("quarantine")
    pieces = "1 broken piece" if count == 1 else f"{count:,} broken pieces"
    _say(
        f"Set aside: {pieces} of input in {where}{end}"
        if where
        else f"Broken, and kept nowhere: {pieces} of input{end}"
    )


def _flag(code: str, manifest: dict[str, Any]) -> Flag:
    """The flag as the run judged it; of a private step's only the code is known here."""
    from corpus_tools.rules.judgement import judged_flags

    return judged_flags(manifest["options"].get("rules")).get(code, Flag(code, "", "info", "", ""))


def _say(text: str) -> None:
    """Say it on stderr; on a terminal, lines break between words and go on indented."""
    if sys.stderr.isatty():
        wrap = TextWrapper(width(), subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        text = "\n".join(line if "  " in line.strip() else wrap.fill(line) for line in text.split("\n"))
    click.echo(text, err=True)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], *, colours: bool = False) -> str:
    """A table as wide as the terminal, its long cells wrapped; with `colours`, severities and verdicts have one.

    >>> print(table(("code", "name"), [("PR002", "missing-url")]))
     code    name
    ─────────────────────
     PR002   missing-url
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=True)
    for name in head:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(_cell(cell) for cell in row))
    console = Console(
        file=StringIO(),
        width=max(width(), 40),
        highlight=False,
        force_terminal=colours,
        color_system="standard" if colours else None,
        no_color=not colours,
        legacy_windows=False,
    )
    console.print(drawn)
    written: str = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO made above
    return "\n".join(line.rstrip() for line in written.rstrip("\n").split("\n"))


def width() -> int:
    """How many columns the terminal has."""
    usual = fallback = os.terminal_size((120, 25))
    with contextlib.suppress(OSError, ValueError):  # stdout is often a pipe where stderr is a terminal
        fallback = os.get_terminal_size(sys.stderr.fileno())
    return shutil.get_terminal_size(fallback).columns or usual.columns  # a terminal that nobody looks at may have none


def _cell(value: Any) -> Any:
    from rich.text import Text

    text = shown(value)
    return Text(text, style=COLOURS.get(text, ""))  # a Text is no markup: "[…]" in a sentence stays as it is
