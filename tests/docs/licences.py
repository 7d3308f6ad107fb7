"""The licences of everything that an installation brings in by name, from the metadata of the packages.

    python -m tests.docs.licences --write

Asks the packages in this environment, so install all of its extras before.
Keeps what it finds in `licences.json`, of which the README's table is made.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

KEPT = Path(__file__).with_name("licences.json")
_PROJECT = Path(__file__).parents[2] / "pyproject.toml"
_FOR_WORK = {"test", "browser", "check"}
"""Extras of those who work on the package; nobody else installs them."""
_SHORT = {
    "OSI Approved :: Apache Software License": "Apache-2.0", "OSI Approved :: MIT License": "MIT",
    "OSI Approved :: BSD License": "BSD-3-Clause", "Apache 2.0": "Apache-2.0", "BSD": "BSD-3-Clause",
}  # fmt: skip
"""What packages say that have no SPDX expression, and what it means."""


def wanted() -> dict[str, str]:
    """The packages that the project names, each with the extra that brings it, or `core`."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    groups = {"core": project["dependencies"], **project["optional-dependencies"]}
    found: dict[str, str] = {}
    for group, requirements in groups.items():
        for requirement in requirements if group not in _FOR_WORK else ():
            name = re.match(r"[\w.-]+", requirement)
            assert name is not None
            found.setdefault(name[0], group)
    return found


def licence(package: str) -> str:
    """The licence of an installed package, as an SPDX expression. LookupError where it says none."""
    told = metadata.metadata(package)
    classifiers = [one.removeprefix("License :: ") for one in told.get_all("Classifier", []) if "License ::" in one]
    said = [told.get("License-Expression"), *classifiers, told.get("License")]
    for one in said:
        if one and (short := _SHORT.get(one, one)) and re.fullmatch(r"[\w.() -]{2,60}", short):
            return short
    raise LookupError(f"{package} does not say its licence: {said}")


def main() -> None:
    """Compare what is kept with what is installed, or keep it."""
    rows = [[f"`{package}`", group, licence(package)] for package, group in wanted().items()]
    now = json.dumps({"licences": {"head": ["package", "comes with", "licence"], "rows": rows}}, indent=1) + "\n"
    if "--write" in sys.argv:
        KEPT.write_text(now, encoding="utf-8")
    elif now != KEPT.read_text(encoding="utf-8"):
        sys.exit("licences.json is out of step. Run: python -m tests.docs.licences --write")


if __name__ == "__main__":
    main()
