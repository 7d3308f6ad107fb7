"""What a shell may offer for a value: step names, flag codes, columns, schemas, forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    import click

    Item = CompletionItem[str]
    Completer = Callable[[click.Context, click.Parameter, str], list[Item]]


def one_of(names: Callable[[], Iterable[str]], *, or_file: bool = False) -> Completer:
    """One of some names, which are asked for only when they are needed; with `or_file`, else the name of a file."""

    def complete(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[Item]:
        found: list[Item] = [CompletionItem(name) for name in names() if name.startswith(begun)]
        return found or ([CompletionItem(begun, type="file")] if or_file else [])

    return complete


def steps(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[Item]:
    """The step that follows the last comma, with those before it."""
    from corpus_tools.chain import ASKED_FOR, CHAIN

    before, comma, last = begun.rpartition(",")
    there = before.split(",")
    return [
        CompletionItem(before + comma + name)
        for name in (*CHAIN, *ASKED_FOR)
        if name.startswith(last.replace("-", "_")) and name not in there
    ]


def flags(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[Item]:
    """The code of a flag with its name beside it, or its name where that was begun."""
    from corpus_tools.flags import FLAGS

    codes: list[Item] = [
        CompletionItem(flag.code, help=flag.name) for flag in FLAGS.values() if flag.code.startswith(begun.upper())
    ]
    names: list[Item] = [
        CompletionItem(flag.name, help=flag.code) for flag in FLAGS.values() if begun and flag.name.startswith(begun)
    ]
    return codes or names


def columns(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[Item]:
    """OLD=NEW: our columns, behind the equals sign or, where the shell splits there, alone."""
    from corpus_tools.contract import IN_NAMES

    old, equals, new = begun.rpartition("=")
    return [CompletionItem(old + equals + name) for name in IN_NAMES if name.startswith(new)]


def _schemas() -> Iterable[str]:
    from corpus_tools.validation import SCHEMAS

    return SCHEMAS


schemas = one_of(_schemas, or_file=True)
engines = one_of(lambda: ("profiles", "langdetect", "lingua", "fasttext"))
