"""datasketch: MinHash and MinHashLSH; texts that a query brings up are joined."""

from __future__ import annotations

from datasketch import MinHash, MinHashLSH
from measure import Clock, Union, arguments, texts_of, word_shingles


def main() -> None:
    """Sketch all texts in one bulk, insert each and ask for those before it."""
    corpus, clusters, given = arguments()
    ids, texts = texts_of(corpus)
    clock = Clock()
    bands = {"params": tuple(given["bands"])} if "bands" in given else {"threshold": given["threshold"]}
    index = MinHashLSH(num_perm=given["num_perm"], **bands)
    union = Union(len(ids))
    shingles = ([part.encode() for part in word_shingles(text, given["words"])] for text in texts)
    for number, sketch in enumerate(MinHash.generator(shingles, num_perm=given["num_perm"])):
        for other in index.query(sketch):
            union.join(number, other)
        index.insert(number, sketch)
    clock.report(clusters, ids, union.labels())


if __name__ == "__main__":
    main()
