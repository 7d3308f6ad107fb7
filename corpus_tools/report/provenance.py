"""The provenance of a whole corpus: its score by outlet, and the one fix that would clear most flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from corpus_tools.flags import FLAGS

_FAMILY = "PR"
_OUTLETS, _FIXES = 100, 10  # arbitrary: what a manifest can hold and a person reads


@dataclass(slots=True)
class ProvenanceTally:
    """Scores and provenance flags of all records, counted by outlet."""

    _records: Counter[str] = field(default_factory=Counter)
    _scored: Counter[str] = field(default_factory=Counter)
    _score: Counter[str] = field(default_factory=Counter)
    _flags: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(
        self,
        sources: Sequence[str | None],
        urls: Sequence[str | None],
        scores: Sequence[Any],
        flags: Sequence[Sequence[str]],
    ) -> None:
        """Count some records; the columns are parallel. A score that is no number is not counted."""
        for source, url, score, codes in zip(sources, urls, scores, flags, strict=True):
            outlet = source or _host(url) or "(unknown)"
            self._records[outlet] += 1
            if isinstance(score, (int, float)) and not isinstance(score, bool):
                self._scored[outlet] += 1
                # In ten thousandths: whole numbers add up alike in every order.
                self._score[outlet] += round(score * 10_000)
            for code in codes:
                if code.startswith(_FAMILY):
                    self._flags[code, outlet] += 1

    def merge(self, other: ProvenanceTally) -> None:
        """Count what another tally counted, too."""
        self._records.update(other._records)
        self._scored.update(other._scored)
        self._score.update(other._score)
        self._flags.update(other._flags)

    def told(self) -> dict[str, Any]:
        """As it stands in the run manifest: the mean score, the outlets with most records, the fixes by their effect.

        >>> tally = ProvenanceTally()
        >>> tally.add(["River Times"] * 2, [None] * 2, [0.5, 0.7], [["PR002", "PR006"], ["PR002"]])
        >>> told = tally.told()
        >>> told["score"], told["best_fix"]["flag"], told["best_fix"]["records"]
        (0.6, 'PR002', 2)
        """
        outlets = sorted(self._records, key=lambda outlet: (-self._records[outlet], outlet))
        fixes = self._fixes()
        return {
            "score": _mean(self._score.total(), self._scored.total()),
            "outlets": len(outlets),
            "by_outlet": {outlet: self._of_outlet(outlet) for outlet in outlets[:_OUTLETS]},
            "best_fix": fixes[0] if fixes else None,
            "fixes": fixes,
        }

    def _of_outlet(self, outlet: str) -> dict[str, Any]:
        codes = {code: count for (code, name), count in self._flags.items() if name == outlet}
        return {
            "records": self._records[outlet],
            "score": _mean(self._score[outlet], self._scored[outlet]),
            "flags": dict(sorted(codes.items())),
        }

    def _fixes(self) -> list[dict[str, Any]]:
        """One fix a flag: what it advises, how many records it would clear, and where most of them are."""
        total: Counter[str] = Counter()
        for (code, _), count in self._flags.items():
            total[code] += count
        fixes = []
        for code in sorted(total, key=lambda code: (-total[code], code))[:_FIXES]:
            where = [(count, outlet) for (of, outlet), count in self._flags.items() if of == code]
            count, outlet = min(where, key=lambda pair: (-pair[0], pair[1]))
            flag = FLAGS.get(code)
            fixes.append(
                {
                    "flag": code,
                    "name": flag.name if flag else code,
                    "records": total[code],
                    "advice": flag.advice if flag else "",
                    "most_in": outlet,
                    "there": count,
                }
            )
        return fixes


def _mean(total: int, count: int) -> float | None:
    return round(total / count / 10_000, 4) if count else None


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
