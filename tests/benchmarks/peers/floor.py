"""What the least costs that finding and confirming copies takes, beside what other tools take for all they do.

    python -m tests.benchmarks.peers.floor --records 10000 --folder bench

Microseconds of processor time a record: splitting texts into words; hashing those and finding keys; a bare look at
what the pairs of candidates share (Jaccard's similarity, nothing else); all that mark_duplicates does. Beside them
what a tenth of datasketch's time is, and what rensa takes, at the settings that their manuals recommend. rensa
confirms nothing: that part is what it takes to find candidates. The smallest of several rounds counts, in which all
take turns.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from corpus_tools.index.collection import Collection
from corpus_tools.protocol import Log
from corpus_tools.steps.mark_duplicates import mark_duplicates
from corpus_tools.text.fingerprints import content_hashes, fingerprints_of
from corpus_tools.text.likeness import prints_of, shared_by
from corpus_tools.text.tokens import Tokens, blocks, tokens_of
from tests.benchmarks.duplicates import chunks
from tests.benchmarks.environments import planted
from tests.benchmarks.peers.__main__ import CONTENDERS, run_alone

_PAIRS_AT_ONCE = 64
_OTHERS = {"datasketch": 10, "rensa": 1}
"""How many times as fast as each tool one would be."""


def main() -> None:
    """Measure, and print a table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--folder", type=Path, required=True, help="where corpus and environments go")
    given = ask.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    corpus, _ = planted(given.folder, given.records, given.seed)
    least: dict[str, float] = {}
    for _ in range(given.rounds):
        for name, seconds in {**_ours(list(chunks(corpus))), **_others(corpus, given.folder)}.items():
            least[name] = min(seconds, least.get(name, seconds))
    for name, seconds in least.items():
        sys.stdout.write(f"| {name} | {1e6 * seconds / given.records:.1f} |\n")


def _ours(frames: Sequence[pd.DataFrame]) -> dict[str, float]:
    some = [list(block) for frame in frames for block in blocks(frame["text"].to_list())]
    words, split = _timed(lambda: [tokens_of(block) for block in some])
    _, hashed = _timed(lambda: [(fingerprints_of(*each), content_hashes(*each)) for each in words])
    tokens, pairs = _candidates(frames)
    _, looked = _timed(lambda: _similarities(tokens, pairs))
    _, whole = _timed(lambda: _marked(frames))
    return {
        "splitting into words": split,
        "hashing, and keys": hashed,
        f"Jaccard's similarity of {len(pairs)} pairs": looked,
        "the three together": split + hashed + looked,
        "all of mark_duplicates": whole,
    }


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def _candidates(frames: Sequence[pd.DataFrame]) -> tuple[dict[int, Tokens], list[tuple[int, int]]]:
    """The pairs that are worth comparing, and the words of their texts."""
    collection = Collection()
    with closing(collection):
        for frame in frames:
            collection.add(mark_duplicates.prepare(frame))
        collection.freeze()
        pairs = [(one, other) for some in collection.pairs() for one, other in some]
        return {text: collection.tokens_of(text) for pair in pairs for text in pair}, pairs


def _similarities(tokens: dict[int, Tokens], pairs: list[tuple[int, int]]) -> list[float]:
    found = []
    for at in range(0, len(pairs), _PAIRS_AT_ONCE):
        part = pairs[at : at + _PAIRS_AT_ONCE]
        texts = sorted({text for pair in part for text in pair})
        prints = dict(zip(texts, prints_of([tokens[text] for text in texts]), strict=True))
        found += [shared_by(prints[one], prints[other]).similarity for one, other in part]
    return found


def _marked(frames: Sequence[pd.DataFrame]) -> None:
    state = mark_duplicates.start()
    for frame in frames:
        state.add(mark_duplicates.prepare(frame))
    state.resolve()
    for frame in frames:
        mark_duplicates.mark(state.answer(len(frame)), frame, Log())
    state.close()


def _others(corpus: Path, folder: Path) -> dict[str, float]:
    took = {}
    for contender in CONTENDERS:
        times = _OTHERS.get(contender.name)
        if times is None:
            continue
        name = f"{times} x {contender.name}" if times > 1 else f"{contender.name}, which confirms nothing"
        clusters = folder / f"clusters-{contender.name}-floor.jsonl"
        try:
            took[name] = run_alone(contender, "recommended", corpus, clusters, folder)["cpu"] / times
        except (subprocess.CalledProcessError, OSError) as error:
            sys.stderr.write(f"{contender.name} did not run: {error}\n")
    return took


if __name__ == "__main__":
    main()
