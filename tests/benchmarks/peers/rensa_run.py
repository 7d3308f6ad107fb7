"""rensa: its deduplicator as its manual shows it (words as tokens), or R-MinHash of word shingles with its LSH."""

from __future__ import annotations

from measure import Clock, Union, arguments, texts_of, word_shingles
from rensa import RMinHash, RMinHashDeduplicator, RMinHashLSH

_AT_ONCE = 1000


def main() -> None:
    """Sketch a thousand texts at once, which uses all cores; ask for those before each, and insert it."""
    corpus, clusters, given = arguments()
    ids, texts = texts_of(corpus)
    clock = Clock()
    union = Union(len(ids))
    manual = "bands" not in given
    if manual:
        known = RMinHashDeduplicator(threshold=given["threshold"], num_perm=given["num_perm"], use_lsh=True)
    else:
        known = RMinHashLSH(given["threshold"], given["num_perm"], given["bands"])
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        tokens = [text.split() if manual else list(word_shingles(text, given["words"])) for text in part]
        for number, sketch in enumerate(RMinHash.from_token_sets(tokens, given["num_perm"], 42), start):
            for other in known.get_duplicates(sketch) if manual else known.query(sketch):
                union.join(number, int(other))
            if manual:
                known.add(str(number), sketch)
            else:
                known.insert(number, sketch)
    clock.report(clusters, ids, union.labels())


if __name__ == "__main__":
    main()
