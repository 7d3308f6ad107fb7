"""Which texts of a column ftfy might change: one pass of a linear-time pattern over all of them.

ftfy looks for damage with a pattern of unlikely neighbours that Python's `re` reads at 5 MB/s. The same pattern is
written here for RE2, which pyarrow carries and which reads 600 MB/s; what it doesn't find, ftfy would not touch.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from ftfy.badness import BADNESS_RE
from ftfy.chardata import CONTROL_CHARS
from numpy.typing import NDArray

from corpus_tools.text.columns import Texts, matching
from corpus_tools.text.composed import decomposing, is_composed

_ENTITY = "&#?[0-9A-Za-z]{1,24};"
_TOKEN = re.compile(r"\\x[0-9a-f]{2}|\\.|.", re.DOTALL)
_SPACES = [chr(code) for code in range(0x3001) if chr(code).isspace()]


def suspects(texts: Sequence[str] | Texts) -> NDArray[np.bool_]:
    r"""Whether each text holds anything that ftfy would change or call bad, or a U+FFFD; shape (texts,).

    No such text is overlooked; of clean news one in a thousand is suspected.

    >>> suspects(["schÃ¶n", "schön", "Tom &amp; Tim", "Tom & Tim", "e\u0301"]).tolist()
    [True, False, True, False, True]
    """
    found = matching(texts, pattern())
    for row in np.flatnonzero(matching(texts, not_composed()) & ~found).tolist():
        found[row] = not is_composed(texts[row])
    return found


@functools.cache
def pattern() -> str:
    """The pattern, in RE2's dialect: an entity, a control character, U+FFFD, or ftfy's unlikely neighbours.

    >>> import re; bool(re.search(r"Ã", pattern())), pattern().startswith("(?m:&#?")
    (False, True)
    """
    controls = {*map(chr, CONTROL_CHARS), *map(chr, range(0x80, 0xA0)), "\x1b", "\ufffd"}
    written = sorted(char for char in controls if not "\ud800" <= char <= "\udfff")
    return f"(?m:{_ENTITY}|[{''.join(map(_escaped, written))}]|{_in_re2(BADNESS_RE.pattern)})"


@functools.cache
def not_composed() -> str:
    """A class of all characters that a text in composed form (NFC) may lack: marks, halves and doubles of letters."""
    may = {*map(chr, range(0x1161, 0x1176)), *map(chr, range(0x11A8, 0x11C3))}  # parts of Hangul syllables
    for char in map(chr, decomposing(0x300, 0x30000)):
        parts = unicodedata.decomposition(char).split()
        if unicodedata.combining(char):
            may.add(char)
        elif parts and not parts[0].startswith("<"):
            if len(parts) > 1:  # a single one joins nothing: it is a K, written as the sign of kelvins
                may.add(chr(int(parts[-1], 16)))
            if not unicodedata.is_normalized("NFC", char):
                may.add(char)
    return f"[{_ranges(sorted(may))}]"


def _in_re2(verbose: str) -> str:
    r"""A verbose pattern of `re` in RE2's dialect.

    `\s` and `\w` mean Unicode to Python and ASCII to RE2, so their members are spelled out; `\w` may be too wide.

    >>> _in_re2("[a-c] \\s x|^é # why")
    '[\\x{61}-\\x{63}][\\x{9}-\\x{d}\\x{1c}-\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}-\\x{2029}...
    """
    tokens = iter(_TOKEN.findall(re.sub(r"(?m)^[ \t]*#.*$|[ \t]# .*$", "", verbose)))
    out = []
    for token in tokens:
        if token == "[":
            out.append(_class(tokens))
        elif token == r"\s":
            out.append(f"[{_ranges(_SPACES)}]")
        elif token == r"\w":
            out.append(r"[\p{L}\p{N}\p{M}_]")
        elif token in "|?^().":
            out.append(token)
        elif not token.isspace() or token == "\xa0":
            out.append(_escaped(_plain(token)))
    return "".join(out)


def _class(tokens: Iterator[str]) -> str:
    """The rest of a class, after its bracket."""
    out: list[str] = []
    negated = last = ""
    for token in tokens:
        if token == "]":
            break
        if token == "^" and not out:
            negated = "^"
        elif token == "-" and out:
            last = "-"
        else:
            out.append(f"{last}{_escaped(_plain(token))}")
            last = ""
    return f"[{negated}{''.join(out)}]"


def _plain(token: str) -> str:
    """The character that a token stands for."""
    if token.startswith(r"\x"):
        return chr(int(token.removeprefix(r"\x"), base=16))
    return token[-1]


def _ranges(chars: Sequence[str]) -> str:
    out: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if out and out[-1][1] == code - 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    return "".join(_escaped(chr(a)) if a == b else f"{_escaped(chr(a))}-{_escaped(chr(b))}" for a, b in out)


def _escaped(char: str) -> str:
    return f"\\x{{{ord(char):x}}}"
