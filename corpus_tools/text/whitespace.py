r"""Spaces and line ends in one form; invisible characters that mean nothing are removed.

Nothing is collapsed, stripped or wrapped: a run of spaces keeps its length, and a tab stays a tab.

>>> normalize("Kuala\u00a0Lumpur\r\nco\u00adop\u200b")
'Kuala Lumpur\ncoop'
>>> normalize("می\u200cخواهم") == "می\u200cخواهم"  # a word of Persian is spelled with it
True
"""

from __future__ import annotations

import re

import numpy as np

from corpus_tools.text.columns import Texts, matching
from corpus_tools.text.manifests import MANIFEST

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u00ad\ufeff"  # not U+200C and U+200D: Persian, the Indic scripts and emoji need them
_TABLE = str.maketrans(_SPACES, " " * len(_SPACES), _INVISIBLE)
_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
_ANY = f"[{_SPACES}{_INVISIBLE}\r\u0085\u2028\u2029]"
_SEAMS = re.compile(f"({MANIFEST.pattern})")


def normalize_all(texts: Texts) -> dict[int, str]:
    r"""`normalize` of each text that it changes, by number.

    >>> normalize_all(Texts(["rain", "sun\r\n"]))
    {1: 'sun\n'}
    """
    looked = ((row, texts[row]) for row in np.flatnonzero(matching(texts, _ANY)).tolist())
    return {row: new for row, text in looked if (new := normalize(text)) != text}


def normalize(text: str) -> str:
    r"""The text with plain spaces and `\n`; C2PA manifests stay whole."""
    pieces = _SEAMS.split(text) if "\ufeff" in text else [text]
    pieces[::2] = [_LINE_END.sub("\n", piece.translate(_TABLE)) for piece in pieces[::2]]
    return "".join(pieces)
