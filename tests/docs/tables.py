"""The README's tables, made from the code.

python -m tests.docs.tables --write
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from corpus_tools.cli import corpus_tools
from corpus_tools.cli.listing import LISTS, printed

README = Path(__file__).parents[2] / "README.md"
MEASURED = {
    "language_accuracy": ("languages.json", "accuracy"),
    "language_cost": ("languages.json", "cost"),
    "language_calibration": ("languages.json", "calibration"),
    "encoding_speed": ("encoding.json", "speed"),
    "whole_job": ("contests.json", "clean"),
    "validation": ("contests.json", "validate"),
    "contest_versions": ("contests.json", "versions"),
    "machine_size": ("machine.json", "size"),
    "machine_jobs": ("machine.json", "jobs"),
    "machine_memory": ("machine.json", "memory"),
    "machine_stages": ("machine.json", "stages"),
    "workers": ("workers.json", "runs"),
    "shuffle": ("shuffle.json", "shuffle"),
    "plan": ("plan.json", "plan"),
    "licences": ("../docs/licences.json", "licences"),
    "stages": ("profile.json", "stages"),
}
"""Tables of what was found out elsewhere: figures of the last run of a benchmark, licences."""
_BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(name: str) -> str:
    """One table in Markdown."""
    if name == "verbs":
        rows = [(f"`{verb}`", command.get_short_help_str(120)) for verb, command in corpus_tools.commands.items()]
        return printed(("verb", "what it does"), rows, "markdown")
    if name in MEASURED:
        file, key = MEASURED[name]
        kept = json.loads((Path(__file__).parents[1] / "benchmarks" / file).read_text(encoding="utf-8"))[key]
        return printed(tuple(kept["head"]), [tuple(row) for row in kept["rows"]], "markdown")
    head, rows = LISTS[name](None)
    return printed(head, [(f"`{row[0]}`", *row[1:]) for row in rows], "markdown")


def with_tables(text: str) -> str:
    """The README with every table as the code has it now."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{table(found[2])}\n\n{found[3]}", text)


if __name__ == "__main__":
    now = README.read_text(encoding="utf-8")
    if "--write" in sys.argv:
        README.write_text(with_tables(now), encoding="utf-8")
    elif with_tables(now) != now:
        sys.exit("README.md is out of step with the code. Run: python -m tests.docs.tables --write")
