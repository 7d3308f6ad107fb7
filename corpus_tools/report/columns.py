"""Text of strangers set in the columns of a terminal, where characters of Chinese, Japanese and Korean take two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from corpus_tools.shown import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Part = str | tuple[str, str]
"""A piece of text, or one with its style: a word of rich's, such as `bold` or `red`."""

_LEAST = 10  # columns of text, however narrow the terminal and deep the indent


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its parts, what stands before it, and before the lines that it goes on in. `whole` is never broken."""

    parts: tuple[Part, ...] = ()
    first: str = ""
    rest: str = ""
    whole: bool = False


def line(*parts: Part, indent: int = 0, hang: int = 4) -> Line:
    """A line that begins after `indent` columns and goes on after `hang` more."""
    return Line(parts, " " * indent, " " * (indent + hang))


def typeset(lines: Iterable[Line], width: int, *, colours: bool = False) -> Iterator[str]:
    r"""Lines of at most `width` columns, broken between words; nothing unseen is left in them.

    With `colours`, styles are orders to the terminal. Without, they are left out.

    >>> lines = [line("The ferry ", ("sails again", "bold"), "."), line("渡轮明日复航", indent=1)]
    >>> print(*typeset(lines, 12), sep="\n")
    The ferry
        sails
        again.
     渡轮明日复
        航
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=StringIO(), force_terminal=True, color_system="standard", no_color=False, width=1 << 20,
                      legacy_windows=False, highlight=False)  # fmt: skip
    for each in lines:
        parts = ((part, "") if isinstance(part, str) else part for part in each.parts)
        text = Text.assemble(*((shown(written), style) for written, style in parts))
        start = each.first
        for piece in [text] if each.whole else _broken(text, width - len(each.first), width - len(each.rest), console):
            piece.rstrip()
            yield (start + (_in_colours(piece, console) if colours else piece.plain)).rstrip()
            start = each.rest


def _broken(text: Text, first: int, rest: int, console: Console) -> Iterator[Text]:
    """A text in lines, the first of one width, the rest of another."""
    beginning = text.wrap(console, max(first, _LEAST), overflow="fold")[0]
    yield beginning
    more = len(text.plain) - len(text.plain[len(beginning.plain) :].lstrip())
    if more < len(text.plain):
        yield from text[more:].wrap(console, max(rest, _LEAST), overflow="fold")


def _in_colours(text: Text, console: Console) -> str:
    with console.capture() as captured:
        console.print(text, end="", soft_wrap=True)
    return captured.get()


def wrapped(text: str, width: int) -> Iterator[str]:
    r"""The lines of a text in `width` columns, broken between words and where the text breaks.

    >>> list(wrapped("The ferry sails\n\n渡轮明日复航", 10))
    ['The ferry', 'sails', '渡轮明日复', '航']
    """
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.splitlines())
    return typeset((Line((paragraph,)) for paragraph in paragraphs if paragraph), width)


def padded(text: str, width: int) -> str:
    """A text with spaces up to `width` columns."""
    from rich.cells import cell_len

    return text + " " * (width - cell_len(text))
