"""What the scale of the web takes in workers, memory and money, from what was measured at a smaller one.

    python -m tests.benchmarks.plan

Reads machine.json and shuffle.json beside it, and writes plan.json. Measured are the processor seconds of the chain for
each record, what the shuffle of the most texts sends, and the bytes that one process holds of each record. All of it
grows with the records; only what meets by accident, and requests, grow with their square. Counted are the requests:
each bucket asks each part for what it has for it, and there are more buckets of a larger corpus.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import BAND
from corpus_tools.settings import Settings
from tests.benchmarks.shuffle import COLUMNS, sent

HERE = Path(__file__).parent
VCPU_HOUR, A_MILLION_READS = 0.048, 0.40
"""US dollars: a quarter of an m6i.xlarge on demand in us-east-1 (0.192 an hour in 2026), and GET requests, assumed."""
KEY_BITS, UPPER_BITS = 64, 32
PART_BYTES, LARGE_PART_BYTES = 64 << 20, 512 << 20
ASKED = 12  # times that every bucket asks every part, or every part every bucket, in one run
REQUESTS = 2  # the index of a file of parcels, then the parcel
HOURS = 24
ID_BYTES = 8
LINE_BYTES, LEARNING_BYTES = 104, 420
"""What `--learned-furniture` holds of a record in one process, and takes more at most while it learns: measured on
20,000 generated records, with tracemalloc."""
SIZES = (10**8, 10**9, 10**10)


def planned(machine: dict[str, Any], shuffled: dict[str, Any], records: int) -> dict[str, float]:
    """What so many records take."""
    grown = records / shuffled["records"]
    chain = machine["seconds"] / machine["records"] * records
    duplicates = sum(shuffled[name]["seconds"] for name in ("keys", "sketches", "sift", "stars")) * grown
    corpus = records * machine["bytes"] / machine["records"]
    hours = (chain + duplicates) / 3600
    met = COLUMNS * records**2 / 2
    buckets, requests = _asked(corpus, PART_BYTES)
    _, fewer = _asked(corpus, LARGE_PART_BYTES)
    return {
        "hours": hours,
        "workers": hours / HOURS,
        "corpus": corpus,
        "sent": sent(shuffled) * grown,
        "buckets": buckets,
        "bucket": records * COLUMNS * BAND.itemsize / buckets,
        "ids": records * ID_BYTES,
        "lines": records * (LINE_BYTES + LEARNING_BYTES),
        "left_out": met / (1 << UPPER_BITS),
        "accidents": met / (1 << KEY_BITS),
        "requests": requests,
        "money": hours * VCPU_HOUR,
        "request_money": requests / 1e6 * A_MILLION_READS,
        "less_money": fewer / 1e6 * A_MILLION_READS,
    }


def _asked(corpus: float, part_bytes: int) -> tuple[int, float]:
    """How many buckets there are of parts of that size, and how many requests."""
    parts = int(corpus / part_bytes)
    buckets = Job.of(Settings(output="plan", part_bytes=part_bytes), parts).buckets
    return buckets, float(ASKED * REQUESTS * parts * buckets)


def table(machine: dict[str, Any], shuffled: dict[str, Any]) -> dict[str, list[Any]]:
    """The README's table."""
    plans = [planned(machine, shuffled, records) for records in SIZES]
    lines = {
        "corpus": [f"{plan['corpus'] / 1e12:,.2f} TB" for plan in plans],
        "vCPU hours": [f"{plan['hours']:,.0f}" for plan in plans],
        "workers of one vCPU, to be done in a day": [f"{max(plan['workers'], 1):,.0f}" for plan in plans],
        "sent between tasks, to find duplicates": [f"{plan['sent'] / 1e12:,.2f} TB" for plan in plans],
        "buckets": [f"{plan['buckets']:,.0f}" for plan in plans],
        "keys in one of them": [f"{plan['bucket'] / 1e9:,.1f} GB" for plan in plans],
        "ids in the process that numbers": [f"{plan['ids'] / 1e9:,.1f} GB" for plan in plans],
        "lines in the process that learns furniture, if asked for": [
            f"{plan['lines'] / 1e9:,.0f} GB" for plan in plans
        ],
        "pairs alike in half a key, left out in their bucket": [f"{plan['left_out']:.1e}" for plan in plans],
        "pairs that meet by accident": [f"{plan['accidents']:,.2f}" for plan in plans],
        "requests to object storage": [f"{plan['requests'] / 1e6:,.0f} million" for plan in plans],
        "money for processors": [f"${plan['money']:,.0f}" for plan in plans],
        "money for requests": [f"${plan['request_money']:,.0f}" for plan in plans],
        "with parts of 512 MB": [f"${plan['less_money']:,.0f}" for plan in plans],
    }
    head = ["", *(f"10{'⁰¹²³⁴⁵⁶⁷⁸⁹'[len(str(size)) - 1] if size < 10**10 else '¹⁰'} records" for size in SIZES)]
    return {"head": head, "rows": [[what, *told] for what, told in lines.items()]}


def main() -> None:
    """Write the plan."""
    machine, shuffle = (json.loads((HERE / name).read_text(encoding="utf-8")) for name in
                        ("machine.json", "shuffle.json"))  # fmt: skip
    largest = max((run for run in machine["runs"] if run["jobs"] == 1), key=lambda run: run["records"])
    widest = max((run for run in shuffle["runs"] if run["key_bits"] == KEY_BITS), key=lambda run: run["records"])
    made = json.dumps({"plan": table(largest, widest)}, indent=1, ensure_ascii=False)
    (HERE / "plan.json").write_text(made + "\n", encoding="utf-8")
    sys.stdout.write(made + "\n")


if __name__ == "__main__":
    main()
