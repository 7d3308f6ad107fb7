"""A small corpus with everything that only reading order can tell: taken ids, carried places, changing keys, damage."""

from __future__ import annotations

import random
from collections.abc import Iterator

import orjson

from ..benchmarks.generate import corpus


def lines(records: int, seed: int = 7) -> Iterator[bytes]:
    """Lines of JSON, some of them broken; the same for the same arguments."""
    dice = random.Random(seed)
    texts: list[dict[str, object]] = []
    for number, (whole, _) in enumerate(corpus(records, seed)):
        record = dict(whole)
        record["text"] = str(record["text"])[:400]
        kind = dice.randrange(12)
        if kind in (0, 1):
            record.pop("id")
            if texts and kind:
                record = dict(dice.choice(texts))  # the same again: its id gets a number
            texts.append(record)
        elif kind == 2:
            record["id"] = dice.choice(("twice", f"g{max(number - 9, 0):08}", 17))
        elif kind == 3:
            record = {"source_file": f"first{number // 40}.jsonl", "source_line": number, **record, "flags": ["PR002"]}
        elif kind == 4:
            record = {"body": record.pop("text"), "link": record.pop("url"), **record, "extra": {"n": [number, None]}}
        elif kind == 5:
            record["published_at"] = dice.choice(("soon", "", "Thu, 11 Jan 2024 07:00:00 +0100"))
        elif kind == 6:
            yield dice.choice((b"", b"   ", b"{broken", b"[1]", b'{"text": "caf\xe9"}', b'{"text": "\\ud800"}'))
        yield orjson.dumps(record) + (b"\r" if kind == 7 else b"")
