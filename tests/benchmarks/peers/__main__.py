"""One command for the whole comparison.

    python -m tests.benchmarks.peers --records 10000 --folder bench
    python -m tests.benchmarks.peers --records 100000 --folder bench --only corpus_tools,rensa

It makes a planted corpus, an environment for each tool (`pip install` from the package index), and runs all in turns,
each at the settings that its own manual recommends and at wide bands, which find most copies here. With all tools
10,000 records take some two minutes of processor time beside what installing takes, and 100,000 twelve.

Written are `peers-RECORDS.json` and, from that, the table for the README, `peers-RECORDS.md`, anew after each run, so
that nothing is lost when one is stopped. Rows of tools that `--only` leaves out stay as they are there. A tool that
does not install or does not run gets a row that says so, and the others go on. semhash is not among them: it needs a
model of word vectors from a hub.

    python -m tests.benchmarks.peers.floor --records 10000 --folder bench

shows what the least that any confirmation must do costs, beside ten times datasketch and rensa.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import generate
from tests.benchmarks.environments import interpreter, planted
from tests.benchmarks.peers.score import score

_HERE = Path(__file__).parent

Rows = dict[tuple[str, str], dict[str, Any]]
"""The results by tool and settings."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A tool, what installs it, the script that runs it, and its settings by name."""

    name: str
    packages: tuple[str, ...]
    script: str
    settings: dict[str, dict[str, Any]]


CONTENDERS = (
    Contender("corpus_tools", (), "ours.py", {"as it comes": {}}),
    Contender(
        "datasketch",
        ("datasketch",),
        "datasketch_run.py",
        {
            "recommended": {"num_perm": 128, "threshold": 0.5, "words": 5},
            "wide bands": {"num_perm": 200, "bands": [40, 5], "words": 5},
        },
    ),
    Contender(
        "rensa",
        ("rensa",),
        "rensa_run.py",
        {
            "recommended": {"num_perm": 128, "threshold": 0.8},
            "wide bands": {"num_perm": 200, "threshold": 0.5, "bands": 40, "words": 5},
        },
    ),
    Contender(
        "text-dedup",
        ("text-dedup",),
        "text_dedup_run.py",
        {
            "recommended": {"ngram": 5, "num_perm": 256, "threshold": 0.7},
            "wide bands": {"ngram": 5, "num_perm": 200, "b": 40, "r": 5, "hash_func": "xxh3"},
        },
    ),
    Contender(
        "datatrove",
        ("datatrove[processing]",),
        "datatrove_run.py",
        {"recommended": {"words": 5, "buckets": 14, "rows": 8}, "wide bands": {"words": 5, "buckets": 40, "rows": 5}},
    ),
)


def main() -> None:
    """Run the comparison."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--folder", type=Path, required=True, help="where corpus, environments and results go")
    ask.add_argument("--only", type=_tools, default=_names(), help="tools, with commas between [all]")
    given = ask.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    corpus, truth = planted(given.folder, given.records, given.seed)
    stem = given.folder / f"peers-{given.records}"
    rows = _rows_of(stem.with_suffix(".json"))
    for contender in CONTENDERS:
        for settings in contender.settings if contender.name in given.only else ():
            rows[contender.name, settings] = _run(contender, settings, corpus, truth, given.folder)
            _write(stem, rows)
    sys.stdout.write(_table(_in_order(rows)))


def _names() -> list[str]:
    return [contender.name for contender in CONTENDERS]


def _tools(said: str) -> list[str]:
    names = said.split(",")
    if unknown := sorted({*names} - {*_names()}):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}. There are: {', '.join(_names())}.")
    return names


def _rows_of(results: Path) -> Rows:
    if not results.exists():
        return {}
    return {(row["tool"], row["settings"]): row for row in json.loads(results.read_text(encoding="utf-8"))}


def _in_order(rows: Rows) -> list[dict[str, Any]]:
    places = [(contender.name, settings) for contender in CONTENDERS for settings in contender.settings]
    return [rows[place] for place in places if place in rows]


def _write(stem: Path, rows: Rows) -> None:
    """Put the results in place of the last ones."""
    for suffix, text in ((".json", json.dumps(_in_order(rows), indent=1) + "\n"), (".md", _table(_in_order(rows)))):
        half = stem.with_suffix(suffix + ".half")
        half.write_text(text, encoding="utf-8")
        half.replace(stem.with_suffix(suffix))


def _run(contender: Contender, settings: str, corpus: Path, truth: Path, folder: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"tool": contender.name, "settings": settings, "given": contender.settings[settings]}
    clusters = folder / f"clusters-{contender.name}-{settings.replace(' ', '_')}.jsonl"
    try:
        row |= run_alone(contender, settings, corpus, clusters, folder)
    except (subprocess.CalledProcessError, OSError, ValueError, LookupError) as error:
        row["failed"] = (getattr(error, "stderr", None) or str(error)).strip()[-300:]
        return row
    found = score(truth, clusters)
    row |= found.every.figures()
    row["per_second"] = round(row["records"] / row["cpu"])
    row["by_edit"] = {
        kind: counts.figures() | {"wrong": counts.wrong} for kind, counts in sorted(found.by_edit.items())
    }
    return row


def run_alone(contender: Contender, settings: str, corpus: Path, clusters: Path, folder: Path) -> dict[str, Any]:
    """Run a tool in its own environment: its `records`, `cpu` and `wall` seconds, and `peak_mb`."""
    python = interpreter(folder, contender.name, contender.packages)
    given = json.dumps(contender.settings[settings])
    done = subprocess.run(
        [python, _HERE / contender.script, corpus, clusters, given], capture_output=True, text=True, check=True
    )
    took: dict[str, Any] = json.loads(done.stdout.strip().split("\n")[-1])
    return took


def _table(rows: list[dict[str, Any]]) -> str:
    edits = [edit.__name__ for edit in generate.EDITS]
    head = ["tool", "settings", "precision", "recall", "F1", *edits, "records/s", "peak MB"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        if "failed" in row:
            lines.append([row["tool"], row["settings"], "did not run", *[""] * (len(head) - 3)])
            continue
        figures = [f"{row[name]:.3f}" for name in ("precision", "recall", "f1")]
        by_edit = [f"{row['by_edit'][edit]['recall']:.2f}" if edit in row["by_edit"] else "" for edit in edits]
        lines.append(
            [row["tool"], row["settings"], *figures, *by_edit, f"{row['per_second']:,}", f"{row['peak_mb']:,.0f}"]
        )
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


if __name__ == "__main__":
    main()
