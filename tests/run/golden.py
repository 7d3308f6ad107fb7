"""What `clean` makes of the fixtures, kept in fixtures/golden/ so that a change of behaviour shows in its commit.

`python -m tests.run.golden --write` keeps what it makes now.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from corpus_tools.run import Settings, run

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "fixtures" / "golden"
INPUTS = ["fixtures/corpora/raw_news.jsonl", "fixtures/corpora/dolma.jsonl", "fixtures/corpora/briefs.csv",
          "fixtures/corpora/pages"]  # fmt: skip
NAMES = ("out.jsonl", "out.removed.jsonl", "out.quarantine.jsonl", "out.ledger.jsonl", "out.findings.jsonl")


def made() -> dict[str, bytes]:
    """The outputs of a run over the fixtures, by name; the manifest has a clock in it and is left out."""
    before = Path.cwd()
    os.chdir(ROOT)  # the outputs name their sources as they were given
    try:
        with tempfile.TemporaryDirectory() as folder:
            run(INPUTS, Settings(output=str(Path(folder) / "out.jsonl")))
            return {name: (Path(folder) / name).read_bytes() for name in NAMES}
    finally:
        os.chdir(before)


if __name__ == "__main__" and "--write" in sys.argv:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, content in made().items():
        (GOLDEN / name).write_bytes(content)
