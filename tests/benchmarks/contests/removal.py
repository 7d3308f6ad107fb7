"""How good a removal was: which copies are gone, and which articles are gone with them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of the records.

    `kept` and `set_aside` count records by where they are now, `nowhere` those in no output file. Where the truth is
    known, `precision` is the share of removed records that another kept record stands for, `recall` the share of
    surplus copies that were removed, and `lost` counts stories of which no record is left; otherwise they are None.
    """

    kept: int
    set_aside: int
    nowhere: int
    precision: float | None = None
    recall: float | None = None
    lost: int | None = None


def judge(corpus: Path, truth: Path | None, folder: Path) -> Removal:
    """Hold the files of a run (kept.jsonl, and whatever holds what was removed) against the corpus and the truth."""
    every, kept = names_in(corpus), set(names_in(folder / "kept.jsonl"))
    aside = {name for path in folder.glob("*removed.jsonl") for name in names_in(path)}
    counts = len(kept), len(aside), len(set(every) - kept - aside)
    if truth is None:
        return Removal(*counts)
    story_of = {name: name for name in every}
    with truth.open(encoding="utf-8") as lines:
        story_of.update((row["id"], row["story"]) for row in map(json.loads, lines))
    left: dict[str, int] = defaultdict(int)
    there: dict[str, int] = defaultdict(int)
    for name, story in story_of.items():
        there[story] += 1
        left[story] += name in kept
    removed = len(every) - len(kept)
    surplus = sum(there.values()) - len(there)
    lost = sum(1 for story in there if not left[story])
    right = sum(there[story] - max(left[story], 1) for story in there)
    return Removal(*counts, round(right / removed, 4) if removed else 1.0, round(right / surplus, 4), lost)


def names_in(path: Path) -> list[str]:
    """The ids of the records of a JSONL file, in order."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["id"] for line in lines]
