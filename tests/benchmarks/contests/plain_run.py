"""The script that people write: pandas, ftfy, langdetect and datasketch, a row at a time."""

from __future__ import annotations

import sys
from pathlib import Path

import ftfy
import pandas as pd
from datasketch import MinHash, MinHashLSH
from langdetect import DetectorFactory, LangDetectException, detect

_REQUIRED = ("id", "text")
_PROVENANCE = ("url", "title", "published_at", "author", "license")
_PERMUTATIONS = 128
_THRESHOLD = 0.8
_WORDS = 5


def main() -> None:
    """Read, drop what has no text, repair, detect, drop near-duplicates, flag what is missing, write."""
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    DetectorFactory.seed = 0
    frame = pd.read_json(corpus, lines=True, dtype=False)
    frame = frame.dropna(subset=list(_REQUIRED))
    frame["text"] = frame["text"].map(ftfy.fix_text)
    frame["language"] = frame["text"].map(_language)
    frame = frame[_first_of_each(frame["text"])]
    for column in _PROVENANCE:
        frame[f"missing_{column}"] = frame[column].isna() if column in frame else True
    frame.to_json(folder / "kept.jsonl", orient="records", lines=True, force_ascii=False)


def _language(text: str) -> str | None:
    try:
        return detect(text)
    except LangDetectException:
        return None


def _first_of_each(texts: pd.Series) -> list[bool]:
    index = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
    first = []
    for number, text in enumerate(texts):
        words = text.lower().split()
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch(
            [" ".join(words[at : at + _WORDS]).encode() for at in range(max(1, len(words) - _WORDS + 1))]
        )
        first.append(not index.query(sketch))
        if first[-1]:
            index.insert(str(number), sketch)
    return first


if __name__ == "__main__":
    main()
