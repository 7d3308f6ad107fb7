"""Bytes to lines, with their numbers and offsets, in bounded memory: a line over the limit comes in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

_LINE_END = ord("\n")
PART_BYTES = 1 << 20
"""How much of a line over the limit is held at once."""


@dataclass(slots=True)
class Line:
    """A line without its line end. `part` marks a piece of a line over the limit; `more` says another follows."""

    number: int
    offset: int
    raw: bytes
    part: bool = False
    more: bool = False


def split_lines(
    blocks: Iterable[bytes], max_bytes: int, newline: bytes = b"\n", number: int = 1, offset: int = 0
) -> Iterator[Line]:
    """Every line, the last one also where no line end closes it (unless it is empty).

    `newline` is the line end in the file's encoding, e.g. two bytes in UTF-16. How the bytes were cut into blocks
    makes no difference. `number` and `offset` are those of the first line, where the blocks begin within a file.
    """
    size = 0
    held: list[bytes] = []  # what came of the current line: its parts beyond the limit were given out already
    long = False
    for block in _aligned(blocks, len(newline)):
        *whole, last = _pieces(block, newline)
        for piece in whole:
            raw = b"".join([*held, piece]) if held else piece
            if long or len(raw) > max_bytes:
                yield from _parts(number, offset, raw, max_bytes)
                long = False
            else:
                yield Line(number, offset, raw)
            number, offset = number + 1, offset + len(raw) + len(newline)
            size = 0
            held.clear()
        held.append(last)
        size += len(last)
        if size > max_bytes:
            long = True
            raw, part = b"".join(held), min(PART_BYTES, max_bytes)
            given = (size - 1) // part * part  # one byte at least stays, for the last part
            for at in range(0, given, part):
                yield Line(number, offset + at, raw[at : at + part], part=True, more=True)
            held, offset, size = [raw[given:]], offset + given, size - given
    if long:
        yield from _parts(number, offset, b"".join(held), max_bytes)
    elif size:
        yield Line(number, offset, b"".join(held))


def _parts(number: int, offset: int, raw: bytes, max_bytes: int) -> Iterator[Line]:
    part = min(PART_BYTES, max_bytes)
    for at in range(0, max(len(raw), 1), part):
        yield Line(number, offset + at, raw[at : at + part], part=True, more=at + part < len(raw))


def _aligned(blocks: Iterable[bytes], unit: int) -> Iterable[bytes]:
    return blocks if unit == 1 else _in_units(blocks, unit)


def _in_units(blocks: Iterable[bytes], unit: int) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        data = rest + block
        cut = len(data) - len(data) % unit
        rest = data[cut:]
        yield data[:cut]
    if rest:
        yield rest


def _pieces(block: bytes, newline: bytes) -> list[bytes]:
    """The block, split at line ends; a newline's bytes count only where a character starts."""
    unit = len(newline)
    if unit == 1:
        return block.split(newline)
    pieces, start, at = [], 0, block.find(newline)
    while at >= 0:
        if at % unit:
            at = block.find(newline, at + 1)
            continue
        pieces.append(block[start:at])
        start = at + unit
        at = block.find(newline, start)
    return [*pieces, block[start:]]


def cut_at_lines(blocks: Iterator[bytes], rows: int, size: int, longest: int) -> Iterator[tuple[bytes, int]]:
    r"""The bytes in pieces of whole lines, each with the number of its line ends: up to `rows` of them, `size` bytes.

    The last piece has at least one line, so that what is wrong with the end of a file can be said of a line. Where a
    line is longer than `longest` bytes, the last piece is what was read of it, and the blocks are left where they are.

    >>> list(cut_at_lines(iter([b"a\nb", b"\nc\n"]), rows=2, size=100, longest=100))
    [(b'a\nb\n', 2), (b'c\n', 1)]
    """
    held: list[bytes] = []
    lines = length = 0
    for block in blocks:
        held.append(block)
        lines, length = lines + block.count(b"\n"), length + len(block)
        if lines == 0 and length > longest:
            break
        if lines == 0 or (lines <= rows and length <= size):
            continue
        data, start, at = b"".join(held), 0, 0
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _LINE_END) + 1
        while lines - at > rows or length - start > size:
            fit = int(np.searchsorted(ends, start + size, side="right"))
            stop = max(at + 1, min(at + rows, fit))
            if stop > lines or ends[stop - 1] == length:
                break
            yield data[start : ends[stop - 1]], stop - at
            start, at = int(ends[stop - 1]), stop
        held, lines, length = [data[start:]], lines - at, length - start
    if length:
        yield b"".join(held), lines
