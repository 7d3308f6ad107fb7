"""Duplicates at the scale of the web, without its texts: the shuffle of keys and the rounds of stars on invented keys.

    python -m tests.benchmarks.shuffle --records 100000000 --folder bench --write shuffle.json

Every text has the keys and samples that a text of its kind would have; from there on the work is done by the functions
of the Dask engine: the same keys, buckets, caps, sifting by samples and stars. What goes from task to task is counted,
column by column and bucket by bucket, so that memory holds one column of keys (4 GB are enough for 10⁸ texts) and the
disk the pairs. `--key-bits` makes keys shorter than the 64 bits they have: 2,000,000 texts with keys of 23 bits meet by
accident as often, each of them, as 10⁹ with keys of 32.

The invented corpus: a quarter of the texts have copies (the number of texts of a story falls with its power of 2.4, up
to 100,000); a copy shares 25 to 97 % of its shingles with its story; one text in fifty is filled into a template that
up to thousands of others use, which gives them some keys in common; one story in eight is a brief of 60 words.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.cluster.candidates import ties_of
from corpus_tools.cluster.hanging import roots, star
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import BAND, EDGE, HELD, PAIR, SKETCHED, unique_rows
from corpus_tools.cluster.store import Store, bucket_of, scattered
from corpus_tools.index.bands import decoded, likely, pairs_by_key
from corpus_tools.index.sorted_file import distinct
from corpus_tools.settings import Settings
from corpus_tools.text.fingerprints import BANDS, OPENING_KEYS, SAMPLES

Numbers = NDArray[np.uint64]
U = np.uint64
AT_ONCE = 1 << 22
SPAN_BITS = 3
SPANS = 1 << SPAN_BITS
"""Parts of a column that are paired one after the other."""
TITLES, ADDRESSES = BANDS + OPENING_KEYS, BANDS + OPENING_KEYS + 1
COLUMNS = ADDRESSES + 1
COPIED, POWER, LARGEST = 0.25, 2.4, 100_000
SHARED = np.array([0.97, 0.93, 0.88, 0.80, 0.70, 0.55, 0.40, 0.25])
"""What copies share with their story, each as often."""
TEMPLATED, TEMPLATES, TEMPLATE_COLUMNS = 0.02, 100_000, 16  # the n-th template is used as often as 1/n
BRIEFS, BRIEF_WORDS, WORDS = 0.125, 60, 400
WORKERS = 64
"""Among whom buckets are dealt out when skew is measured."""


def mixed(numbers: Numbers, salt: int) -> Numbers:
    """Random numbers, the same for the same arguments (the finaliser of SplitMix64)."""
    made = numbers + U(salt * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    made ^= made >> U(30)
    made *= U(0xBF58476D1CE4E5B9)
    made ^= made >> U(27)
    made *= U(0x94D049BB133111EB)
    made ^= made >> U(31)
    return made


def chance(numbers: Numbers, salt: int) -> NDArray[np.float32]:
    """Random fractions."""
    return (mixed(numbers, salt) >> U(40)).astype(np.float32) / np.float32(1 << 24)


class World:
    """The texts, by their ranks: rank order is the order of their hashes."""

    def __init__(self, texts: int, key_bits: int) -> None:
        self.texts, self._kept = texts, U((1 << 64) - (1 << 64 - key_bits))
        self._apart = U((1 << 64) // texts)
        weights = np.arange(2, LARGEST + 1, dtype=np.float64) ** -POWER
        dice, copied = np.random.default_rng(8), int(COPIED * texts)
        stories = int(copied / np.average(np.arange(2, LARGEST + 1), weights=weights)) + 1
        sizes = 2 + np.searchsorted(np.cumsum(weights) / weights.sum(), dice.random(stories))
        ends = np.cumsum(sizes)
        sizes = sizes[: int(np.searchsorted(ends, copied)) + 1]
        self.copied, self.largest = int(sizes.sum()), int(sizes.max())
        self._story_at = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self._turn = next(step for step in range(int(0.618 * texts) | 1, texts * 2, 2) if np.gcd(step, texts) == 1)

    def story_of(self, ranks: Numbers) -> Numbers:
        """A number for each text's story."""
        places = (ranks * U(self._turn)) % U(self.texts)
        stories = places + U(len(self._story_at))
        told = places < U(self.copied)
        stories[told] = self._story_at[places[told].astype(np.int64)]
        return stories

    def shared(self, ranks: Numbers) -> NDArray[np.float64]:
        """What each text shares with its story."""
        return SHARED[(mixed(ranks, 1) % U(len(SHARED))).astype(np.int64)]

    def hashes(self, ranks: Numbers) -> Numbers:
        """The hash of each text."""
        return ranks * self._apart + mixed(ranks, 2) % self._apart

    def keys(self, ranks: Numbers, column: int) -> Numbers:
        """The key of each text in a column."""
        salt = 16 + 8 * column
        keys = mixed(ranks, salt)
        if column != ADDRESSES:
            alike = self.shared(ranks) ** 5 if column < BANDS else np.full(len(ranks), 0.5)
            told = chance(ranks, salt + 1) < alike
            keys[told] = mixed(self.story_of(ranks[told]), salt + 2)
        if column < BANDS:
            filled = np.flatnonzero((chance(ranks, 3) < TEMPLATED) & (self.story_of(ranks) >= len(self._story_at)))
            template = np.floor(TEMPLATES ** chance(ranks[filled], 4).astype(np.float64)).astype(np.uint64)
            has = mixed(template, salt + 3) % U(TEMPLATE_COLUMNS) == 0
            keys[filled[has]] = mixed(template[has], salt + 4)
        return keys & self._kept

    def sketches(self, ranks: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Samples and words of some texts."""
        numbers = ranks.astype(np.uint64)
        story, share = self.story_of(numbers), (self.shared(numbers) * 256).astype(np.uint8)[:, None]
        parts = []
        for word in range(SAMPLES // 8):
            mine, theirs, dice = (
                mixed(who, 5000 + 3 * word + at).view(np.uint8).reshape(-1, 8)
                for at, who in enumerate((numbers, story, numbers))
            )
            parts.append(np.where(dice < share, theirs, mine))
        words = np.where(chance(story, 5) < BRIEFS, BRIEF_WORDS, WORDS)
        return np.concatenate(parts, axis=1), words.astype(np.int64)


@dataclass(slots=True)
class Shelves:
    """Pairs on disk, in as many files as there are buckets."""

    folder: Path
    buckets: int

    def put(self, codes: Numbers, buckets: NDArray[np.int64]) -> None:
        """Put pairs behind those of their buckets."""
        self.folder.mkdir(parents=True, exist_ok=True)
        order = np.argsort(buckets.astype(np.uint16), kind="stable")
        bounds = np.searchsorted(buckets[order], np.arange(self.buckets + 1))
        for bucket, (start, end) in enumerate(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)):
            if start < end:
                with (self.folder / str(bucket)).open("ab") as file:
                    file.write(codes[order[start:end]].tobytes())

    def take(self) -> Iterator[Numbers]:
        """The pairs of each bucket, sorted, each once; its file goes."""
        for bucket in range(self.buckets):
            path = self.folder / str(bucket)
            yield distinct(np.fromfile(path, np.uint64) if path.exists() else np.empty(0, np.uint64))
            path.unlink(missing_ok=True)


class Simulation:
    """One run; `told` has what was counted."""

    def __init__(self, world: World, folder: Path, buckets: int) -> None:
        self.world, self.folder, self.buckets = world, folder, buckets
        store = Store(str(folder / "work"))
        self.job = Job(store, store, Settings(), "simulated", buckets, buckets)
        self.told: dict[str, Any] = {}

    def run(self) -> None:
        """Shuffle keys, sift pairs, and tie together what hangs together."""
        names = ("pairs", "sketched", "addressed")
        pairs, sketched, addressed = (Shelves(self.folder / name, self.buckets) for name in names)
        for name, stage in (
            ("keys", lambda: self._shuffle_keys(pairs, addressed)),
            ("sketches", lambda: self._send_sketches(pairs, sketched)),
            ("sift", lambda: self._sift(sketched, addressed)),
            ("stars", self._stars),
        ):
            self._timed(name, stage)

    def _timed(self, name: str, stage: Callable[[], dict[str, Any]]) -> None:
        started = time.process_time()
        self.told[name] = stage()
        self.told[name]["seconds"] = round(time.process_time() - started, 1)
        sys.stderr.write(f"{name}: {json.dumps(self.told[name])}\n")

    def _shuffle_keys(self, pairs: Shelves, addressed: Shelves) -> dict[str, Any]:
        told, loads = {"rows": 0, "pairs": 0, "largest_bucket": 0}, np.zeros(self.buckets, np.int64)
        for column in range(COLUMNS):
            keys = np.empty(self.world.texts, np.uint64)
            for at in range(0, self.world.texts, AT_ONCE):
                ranks = np.arange(at, min(at + AT_ONCE, self.world.texts), dtype=np.uint64)
                some = keys[at : at + len(ranks)] = self.world.keys(ranks, column)
                loads += np.bincount(bucket_of(some >> U(32) | U(column << 32), self.buckets), minlength=self.buckets)
            told["rows"] += len(keys)
            for span in range(SPANS):
                owners = np.flatnonzero(keys >> U(64 - SPAN_BITS) == U(span))
                found = np.concatenate(list(pairs_by_key(keys[owners], owners)))
                told["pairs"] += len(found)
                told["largest_bucket"] = max(told["largest_bucket"], _texts_under_one(found))
                if column == ADDRESSES:  # samples have no say in these
                    addressed.put(found, self._bucket_of(found >> U(32)))
                else:
                    pairs.put(found, self._bucket_of(found & U(0xFFFFFFFF)))
        return {**told, "bytes": told["rows"] * BAND.itemsize, "pair_bytes": told["pairs"] * PAIR.itemsize,
                "texts_bytes": self.world.texts * HELD.itemsize, "skew": _skew(loads)}  # fmt: skip

    def _send_sketches(self, pairs: Shelves, sketched: Shelves) -> dict[str, Any]:
        rows, loads = 0, []
        for codes in pairs.take():
            rows += len(codes)
            loads.append(len(codes))
            sketched.put(codes, self._bucket_of(codes >> U(32)))
        return {"pairs": rows, "bytes": rows * SKETCHED.itemsize, "skew": _skew(np.array(loads))}

    def _sift(self, sketched: Shelves, addressed: Shelves) -> dict[str, Any]:
        kept = strangers = 0
        for bucket, (codes, more) in enumerate(zip(sketched.take(), addressed.take(), strict=True)):
            stay = distinct(np.concatenate([likely(codes, self.world.sketches), more]))
            ends = decoded(stay).astype(np.uint64)
            kept += len(stay)
            strangers += int((self.world.story_of(ends[:, 0]) != self.world.story_of(ends[:, 1])).sum())
            told = ties_of(self.world.hashes(ends[:, 0]), self.world.hashes(ends[:, 1]))
            self.job.work.send("edges-0", bucket, scattered(told, told["at"], self.buckets), self.buckets)
        return {"kept": kept, "strangers": strangers, "bytes": self._bytes_of("edges-0")}

    def _stars(self) -> dict[str, Any]:
        turn, changes, sent = 0, list[int](), list[int]()
        while not changes or any(changes[-2:]):
            for _ in range(2):
                counts = [star(self.job, bucket, turn) for bucket in range(self.buckets)]
                shutil.rmtree(self.folder / "work" / f"edges-{turn}")
                turn += 1
                changes.append(sum(counts))
                sent.append(self._bytes_of(f"edges-{turn}"))
                sys.stderr.write(f"turn {turn}: {changes[-1]:,} ties changed, {sent[-1]:,} bytes\n")
        members = [
            roots(unique_rows(self.job.work.rows(f"edges-{turn}", self.buckets, bucket, EDGE)))[1]
            for bucket in range(self.buckets)
        ]
        parts, sizes = np.unique(np.concatenate(members), return_counts=True)
        loads = np.bincount(bucket_of(parts, self.buckets), sizes, self.buckets).astype(np.int64)
        return {
            "turns": turn,
            "changed": changes,
            "bytes": sum(sent),
            "parts": len(parts),
            "texts": int(sizes.sum()),
            "largest_part": int(sizes.max()),
            "largest_story": self.world.largest,
            "skew": _skew(loads),
        }

    def _bucket_of(self, ranks: Numbers) -> NDArray[np.int64]:
        return bucket_of(self.world.hashes(ranks), self.buckets)

    def _bytes_of(self, name: str) -> int:
        return sum(path.stat().st_size for path in (self.folder / "work" / name).iterdir())


def _texts_under_one(codes: Numbers) -> int:
    """How many texts share a key at most, by the pairs of a column: the first of them is paired with all others."""
    _, counts = np.unique(codes >> U(32), return_counts=True)
    return int(counts.max(initial=0)) + 1


def _skew(loads: NDArray[np.int64]) -> float:
    """The load of the fullest worker against the mean."""
    dealt = [int(loads[worker::WORKERS].sum()) for worker in range(min(WORKERS, len(loads)))]
    return round(max(dealt) / max(sum(dealt) / len(dealt), 1), 3)


def table(runs: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The README's table of these runs: a line for each thing, a column for each run."""

    def size(count: int) -> str:
        return f"{count / 1e9:,.1f} GB" if count >= 1e8 else f"{count / 1e6:,.0f} MB"

    lines: dict[str, Callable[[dict[str, Any]], str]] = {
        "bits in a key": lambda run: str(run["key_bits"]),
        "keys, sent once": lambda run: size(run["keys"]["bytes"]),
        "samples of texts, sent once and read three times": lambda run: size(run["keys"]["texts_bytes"]),
        "pairs that share a key, as often as they do": lambda run: size(run["keys"]["pair_bytes"]),
        "pairs with samples": lambda run: size(run["sketches"]["bytes"]),
        "ties, in all turns": lambda run: size(run["sift"]["bytes"] + run["stars"]["bytes"]),
        "bytes a text": lambda run: f"{sent(run) / run['records']:,.0f}",
        "texts under one key, at most": lambda run: f"{run['keys']['largest_bucket']:,}",
        f"fullest of {WORKERS} workers against the mean: keys": lambda run: f"{run['keys']['skew']:.2f}",
        "pairs that samples let pass": lambda run: f"{run['sift']['kept']:,}",
        "of them strangers": lambda run: f"{run['sift']['strangers']:,}",
        "turns of stars": lambda run: str(run["stars"]["turns"]),
        "texts of the largest story": lambda run: f"{run['stars']['largest_story']:,}",
        "texts that hang together, at most, and so go to one worker": lambda run: f"{run['stars']['largest_part']:,}",
        "processor seconds for a million texts": lambda run: f"{_seconds(run) / run['records'] * 1e6:,.1f}",
        "peak memory": lambda run: f"{run['peak_mb']:,} MB",
    }
    head = ["", *(f"{run['records']:,} texts" for run in runs)]
    return {"head": head, "rows": [[what, *map(told, runs)] for what, told in lines.items()]}


def sent(run: dict[str, Any]) -> int:
    """Bytes that all tasks leave for each other."""
    keys = run["keys"]
    of_keys = keys["bytes"] + keys["texts_bytes"] + keys["pair_bytes"]
    return int(of_keys + run["sketches"]["bytes"] + run["sift"]["bytes"] + run["stars"]["bytes"])


def _seconds(run: dict[str, Any]) -> float:
    return float(sum(run[name]["seconds"] for name in ("keys", "sketches", "sift", "stars")))


def main() -> None:
    """Run it once and put what was counted into the file, in the place of its like."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=100_000_000, help="distinct texts")
    ask.add_argument("--key-bits", type=int, default=64)
    ask.add_argument("--buckets", type=int, default=128)
    ask.add_argument("--folder", type=Path, required=True, help="where pairs and ties are put; it is made and goes")
    ask.add_argument("--write", type=Path, default=Path(__file__).with_suffix(".json"))
    given = ask.parse_args()
    given.folder.mkdir(parents=True)
    try:
        made = Simulation(World(given.records, given.key_bits), given.folder, given.buckets)
        made.run()
    finally:
        shutil.rmtree(given.folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    row = {"records": given.records, "key_bits": given.key_bits, "buckets": given.buckets, **made.told, "peak_mb": peak}
    runs: list[dict[str, Any]] = json.loads(given.write.read_text())["runs"] if given.write.exists() else []
    same = ("records", "key_bits")
    runs = [run for run in runs if any(run[name] != row[name] for name in same)] + [row]
    runs.sort(key=lambda run: (-run["key_bits"], run["records"]))
    given.write.write_text(json.dumps({"runs": runs, "shuffle": table(runs)}, indent=1) + "\n")


if __name__ == "__main__":
    main()
