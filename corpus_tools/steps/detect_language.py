"""The step that says which language a text is written in."""

from __future__ import annotations

import pandas as pd

from corpus_tools import cells
from corpus_tools.errors import UnknownName
from corpus_tools.protocol import Log, step
from corpus_tools.rules.languages import all_looks
from corpus_tools.rules.parties import parties
from corpus_tools.text.language_engines import ENGINES, detect_with
from corpus_tools.text.languages import Detection, detect_all, disagree
from corpus_tools.text.urls import host_of

# Below this share (arbitrary) another language is a footer or a quotation, and the text is not called mixed.
_MIXED = 0.2


@step(
    reads=["text"],
    adds=["detected_language", "language_confidence", "languages"],
    flags=["LA001", "LA002", "LA003", "LA004", "LA005"],
)
def detect_language(
    frame: pd.DataFrame,
    log: Log,
    *,
    engine: str = "profiles",
    min_chars: int = 10,
    paragraphs: bool = False,
    rules: str | None = None,
) -> pd.DataFrame:
    """The language of each text, or null where none is certain; what the publisher declared is never changed.

    Below `min_chars` letters nothing is said. Tags are BCP 47; Chinese and Serbian come with their script (`zh-Hans`,
    `zh-Hant`, `sr-Latn`, `sr-Cyrl`). `language_confidence` was fitted so that it is the share of such answers that are
    right, one text in twenty being in a language without a profile. Where close languages are a toss-up, the outlet's
    country decides and LA005 names it. `languages` holds the share of each language where start, middle and end of a
    text disagree; with `paragraphs` every text is read paragraph by paragraph. `engine` is `profiles`, or one of
    `langdetect`, `lingua` and `fasttext` for comparison: their own answer and their own probability, as they give it.

    >>> told = detect_language(pd.DataFrame({"text": [
    ...     "Menteri berkata bahawa syarikat itu perlu membayar wang kerana kelewatan tersebut.",
    ...     "Menteri mengatakan bahwa perusahaan itu harus membayar uang karena keterlambatan tersebut.",
    ... ]}))
    >>> told["detected_language"].tolist()
    ['ms', 'id']
    """
    texts = [text or "" for text in cells.strings(frame, "text")]
    outlets = _outlets(frame, rules)
    if engine == "profiles":
        countries = [country for _, country in outlets]
        found = detect_all(texts, all_looks(min_chars), countries, paragraphs=paragraphs)
    elif engine in ENGINES:
        found = detect_with(engine, texts, min_chars)
    else:
        raise UnknownName("language engine", engine, ["profiles", *ENGINES])
    declared = cells.strings(frame, "language")
    for row, detection in enumerate(found):
        _flag(log, row, detection, declared[row], outlets[row][0])
    cells.put(frame, "detected_language", [detection.language for detection in found])
    cells.put(frame, "language_confidence", [detection.confidence for detection in found])
    cells.put(frame, "languages", [_shares(detection) for detection in found])
    return frame


def _outlets(frame: pd.DataFrame, rules: str | None) -> list[tuple[str | None, str | None]]:
    """Name or host of each record's outlet, and its country: a known outlet's, else that of the address."""
    known = parties(rules)
    found: dict[tuple[str | None, str | None], tuple[str | None, str | None]] = {}
    sources = cells.strings(frame, "source")
    hosts = map(host_of, cells.strings(frame, "url"))
    rows = [(host or host_of(source), source) for host, source in zip(hosts, sources, strict=True)]
    for host, source in rows:
        if (host, source) not in found:
            party = known.at_host(host) or (known.named(source) if source else None)
            label = (host or "").rpartition(".")[2]
            country = party.country if party and party.country else label.upper() if len(label) == 2 else None
            found[host, source] = (party.name if party else host, country)
    return [found[row] for row in rows]


def _shares(detection: Detection) -> list[dict[str, object]] | None:
    return [{"language": name, "share": share} for name, share in detection.shares] or None


def _flag(log: Log, row: int, detection: Detection, declared: str | None, outlet: str | None) -> None:
    if detection.reason == "short":
        log.flag(row, "LA003", column="text")
    elif detection.language is None:
        names = " or ".join(detection.candidates)
        says = f"It may be {names}, or a language nobody here knows; too little tells." if names else None
        log.flag(row, "LA001", column="text", says=says)
    elif declared and disagree(declared, detection.language):
        says = f"Declared as {declared}, and written in {detection.language}."
        log.flag(row, "LA002", column="language", evidence=declared, says=says)
    if detection.by_country:
        log.flag(row, "LA005", column="text", evidence=outlet)
    if len(detection.shares) > 1 and detection.shares[1][1] >= _MIXED:
        mix = ", ".join(f"{name} {share:.0%}" for name, share in detection.shares)
        log.flag(row, "LA004", column="text", says=f"The text mixes languages: {mix}.")
