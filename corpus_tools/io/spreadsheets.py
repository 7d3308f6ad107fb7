"""Cells that a spreadsheet would run as formulas, and how they are written so that it does not.

A cell that begins with `=`, `+`, `-` or `@` is a formula to most spreadsheets, whatever quotes stand around it in the
file; where they take semicolons for separators, so is what follows one. See OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_BEGINS = "=+\\-@＝＋－＠"
_SPACE = "\\s\"'"
_FORMULA = re.compile(rf"(?:^|;)[{_SPACE}]*[{_BEGINS}]|^[\t\r]")
# From the beginning of a run of spaces alone: one that began at every tab of a run would take the square of its length.
_AFTER_SPACE = re.compile(rf"(?<![{_SPACE}])([{_SPACE}]+)[{_BEGINS}]")
_BREAKS = frozenset("\r\n\t")
_AFTER_SEPARATOR = re.compile(rf"(;(?:[{_SPACE}]|\\[trn\"])*)([{_BEGINS}])")


def is_formula(text: str) -> bool:
    r"""Whether a spreadsheet may take the text, or a part of it, for a formula.

    >>> [is_formula(text) for text in ("=1+1", "rain; =1+1", "\n- item", "5 - 3 = 2", "Yes; no")]
    [True, True, True, False, False]
    """
    if _FORMULA.search(text):
        return True
    return any(not _BREAKS.isdisjoint(found[1]) for found in _AFTER_SPACE.finditer(text))


def harmless(json: str) -> str:
    r"""A JSON value, written so that no part of it begins as a formula; it is still the same value.

    >>> print(harmless('"=1; =2"'))
    "=1; \u003d2"
    """
    return _AFTER_SEPARATOR.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", json)
