"""Where to look in a text for its language, and how to share a mixed text out among several."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Of 909 English texts long enough to be sampled so all had langdetect's answer; both sizes are arbitrary.
_PIECE, _LEAST = 240, 120
_SENTENCE = re.compile(r"(?<=[.!?…。！？।])[\"”’)]*\s*")
_LONG, _SHORT = 400, 60


def pieces(text: str) -> list[str]:
    """The whole of a short text, else its start, middle and end, cut between words where there are spaces.

    >>> pieces("Rain is due."), [len(piece) for piece in pieces("rain " * 400)]
    (['Rain is due.'], [244, 239, 234])
    """
    if len(text) < 3 * _LEAST:
        return [text]
    size = min(_PIECE, len(text) // 3)
    middle = (len(text) - size) // 2
    if size < _PIECE:  # thirds, so that nothing is left out
        first, second = _word_end(text, size), _word_end(text, 2 * size)
        return [text[:first], text[first:second], text[second:]]
    return [
        text[: _word_end(text, size)],
        text[_word_end(text, middle) : _word_end(text, middle + size)].strip(),
        text[_word_end(text, len(text) - size) :].strip(),
    ]


def _word_end(text: str, at: int) -> int:
    """The end of the word that `at` stands in, or `at` where no word ends within 20 characters (arbitrary)."""
    found = text.find(" ", at, at + 20)
    return at if found < 0 else found


def paragraphs(text: str) -> list[str]:
    r"""The paragraphs of a text; long ones in runs of sentences, short ones joined to the one before.

    >>> paragraphs("One line that is long enough to be judged, as most are in an article.\nShort.")
    ['One line that is long enough to be judged, as most are in an article.\nShort.']
    """
    units: list[list[str]] = []
    chars: list[int] = []
    for line in text.split("\n"):
        for run in _runs(line):
            if units and (len(run) < _SHORT or chars[-1] < _SHORT):
                units[-1].append(run)
                chars[-1] += 1 + len(run)
            elif run.strip():
                units.append([run])
                chars.append(len(run))
    return ["\n".join(unit) for unit in units]


def _runs(line: str) -> list[str]:
    if len(line) <= _LONG:
        return [line]
    runs = [""]
    for sentence in _SENTENCE.split(line):
        if len(runs[-1]) > _LONG // 2:
            runs.append("")
        runs[-1] += f"{sentence} "
    return runs


def gathered(units: Sequence[str], answers: Sequence[str | None], letters: Sequence[int]) -> list[tuple[str, int]]:
    r"""The text of each language and how many letters it has; a unit without an answer goes with the one before it.

    >>> gathered(["Rain.", "Hujan.", "?", "Sun."], ["en", "ms", None, "en"], [4, 5, 0, 3])
    [('Rain.\nSun.', 7), ('Hujan.\n?', 5)]
    """
    first = next((answer for answer in answers if answer), None)
    if first is None:
        return []
    texts: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for unit, answer, count in zip(units, answers, letters, strict=True):
        first = answer or first
        texts.setdefault(first, []).append(unit)
        counts[first] = counts.get(first, 0) + count
    return [("\n".join(texts[name]), counts[name]) for name in texts]
