"""How severe each flag is, and the thresholds behind some of them: from policy.toml, and a user's own rows over it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from corpus_tools.errors import RuleError
from corpus_tools.flags import FLAGS, Flag, Severity, flag_of
from corpus_tools.rules.load import rows, table


@functools.cache
def judged_flags(own: str | None = None) -> Mapping[str, Flag]:
    """The flags by code, each with its severity; a row of the user's file `own` replaces ours for its flags.

    >>> judged_flags()["PR001"].severity
    'error'
    """
    judged = dict(FLAGS)
    for row in rows("policy", "severity", own):
        if row.get("severity") not in get_args(Severity):
            raise RuleError(f"A [[severity]] row has {row.get('severity')!r}; there are: error, warning, info.")
        for name in row["flags"]:
            code = flag_of(name).code
            judged[code] = replace(judged[code], severity=row["severity"])
    return judged


@functools.cache
def threshold(name: str, own: str | None = None) -> float:
    """One threshold of policy.toml, in the unit that its name says.

    >>> threshold("future_tolerance_hours")
    36.0
    """
    known = {row["name"]: float(row["value"]) for row in table("policy")["threshold"]}
    for row in rows("policy", "threshold", own):
        if row["name"] not in known:
            raise RuleError(f"There is no threshold {row['name']!r}. There are: {', '.join(known)}.")
        if isinstance(row["value"], bool) or not isinstance(row["value"], (int, float)):
            raise RuleError(f"The threshold {row['name']!r} is a number, and {row['value']!r} is none.")
        known[row["name"]] = float(row["value"])
    return known[name]
