"""The fixtures come out as they did when somebody last looked at them."""

import pytest

from .golden import GOLDEN, NAMES, made


@pytest.fixture(scope="module")
def now() -> dict[str, bytes]:
    return made()


@pytest.mark.parametrize("name", NAMES)
def test_the_outputs_are_those_that_were_looked_at(name: str, now: dict[str, bytes]) -> None:
    expected = (GOLDEN / name).read_bytes()
    assert now[name] == expected, "if the change is meant: python -m tests.run.golden --write, and read the diff"
