"""Case files: the long tail of examples, one table a room, in fixtures/cases/."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "fixtures" / "cases"


def cases(name: str) -> list[Any]:
    """The cases of one file as parameters; a known failure must fail, so that progress on it shows."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return [
        pytest.param(case, id=case["label"], marks=[pytest.mark.xfail] if case["kind"] == "known_failure" else [])
        for case in table["case"]
    ]
