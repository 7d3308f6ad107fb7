"""A key that very many texts share costs as much as they are, in whatever bucket it ends."""

from pathlib import Path

import numpy as np
import pytest

from corpus_tools.cluster.candidates import pair_bucket
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import BAND, PAIR
from corpus_tools.cluster.store import Store, scattered
from corpus_tools.settings import Settings

MOST_PAIRS_A_TEXT = 4


@pytest.mark.parametrize("texts", [100, 20_000])
def test_texts_that_all_share_a_key_give_a_few_pairs_each(tmp_path: Path, texts: int) -> None:
    job = Job(Store(f"{tmp_path}/.work"), Store(str(tmp_path)), Settings(), "hot", parts=2, buckets=1)
    rows = np.zeros(texts, BAND)
    rows["key"], rows["text"] = 7 << 32, np.random.default_rng(5).permutation(texts) + 1
    for part, some in enumerate(np.array_split(rows, job.parts)):
        job.work.send("bands", part, scattered(some, some["text"], job.buckets), job.buckets)
    found = pair_bucket(job, 0)
    assert texts - 1 <= found <= MOST_PAIRS_A_TEXT * texts
    pairs = job.work.rows("pairs", job.buckets, 0, PAIR)
    assert len(np.unique(np.concatenate([pairs["one"], pairs["other"]]))) == texts
