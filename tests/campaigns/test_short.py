"""Short forms of the campaigns of garbage and of commands, with fixed seeds, so that they can't rot."""

from pathlib import Path

import pytest

from .commands import play
from .garbage import feed_one
from .targets import TARGETS

_INPUTS = 4000
"""Of all targets together."""
_SHARES = sum(target.share for target in TARGETS.values())


@pytest.mark.parametrize("name", TARGETS)
def test_garbage_is_taken_or_refused_and_nothing_is_lost(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = max(3, round(_INPUTS * TARGETS[name].share / _SHARES))
    wrong = feed_one(name, inputs, 1, tmp_path / "findings", guided=False)
    assert not wrong, capsys.readouterr().out


@pytest.mark.filterwarnings("ignore")
def test_calls_that_nobody_would_make_end_with_a_word() -> None:
    assert play(60, 1).total() >= 60
