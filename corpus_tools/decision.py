"""The only judge: from the flags of a record to its verdict, by the rows of rules/policy.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from corpus_tools import cells
from corpus_tools.errors import InputError, RuleError
from corpus_tools.flags import flag_of
from corpus_tools.protocol import step
from corpus_tools.rules import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

Verdict = Literal["keep", "review", "drop"]
_STRICTNESS: dict[str, int] = {verdict: rank for rank, verdict in enumerate(get_args(Verdict))}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One line of the policy: which flags lead to which verdict, why, and in which file it stands."""

    verdict: Verdict
    flags: tuple[str, ...]
    says: str
    file: str = "policy.toml"


def policy(own: str | None = None) -> dict[str, PolicyRow]:
    """The row that decides for each code; a row of the user's file `own` replaces ours for its flags."""
    decides: dict[str, PolicyRow] = {}
    ours = len(load.rows("policy", "policy"))
    for number, row in enumerate(load.rows("policy", "policy", own)):
        if row["verdict"] not in _STRICTNESS:
            raise RuleError(f"A [[policy]] row has the verdict {row['verdict']!r}; there are: keep, review, drop.")
        codes = tuple(flag_of(name).code for name in row["flags"])
        file = own if own and number >= ours else "policy.toml"
        made = PolicyRow(row["verdict"], codes, row.get("says", ""), file)
        decides.update(dict.fromkeys(codes, made))
    return decides


def policy_of_run(manifest: Mapping[str, Any]) -> dict[str, PolicyRow]:
    """The policy that a run used, by its manifest; ours where the user's file is gone or no longer valid."""
    try:
        return policy(manifest.get("options", {}).get("rules"))
    except (InputError, RuleError):
        return policy()


def deciding_row(flags: list[str], rows: dict[str, PolicyRow]) -> PolicyRow | None:
    """The row that decides for a record with these flags; None where nothing speaks against keeping it."""
    speaking = [rows[code] for code in flags if code in rows]
    return max(speaking, key=lambda row: _STRICTNESS[row.verdict], default=None)


@step(adds=["verdict"])
def decide(frame: pd.DataFrame, *, rules: str | None = None) -> pd.DataFrame:
    """Turn the flags of each record into a verdict: keep, review or drop.

    Reads `flags` (object column of lists of codes; absent counts as none) and writes `verdict` (str). It removes
    nothing: that is left to whoever writes the records.

    >>> import pandas as pd
    >>> decide(pd.DataFrame({"text": ["a", "b"], "flags": [["DU001"], ["PR005"]]}))["verdict"].to_list()
    ['drop', 'keep']
    """
    rows = policy(rules)
    decided = [deciding_row(flags, rows) for flags in cells.words(frame, "flags")]
    cells.put(frame, "verdict", [row.verdict if row else "keep" for row in decided])
    return frame
