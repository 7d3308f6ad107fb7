"""corpus_tools: mark_duplicates as a pipeline runs it, chunk by chunk, confirmation and choice of keepers included."""

from __future__ import annotations

import json
from itertools import islice

import pandas as pd
from measure import Clock, arguments

from corpus_tools.protocol import Log
from corpus_tools.steps.mark_duplicates import mark_duplicates


def main() -> None:
    """Three passes; reading the records is not counted, as it is not for the others."""
    corpus, clusters, _ = arguments()

    def chunks():
        with corpus.open("rb") as lines:
            while part := list(islice(lines, 2000)):
                yield pd.DataFrame([json.loads(line) for line in part])

    reading = Clock()
    for _ in chunks():
        pass
    cpu, wall = reading.seconds()
    state = mark_duplicates.start()
    clock = Clock(without=(2 * cpu, 2 * wall))
    for frame in chunks():
        state.add(mark_duplicates.prepare(frame))
    state.resolve()
    ids: list[str] = []
    labels: list[str] = []
    for frame in chunks():
        marked = mark_duplicates.mark(state.answer(len(frame)), frame, Log())
        ids += marked["id"].to_list()
        labels += marked["cluster_id"].where(marked["cluster_id"].notna(), marked["id"]).to_list()
    state.close()
    clock.report(clusters, ids, labels)


if __name__ == "__main__":
    main()
