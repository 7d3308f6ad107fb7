"""What is remembered of a chunk of records: arrays and bytes, made from the chunk alone.

Making it is most of the work and needs nothing but the chunk, so it may be done in another process and sent over.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpus_tools import cells
from corpus_tools.index.notes import Note, key_of, notes_of, packed
from corpus_tools.text.bare import bare_article
from corpus_tools.text.fingerprints import Fingerprints, Shingles, content_hashes, fingerprints_of
from corpus_tools.text.tokens import Tokens, blocks, tokens_of

_CREDIT_SLOTS = frozenset(
    ("dateline", "byline", "credit_line", "source_label", "feed_footer", "republication_notice")
)  # fmt: skip
_SHORT_WORDS = 40  # the words of a teaser are shared by many articles, so its title belongs to it
_TITLE_WORDS = 3  # "Opinion" or "Live updates" is a title of many articles
TELLING = np.uint64(1)
"""Bit of a title long enough to be one article's."""

RECORD = np.dtype(
    [
        (name, np.uint64)
        for name in ("content", "text", "title", "outlet", "page", "url", "canonical", "id", "named_keeper", "copies")
    ]
    + [("words", np.uint32)]
)
"""What is looked up of a record, as numbers: names are 64-bit hashes, 0 for none.

`content` is of the text as it stands, `text` of its bare article's words, and 0 where it has none. `named_keeper` is
the id that an earlier run gave as `duplicate_of`, `copies` how many records it said this one stands for.
"""


class Prepared(NamedTuple):
    """Some records, ready for a collection; `note_sizes` and `counts` say where each one's notes and tokens end."""

    records: NDArray[np.void]
    keys: NDArray[np.uint64]
    samples: NDArray[np.uint8]
    tokens: Tokens
    counts: NDArray[np.int64]
    notes: bytes
    note_sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.records)


def prepare(frame: pd.DataFrame) -> Prepared:
    """Read a chunk of records; the frame stays as it is.

    >>> made = prepare(pd.DataFrame({"id": ["a"], "text": ["The ferry sails again at dawn."]}))
    >>> made.counts.tolist(), made.keys.shape, made.records["words"].tolist()
    ([6], (1, 46), [6])
    """
    texts = [text or "" for text in cells.strings(frame, "text")]
    tokens, counts, prints, hashes = _read(_bare_articles(frame, texts))
    notes = notes_of(frame, texts, counts.tolist())
    joined, sizes = packed(notes)
    records = _records(notes, [title or "" for title in cells.strings(frame, "title")], hashes)
    return Prepared(records, *prints, tokens, counts, joined, np.array(sizes, np.int64))


def _bare_articles(frame: pd.DataFrame, texts: Sequence[str]) -> list[str]:
    chains = cells.lists(frame, "syndication_chain")
    return [bare_article(text, _credits(chain)) if chain else text for text, chain in zip(texts, chains, strict=True)]


def _credits(chain: list[Any]) -> list[tuple[str, int | None]]:
    return [
        (str(hop.get("evidence") or ""), hop.get("start"))
        for hop in chain
        if isinstance(hop, dict) and hop.get("field") == "text" and hop.get("slot") in _CREDIT_SLOTS
    ]


def _read(bare: Sequence[str]) -> tuple[Tokens, NDArray[np.int64], Fingerprints, Shingles]:
    """The tokens of bare articles, how many each has, their fingerprints, and the hashes of their words."""
    parts = []
    for block in blocks(bare) if bare else [[]]:
        tokens, counts = tokens_of(block)
        parts.append((tokens, counts, *fingerprints_of(tokens, counts), content_hashes(tokens, counts)))
    tokens, counts, keys, samples, hashes = map(np.concatenate, zip(*parts, strict=True))
    return tokens, counts, Fingerprints(keys, samples), hashes


def _records(notes: Sequence[Note], titles: Sequence[str], hashes: Shingles) -> NDArray[np.void]:
    records = np.zeros(len(notes), RECORD)
    title_words, title_counts = tokens_of(titles)
    title_keys = content_hashes(title_words, title_counts)
    title_keys = np.where(title_keys == 0, title_keys, title_keys & ~TELLING | (title_counts >= _TITLE_WORDS))
    words = np.array([note.words for note in notes], np.uint32)
    records["words"], records["title"] = words, title_keys
    records["text"] = np.where((words < _SHORT_WORDS) & (hashes != 0), hashes ^ (title_keys >> np.uint64(1)), hashes)
    records["content"] = [note.content for note in notes]
    records["copies"] = [note.copies or 0 for note in notes]
    names: dict[str, list[str | None]] = {
        "outlet": [note.outlet for note in notes],
        "page": [note.page for note in notes],
        "url": [note.url_key for note in notes],
        "canonical": [note.canonical_key for note in notes],
        "id": [note.id for note in notes],
        "named_keeper": [note.duplicate_of for note in notes],
    }
    # Most records name one page three times, and many records one outlet.
    keys = {name: key_of(name) for name in set(itertools.chain(*names.values()))}
    for column, some in names.items():
        records[column] = [keys[name] for name in some]
    return records
