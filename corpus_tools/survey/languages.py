"""Languages as publishers declare them, against those the texts are written in."""

from __future__ import annotations

from typing import Any

from corpus_tools.survey.tally import Tally, as_rows
from corpus_tools.survey.visit import Visit

_SHOWN = 60
NONE = "none"


class Languages:
    """Counts pairs of declared and detected language; `none` stands for a language that is not there."""

    def __init__(self) -> None:
        self._pairs: Tally[tuple[str, str]] = Tally(5_000)
        self._conflicts = self._undeclared = self._undecided = 0

    def take(self, visit: Visit) -> None:
        """Count one record."""
        declared, detected = visit.text("language"), visit.text("detected_language")
        self._pairs.add((_primary(declared), detected or NONE))
        self._undeclared += declared is None
        self._undecided += detected is None
        self._conflicts += "LA002" in visit.flags

    def told(self) -> dict[str, Any]:
        """`pairs`: rows of declared, detected and count; how many records conflict, declare none, stay undecided."""
        return {
            "pairs": as_rows(self._pairs.most(_SHOWN), ("declared", "detected")),
            "more": max(0, len(self._pairs) - _SHOWN),
            "conflicts": self._conflicts,
            "undeclared": self._undeclared,
            "undecided": self._undecided,
        }


def _primary(declared: str | None) -> str:
    """The language without region and script: "en-GB" and "en_US" are both English."""
    return declared.replace("_", "-").split("-")[0].strip().casefold()[:20] or NONE if declared else NONE
