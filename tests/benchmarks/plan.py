"""What the scale of the web takes in workers, memory and money, from what was measured at a smaller one.

    python -m tests.benchmarks.plan

Reads machine.json and shuffle.json beside it, and writes plan.json. Measured are the processor seconds of the chain for
each record, and at 10⁸ texts what the shuffle sends and how many strangers meet. All grows with the records; only what
meets by accident grows with their square. Counted are the requests: each bucket asks each part for what it has for it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from corpus_tools.cluster.kinds import BAND, PAIR, SKETCHED
from tests.benchmarks.shuffle import BRIEFS, COLUMNS, sent

HERE = Path(__file__).parent
VCPU_HOUR, A_MILLION_READS = 0.048, 0.40
"""US dollars: a quarter of an m6i.xlarge on demand in us-east-1 (0.192 an hour in 2026), and GET requests, assumed."""
KEYS = 1 << 32
BUCKETS = 512  # the engine makes no more
PART_BYTES = 64 << 20
ASKED = 12  # times that every bucket asks every part, or every part every bucket, in one run
REQUESTS = 2  # the index of a file of parcels, then the parcel
HOURS = 24
ID_BYTES = 8
SIZES = (10**8, 10**9, 10**10)


def planned(machine: dict[str, Any], shuffled: dict[str, Any], records: int) -> dict[str, float]:
    """What so many records take."""
    grown = records / shuffled["records"]
    chain = machine["seconds"] / machine["records"] * records
    duplicates = sum(shuffled[name]["seconds"] for name in ("keys", "sketches", "sift", "stars")) * grown
    by_accident = COLUMNS * records**2 / 2 / KEYS
    a_pair = PAIR.itemsize + SKETCHED.itemsize
    before = COLUMNS * shuffled["records"] ** 2 / 2 / KEYS
    sent_bytes = (sent(shuffled) - before * a_pair) * grown + by_accident * a_pair
    parts = records * machine["bytes"] / machine["records"] / PART_BYTES
    hours = (chain + duplicates) / 3600
    requests = ASKED * REQUESTS * parts * BUCKETS
    return {
        "hours": hours,
        "workers": hours / HOURS,
        "corpus": records * machine["bytes"] / machine["records"],
        "sent": sent_bytes,
        "bucket": records * COLUMNS * BAND.itemsize / BUCKETS,
        "ids": records * ID_BYTES,
        "accidents": by_accident,
        "strangers": records / KEYS * ((COLUMNS - 1) * (1 - (1 - BRIEFS) ** 2) + 1),
        "requests": requests,
        "money": hours * VCPU_HOUR,
        "request_money": requests / 1e6 * A_MILLION_READS,
    }


def table(machine: dict[str, Any], shuffled: dict[str, Any]) -> dict[str, list[Any]]:
    """The README's table."""
    plans = [planned(machine, shuffled, records) for records in SIZES]
    lines = {
        "corpus": [f"{plan['corpus'] / 1e12:,.2f} TB" for plan in plans],
        "vCPU hours": [f"{plan['hours']:,.0f}" for plan in plans],
        "workers of one vCPU, to be done in a day": [f"{max(plan['workers'], 1):,.0f}" for plan in plans],
        "sent between tasks, to find duplicates": [f"{plan['sent'] / 1e12:,.2f} TB" for plan in plans],
        f"keys in one of {BUCKETS} buckets": [f"{plan['bucket'] / 1e9:,.1f} GB" for plan in plans],
        "ids in the process that numbers": [f"{plan['ids'] / 1e9:,.1f} GB" for plan in plans],
        "pairs that meet by accident": [f"{plan['accidents']:.1e}" for plan in plans],
        "strangers tied to a text": [f"{plan['strangers']:.2f}" for plan in plans],
        "requests to object storage": [f"{plan['requests'] / 1e6:,.0f} million" for plan in plans],
        "money for processors": [f"${plan['money']:,.0f}" for plan in plans],
        "money for requests": [f"${plan['request_money']:,.0f}" for plan in plans],
    }
    head = ["", *(f"10{'⁰¹²³⁴⁵⁶⁷⁸⁹'[len(str(size)) - 1] if size < 10**10 else '¹⁰'} records" for size in SIZES)]
    return {"head": head, "rows": [[what, *told] for what, told in lines.items()]}


def main() -> None:
    """Write the plan."""
    machine, shuffle = (json.loads((HERE / name).read_text(encoding="utf-8")) for name in
                        ("machine.json", "shuffle.json"))  # fmt: skip
    largest = max((run for run in machine["runs"] if run["jobs"] == 1), key=lambda run: run["records"])
    widest = max((run for run in shuffle["runs"] if 1 << run["key_bits"] == KEYS), key=lambda run: run["records"])
    made = json.dumps({"plan": table(largest, widest)}, indent=1, ensure_ascii=False)
    (HERE / "plan.json").write_text(made + "\n", encoding="utf-8")
    sys.stdout.write(made + "\n")


if __name__ == "__main__":
    main()
