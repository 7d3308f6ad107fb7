"""How long work tells that it gets on: to whoever called it, who may show it to people."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Something that hears how far the work is.

    `doing` names the phase, and a new name begins a new one; `records` were done since the last call; `share` is how
    much of the phase is done, 0 to 1, None where nobody knows how much there is.
    """

    def __call__(self, doing: str, records: int, share: float | None = None, /) -> None:
        """Hear it."""


def silent(_doing: str, _records: int, _share: float | None = None, /) -> None:
    """Hear it and say nothing."""
