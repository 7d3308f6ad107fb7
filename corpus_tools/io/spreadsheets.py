"""Cells that a spreadsheet would run as formulas, and how they are written so that it does not.

A cell that begins with `=`, `+`, `-` or `@` is a formula to most spreadsheets, whatever quotes stand around it in the
file; where they take semicolons for separators, so is what follows one. See OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_BEGINS = "=+\\-@＝＋－＠"
_SPACE = "\\s\"'"
_FORMULA = re.compile(rf"(?:^|[;\r\n\t])[{_SPACE}]*[{_BEGINS}]|^[\t\r]")
_AFTER_SEPARATOR = re.compile(rf"(;(?:[{_SPACE}]|\\[trn\"])*)([{_BEGINS}])")


def is_formula(text: str) -> bool:
    r"""Whether a spreadsheet may take the text, or a part of it, for a formula.

    >>> [is_formula(text) for text in ("=1+1", "rain; =1+1", "\n- item", "5 - 3 = 2", "Yes; no")]
    [True, True, True, False, False]
    """
    return _FORMULA.search(text) is not None


def harmless(json: str) -> str:
    r"""A JSON value, written so that no part of it begins as a formula; it is still the same value.

    >>> print(harmless('"=1; =2"'))
    "=1; \u003d2"
    """
    return _AFTER_SEPARATOR.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", json)
