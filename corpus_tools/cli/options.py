"""Options that several verbs share, each said once."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from corpus_tools.cli import completing

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "txt")


class Words(click.ParamType[tuple[str, ...]]):
    """Names with commas between them, or a list in the settings file."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """A tuple of names."""
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(str(part).strip() for part in parts if str(part).strip())


class Steps(Words):
    """Names of steps."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Names of steps, one after the other."""
        return completing.steps(ctx, param, incomplete)


class Pair(click.ParamType[tuple[str, str]]):
    """`OLD=NEW`."""

    name = "old=new"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The two names."""
        if isinstance(value, (tuple, list)):
            return str(value[0]), str(value[1])
        old, equals, new = str(value).partition("=")
        if not (old and equals and new):
            self.fail(f"{value!r} is not of the form OLD=NEW, e.g. --map published=published_at", param, ctx)
        from corpus_tools.contract import IN_NAMES

        like = [] if new in IN_NAMES else difflib.get_close_matches(new, IN_NAMES, 1, 0.8)
        if like:  # most likely a slip, and the column would be read into nowhere
            self.fail(f"{new!r} is no column of ours. Did you mean {old}={like[0]}?", param, ctx)
        return old, new

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Columns of ours, behind the equals sign."""
        return completing.columns(ctx, param, incomplete)


class Size(click.ParamType[int]):
    """A number of bytes, with k, M or G if you like."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Bytes."""
        text = str(value).strip().lower().removesuffix("b").removesuffix("i")
        factor = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}.get(text[-1:], 1)
        try:
            size = value if isinstance(value, int) else int(float(text.rstrip("kmg")) * factor)
        except (ValueError, OverflowError):
            size = 0
        if size < 1:
            self.fail(f"{value!r} is no size; write e.g. 500k, 64M or 1G", param, ctx)
        return size


class Name(click.Path):
    """The name of a file or folder. An empty one is a shell variable that nobody set, and would mean this folder."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name; /dev/stdout is `-`."""
        if str(value) == "":
            self.fail("the name is empty", param, ctx)
        return super().convert("-" if value in ("/dev/stdout", "/dev/fd/1") else value, param, ctx)


def reading(command: Command) -> Command:
    """FILES and how to read them."""
    return _together(
        [
            click.argument("files", nargs=-1, metavar="[FILES]...", type=Name(readable=False)),
            click.option("--from", "input_format", type=click.Choice(FORMATS), help="Format of the input "
                         "[default: by file name; jsonl on pipes]."),
            click.option("--encoding", help="Encoding of text, CSV and JSON lines [default: the BOM's, UTF-8, else a "
                         "guess that becomes a finding]."),
            click.option("--map", "column_map", type=Pair(), multiple=True, metavar="OLD=NEW",
                         help="Read the column OLD as NEW. May be given several times."),
            click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Stop after N records."),
            click.option("--max-record-bytes", type=Size(), default="64M", show_default=True,
                         help="Set longer records aside."),
            click.option("--chunk-rows", type=click.IntRange(min=1), default=2000, show_default=True,
                         help="Records in memory at a time; the output does not depend on it."),
        ],
        command,
    )  # fmt: skip


def writing(command: Command) -> Command:
    """Where records go."""
    return _together(
        [
            click.option("-o", "--output", type=Name(readable=False), default="-", metavar="FILE",
                         help="Where the records go [default: stdout]."),
            click.option("--to", "output_format", type=click.Choice(FORMATS[:-1]), help="Format of the output "
                         "[default: by file name; jsonl on pipes]."),
            click.option("--spreadsheet-safe", is_flag=True, help="Write CSV and TSV so that no spreadsheet runs a "
                         "cell as a formula; such texts stand there as JSON."),
            click.option("--audit", type=Name(path_type=Path, file_okay=False, readable=False), metavar="DIR",
                         help="Folder for ledger, findings, quarantine, removed records and run manifest."),
            click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Work in N processes; the "
                         "output is the same [default: all cores, for small input one]."),
            click.option("--resume", is_flag=True, help="Go on from where the same command was stopped."),
            click.option("--quiet", "-q", is_flag=True, help="No progress and no summary; errors still show."),
        ],
        command,
    )  # fmt: skip


def judging(command: Command) -> Command:
    """What the steps go by."""
    return _together(
        [
            click.option("--rules", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
                         help="Your own rules (TOML): agencies, feed footers, furniture, policy."),
            click.option("--now", metavar="TIME", help="Judge dates in the future against this time where a record has "
                         "no retrieved_at, e.g. 2024-05-01."),
        ],
        command,
    )  # fmt: skip


LEARNED: dict[str, Any] = {
    "type": click.Choice(("report", "cut")),
    "help": "Find lines that one outlet repeats at the head or foot of its records: flag them, or cut them. "
    "It costs a second pass.",
}
"""How --learned-furniture is read and what its help says."""
MEMORY: dict[str, Any] = {
    "type": Size(),
    "metavar": "SIZE",
    "help": "Memory for the search for duplicates, beside some 60 bytes a record; more waits on disk, and the result "
    "is the same [default: 512M].",
}
"""How --memory is read and what its help says."""

INDEX: dict[str, Any] = {
    "type": Name(path_type=Path, readable=False),
    "metavar": "DIR",
    "help": "Compare with everything that the index in DIR has seen, and add these records to it at the end. An index "
    "is made where there is none.",
}
"""How --index is read and what its help says."""


def engine(command: Command) -> Command:
    """Where the work is done."""
    return _together(
        [
            click.option("--engine", type=click.Choice(("local", "dask")), default="local", show_default=True,
                         help="Work on this machine, or on Dask workers; these read and write s3:// and other "
                         "addresses, and -o names a folder of parts."),
            click.option("--scheduler", metavar="ADDRESS", help="The Dask scheduler, tcp://host:8786; threads for this "
                         "process [default: workers on this machine]."),
            click.option("--part-size", type=Size(), default="64M", show_default=True,
                         help="How much input makes a part, for Dask; the records do not depend on it."),
        ],
        command,
    )  # fmt: skip


OVERRULE: dict[str, Any] = {
    "type": click.Path(exists=True, dir_okay=False),
    "metavar": "FILE",
    "help": "Pairs that always or never belong together, whatever they look like: JSON lines or CSV with a, b (ids or "
    "addresses), belong and reason.",
}
"""How --overrule is read and what its help says."""
PAIRS: dict[str, Any] = {
    "type": Name(path_type=Path, dir_okay=False, readable=False),
    "metavar": "FILE",
    "help": "Write every pair that was compared, its figures and what decided; `corpus-tools pairs` shows them.",
}
"""How --pairs is read and what its help says."""


def reader_options(given: dict[str, Any]) -> dict[str, Any]:
    """What `reading` was given, as corpus_tools.io.read.Reader takes it."""
    return {
        "format": given["input_format"],
        "encoding": given["encoding"],
        "column_map": dict(given["column_map"]),
        "chunk_rows": given["chunk_rows"],
        "max_record_bytes": given["max_record_bytes"],
        "limit": given["limit"],
    }


fail_on = click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    help="Exit 1 where a finding is at least this severe.",
)


def inputs_of(files: Sequence[str]) -> list[str]:
    """The files given, or stdin; a terminal with nobody piping into it is a wrong call."""
    if files:
        return list(files)
    if sys.stdin.isatty():
        raise click.UsageError("No input: name files, or pipe records in, e.g. `zcat raw.jsonl.gz | corpus-tools …`.")
    return ["-"]


def fails(severities: dict[str, int], limit: str | None) -> bool:
    """Whether findings of these counts are severe enough to fail."""
    order = ("error", "warning", "info")
    if limit not in order:
        return False
    return any(severities.get(severity) for severity in order[: order.index(limit) + 1])


def _together(options: Sequence[Any], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
