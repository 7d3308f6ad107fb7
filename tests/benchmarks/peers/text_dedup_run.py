"""text-dedup: its command `text_dedup.minhash`, on a data set on disk, and the clusters it leaves behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

from datasets import Dataset
from measure import Clock, arguments, texts_of
from text_dedup import minhash


def main() -> None:
    """Its options are the settings; reading and writing data sets is part of the command, and counted."""
    corpus, clusters, given = arguments()
    ids, texts = texts_of(corpus)
    with tempfile.TemporaryDirectory() as folder:
        stored, out = str(Path(folder) / "in"), str(Path(folder) / "out")
        Dataset.from_dict({"text": texts}).save_to_disk(stored)
        del texts
        clock = Clock()
        options = [f"--{name}={value}" for name, value in given.items()]
        minhash.main(
            ["--path", stored, "--local", "--output", out, "--column", "text", "--num_proc", "1", *options],
            standalone_mode=False,
        )
        clock.report(clusters, ids, [minhash.uf.find(number) for number in range(len(ids))])


if __name__ == "__main__":
    main()
