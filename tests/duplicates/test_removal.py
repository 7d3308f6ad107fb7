"""The benchmark's judge of a removal counts what went rightly, what stayed, and what nobody can find again."""

import json
from pathlib import Path

from tests.benchmarks.contests.removal import Removal, judge


def _write(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_removal_is_judged_by_what_is_left(tmp_path: Path) -> None:
    corpus = _write(tmp_path / "corpus.jsonl", *({"id": name} for name in "abcdef"))
    # a, b and c are one story; d, e and f are stories of their own.
    truth = _write(tmp_path / "truth.jsonl", *({"id": name, "story": "a", "made": "same"} for name in "bc"))
    _write(tmp_path / "kept.jsonl", *({"id": name} for name in "ace"))
    _write(tmp_path / "kept.removed.jsonl", {"id": "b"})
    found = judge(corpus, truth, tmp_path)
    # b went rightly, c stayed, and d and f went with no copy left; of d and f there is no file.
    assert found == Removal(kept=3, set_aside=1, nowhere=2, precision=0.3333, recall=0.5, lost=2)
    assert judge(corpus, None, tmp_path) == Removal(3, 1, 2)
