"""Hostile cells: what takes the square of its length elsewhere takes a moment here, in every step and every column."""

from __future__ import annotations

import time

import pandas as pd
import pytest

import corpus_tools as ct
from corpus_tools.chain import CHAIN, load_step

CHARS = 200_000
MOST_SECONDS = 5  # of some 0.1; whatever grows with the square needs minutes
LINES = {
    "letters": "a" * CHARS,
    "digits": "7" * CHARS,
    "spaces": "x" + " " * CHARS + "x",
    "no-break spaces": "x" + "\u00a0" * CHARS + "x",
    "brackets": "(" * CHARS,
    "dashes": "– " * (CHARS // 2),
    "slashes": "a/" * (CHARS // 2),
    "entities": "&a;" * (CHARS // 3),
    "mojibake": "â€œ" * (CHARS // 3),
    "accents": "e" + "\u0301" * CHARS,
    "accents in no order": "e" + "\u0301\u0323" * (CHARS // 2),
    "damaged accents in no order": "e" + "Ì\u0081Ì£" * (CHARS // 4),
    "nested entities": "&" + "amp;#38;" * (CHARS // 8),
    "footers": "The post a appeared first on " * (CHARS // 29),
    "copyright": "Copyright 2024 reproduced " * (CHARS // 26),
    "short lines": "\n".join(f"line {number}" for number in range(CHARS // 10)),
    "one line again and again": "x\n" * (CHARS // 10),
    "advertisements": "Advertisement\n" * (CHARS // 14),
    "headline lists": "Read also\nRain floods two villages\n" * (CHARS // 34),
    "announced headlines": "Read also: Rain floods two villages\n" * (CHARS // 36),
    "copyright lines": "© 2024 X\n" * (CHARS // 9),
    "lines of two languages": "Rain.\n" * (CHARS // 12) + "Hujan turun lagi di kampung itu.\n" * (CHARS // 66),
    "tags": "Tags\n" * (CHARS // 5) + "A story begins at last.\n" * 20,
}


@pytest.mark.parametrize("name", [name for name in CHAIN if name != "validate"])
@pytest.mark.parametrize("kind", LINES)
def test_a_hostile_cell_costs_a_moment(name: str, kind: str) -> None:
    step, line = load_step(name), LINES[kind]
    frame = pd.DataFrame({"text": [line, "The ferry runs again."], "source": "x", "url": "https://www.x.example/a-1"})
    for column in ("title", "author", "copyright"):
        frame[column] = ["x", line]
    started = time.process_time()
    assert len(step(frame)) == 2
    assert time.process_time() - started < MOST_SECONDS


def test_halves_of_surrogate_pairs_pass_through_every_step() -> None:
    names = ("text", "title", "source", "author", "copyright", "license", "published_at")
    columns = {name: ["\udc80 a\udc80", "Rain"] for name in names}
    addresses = {name: ["https://x.example/?p=\udc80", "https://x.example/2"] for name in ("url", "canonical_url")}
    frame = pd.DataFrame(columns | addresses, dtype=object)
    for name in CHAIN:
        assert len(load_step(name)(frame)) == 2
    cleaned = ct.clean(frame)
    assert cleaned.frame["url"].tolist() == frame["url"].tolist()
