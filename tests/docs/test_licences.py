"""What an installation brings in is known, and everybody may use it."""

import contextlib
import json
import re
from importlib import metadata

from .licences import KEPT, licence, wanted

PERMISSIVE = {"Apache-2.0", "MIT", "BSD-3-Clause", "BSD-2-Clause", "0BSD", "Zlib", "CC0-1.0", "ISC", "PSF-2.0"}
FILE_BY_FILE = {"MPL-2.0"}
"""Binds the files that are under it, and no work that uses them."""

ROWS = {row[0].strip("`"): row for row in json.loads(KEPT.read_text(encoding="utf-8"))["licences"]["rows"]}


def test_every_package_that_the_project_names_is_listed_with_its_extra() -> None:
    assert {package: row[1] for package, row in ROWS.items()} == wanted()


def test_every_licence_is_permissive() -> None:
    for package, _, expression in ROWS.values():
        named = set(re.findall(r"[\w.-]+", expression)) - {"AND", "OR"}
        assert named
        assert named <= PERMISSIVE | FILE_BY_FILE, package


def test_what_is_installed_says_what_is_listed() -> None:
    asked = 0
    for package, row in ROWS.items():
        with contextlib.suppress(metadata.PackageNotFoundError):
            assert licence(package) == row[2]
            asked += 1
    assert asked >= sum(row[1] == "core" for row in ROWS.values())
