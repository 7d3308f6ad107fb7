"""The pairs that a run compared, as `--pairs` wrote them: which to read first, and their records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus_tools.errors import InputError, why
from corpus_tools.io.read import Reader
from corpus_tools.text.alignment import align_texts

Pair = dict[str, Any]

JUDGEMENTS = ("borderline", "same", "different")
"""In the order in which they are worth reading."""

_NEEDED = ("a", "b", "similarity", "containment", "aligned", "judgement", "guard")


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file. Raises InputError for a line that is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _pair(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else "not UTF-8"
        raise InputError(f"The pairs in {path} can't be read: {reason}.") from error


def _pair(line: str, place: str) -> Pair:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{place} is not JSON: {error}.") from error
    if not isinstance(row, dict) or not all(name in row for name in _NEEDED):
        raise InputError(f"{place} is no pair of `mark-duplicates --pairs FILE`; a pair has: {', '.join(_NEEDED)}.")
    return row


def in_doubt_first(pairs: Iterable[Pair], judgement: str | None = None, guard: str | None = None) -> list[Pair]:
    """The pairs in the order in which a person should read them.

    First the borderline ones, the most alike first; then those called the same, the least alike first; then the
    others, the most alike first.
    """

    def doubt(pair: Pair) -> tuple[Any, ...]:
        alike = max(pair["containment"], pair["aligned"])
        sign = 1 if pair["judgement"] == "same" else -1
        return (JUDGEMENTS.index(pair["judgement"]), sign * alike, pair["a"], pair["b"])

    wanted = [
        pair
        for pair in pairs
        if judgement in (None, pair["judgement"]) and guard in (None, pair["guard"]) and pair["judgement"] in JUDGEMENTS
    ]
    return sorted(wanted, key=doubt)


def with_records(pairs: list[Pair], corpus: Reader) -> list[tuple[Pair, Pair | None, Pair | None]]:
    """Each pair with its two records; None where the corpus has no record of that id."""
    wanted = {pair[side] for pair in pairs for side in ("a", "b")}
    found: dict[str, Pair] = {}
    for chunk in corpus:
        for place, name in enumerate(chunk.frame["id"]):
            if name in wanted and name not in found:
                found[name] = {str(key): value for key, value in chunk.frame.iloc[place].items()}
    return [(pair, found.get(pair["a"]), found.get(pair["b"])) for pair in pairs]


def passages(one: Pair, other: Pair) -> list[tuple[str, str, str]]:
    """The texts of two records side by side: what is the same and what is not."""
    texts = (record.get("text") for record in (one, other))
    mine, yours = (text if isinstance(text, str) else "" for text in texts)
    return [(passage.kind, passage.one, passage.other) for passage in align_texts(mine, yours)]
