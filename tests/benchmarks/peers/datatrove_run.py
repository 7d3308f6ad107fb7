"""datatrove: the first two stages of its MinHash pipeline, one process; the pairs of the second are joined here.

Its English tokenizer is spaCy's, which its extras do not install; words are split at spaces instead, which is faster.
"""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.utils.word_tokenizers import WordTokenizer
from measure import Clock, Union, arguments, texts_of


class _AtSpaces(WordTokenizer):
    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def main() -> None:
    """Signatures, buckets, pairs."""
    corpus, clusters, given = arguments()
    ids, texts = texts_of(corpus)
    config = MinhashConfig(n_grams=given["words"], num_buckets=given["buckets"], hashes_per_bucket=given["rows"])
    clock = Clock()
    union = Union(len(ids))
    with tempfile.TemporaryDirectory() as folder:
        documents = (Document(text=text, id=name) for name, text in zip(ids, texts, strict=True))
        signatures, pairs = f"{folder}/signatures", f"{folder}/pairs"
        sketch = MinhashDedupSignature(output_folder=signatures, config=config, language=_AtSpaces())
        for _ in sketch.run(documents, rank=0, world_size=1) or ():
            pass
        buckets = MinhashDedupBuckets(input_folder=signatures, output_folder=pairs, config=config)
        LocalPipelineExecutor(
            pipeline=[buckets], tasks=config.num_buckets, workers=1, logging_dir=f"{folder}/logs"
        ).run()
        for file in sorted(Path(pairs).glob("*.dups")):
            for _, one, _, other in struct.iter_unpack("<4I", file.read_bytes()):
                union.join(one, other)
    clock.report(clusters, ids, union.labels())


if __name__ == "__main__":
    main()
