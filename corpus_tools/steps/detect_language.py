"""The step that says which language a text is written in."""

from __future__ import annotations

import pandas as pd

from corpus_tools import cells
from corpus_tools.errors import UnknownName
from corpus_tools.protocol import Log, step
from corpus_tools.rules.languages import close_languages
from corpus_tools.text.languages import Detection, detect, disagree


@step(
    reads=["text"],
    adds=["detected_language", "language_confidence", "languages"],
    flags=["LA001", "LA002", "LA003"],
)
def detect_language(frame: pd.DataFrame, log: Log, *, engine: str = "langdetect", min_chars: int = 25) -> pd.DataFrame:
    """The language of each text, or null where none is certain; what the publisher declared is never changed.

    Below `min_chars` letters nothing is said: at 25 letters 94 % of the answers were right, at 20 92 %, at 10 74 %.
    Malay has no profile and comes back as Indonesian, so every such text gets a second look at the words in which the
    two differ; where they don't tell, it stays undecided. `languages` is for mixed texts, which are not told yet.

    >>> told = detect_language(pd.DataFrame({"text": [
    ...     "Menteri berkata bahawa syarikat itu perlu membayar wang kerana kelewatan tersebut.",
    ...     "Menteri mengatakan bahwa perusahaan itu harus membayar uang karena keterlambatan tersebut.",
    ... ]}))
    >>> told["detected_language"].tolist()
    ['ms', 'id']
    """
    if engine != "langdetect":
        raise UnknownName("language engine", engine, ["langdetect"])
    close = close_languages()
    found = [detect(text or "", min_chars, close) for text in cells.strings(frame, "text")]
    declared = cells.strings(frame, "language")
    for row, detection in enumerate(found):
        _flag(log, row, detection, declared[row])
    cells.put(frame, "detected_language", [detection.language for detection in found])
    cells.put(frame, "language_confidence", [detection.confidence for detection in found])
    cells.put(frame, "languages", [None] * len(frame))
    return frame


def _flag(log: Log, row: int, detection: Detection, declared: str | None) -> None:
    if detection.reason == "short":
        log.flag(row, "LA003", column="text")
    elif detection.language is None:
        names = " or ".join(detection.candidates)
        log.flag(
            row, "LA001", column="text", says=f"It may be {names}; too little tells them apart." if names else None
        )
    elif declared and disagree(declared, detection.language):
        says = f"Declared as {declared}, and written in {detection.language}."
        log.flag(row, "LA002", column="language", evidence=declared, says=says)
