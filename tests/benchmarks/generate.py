"""Generate a news corpus of any size: invented articles, planted copies, planted traps, planted damage.

    python -m tests.benchmarks.generate --records 200000 --truth truth.jsonl > corpus.jsonl

Records are about 2.7 kB. One in eight is a copy of an earlier one, edited in one of the ways that `EDITS` names; one in
thirty is a trap: a daily report filled in anew, or a page that shares a long list of headlines or two long quotes with
pages of its outlet; one in fifteen has damaged characters. With `--copies` so many edited copies of the first record
follow, as of a release that everybody prints. `planted` names the original, and the truth file says of
each copy or trap which story it is and how it was made. The same arguments give the same bytes, and memory does not
grow with the number of records. It stands for size and shape, not for the difficulty of real pages.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path


def _words(table: str) -> list[str]:
    return [word.strip() for word in " ".join(table.split()).split("|")]


PEOPLE = _words("""
    Ifeoma Carrington | Leopold Anquetil | Maren Okafor | Tobias Renn | Sirin Valtonen | Eulalia Ferrandis |
    Wiebke Trautmann | Nadir Bellweather | Oona Przybylski | Caspian Adeyemi | Hedda Lonsdale | Ravindra
    Mukherjee | Ysolde Tan | Piers Achterberg | Solveig Marchetti | Dunstan Oyelaran | Mireille Quispe | Ansel
    Whitcombe | Rukmini Delacroix | Bram Teklu
""")
ROLES = _words("""
    mayor | harbour master | head teacher | chief engineer | minister | fisheries officer | union secretary |
    curator | bus driver | director of the clinic | spokesman for the railway | owner of the mill | chair of the
    water board | meteorologist
""")
PLACES = _words("""
    Farrow Bay | Saint Orrin | Westhaven | Port Ellery | Dunmore | Villarrubia | Hohenwaldau | Verkhnaya Talitsa
    | Sungai Lembu | Bréville | Linxi | Kettle Cross | Upper Marl | Ostrava Hill | Little Cuyler | Bangka Laut |
    Tidewater | Gourdane
""")
WHEN = _words("""
    before the first frost | in the spring | by the end of the month | after the elections | once the rain stops
    | within three weeks | on Thursday | next year | when the grant arrives | as soon as the road is clear
""")
OUTLETS = _words("""
    Ellery Courier | Farrow Bay Herald | Coastwatch | The Upper Marl Gazette | Kettle Cross Star | Harbour Post
""")
ADJECTIVES = _words("""
    rusty | narrow | borrowed | unfinished | freshly painted | half empty | noisy | distant | second-hand | crooked |
    well kept | forgotten | shallow | expensive | temporary | draughty | popular | leaking | northern | refurbished |
    privately run | abandoned | overcrowded | solid | wooden | floating | municipal | remote | listed | ordinary
""")
NOUNS = _words("""
    pump | lantern | granary | ledger | gangway | orchard | kiln | signal box | footbridge | ferry | bandstand | mill
    | tannery | reservoir | crane | schoolyard | lighthouse | warehouse | tramline | greenhouse | chapel | quarry |
    weighbridge | aqueduct | boathouse | clinic | archive | depot | market hall | causeway | bakery | slipway
""")
VERBS = _words("""
    inspected | sold | repaired | measured | fenced off | insured | photographed | rented out | emptied | heated |
    surveyed | auctioned | widened | locked | cleaned | counted | moved | lit | raised | dismantled | painted |
    connected | defended | renamed | drained | guarded | extended | shared
""")
ADVERBS = _words("""
    slowly | by hand | at dawn | without a permit | under protest | with great care | overnight | twice | in public |
    for nothing | at a loss | by mistake | in good faith | on short notice | as agreed | in silence
""")
CLAUSES = _words("""
    although | because | while | after | before | since | unless | until | so that | as soon as
""")


def clause(dice: random.Random) -> str:
    """Some ten words that are most likely in no other article."""
    choose = dice.choice
    form = dice.randrange(4)
    number = dice.randrange(11, 9900)
    if form == 0:
        return f"the {choose(ROLES)} {choose(VERBS)} {number} {choose(ADJECTIVES)} {choose(NOUNS)}s {choose(ADVERBS)}"
    if form == 1:
        return f"a {choose(ADJECTIVES)} {choose(NOUNS)} near {choose(PLACES)} was {choose(VERBS)} {choose(ADVERBS)}"
    if form == 2:
        return f"{choose(PEOPLE)} {choose(VERBS)} the {choose(NOUNS)} of {choose(PLACES)} {choose(WHEN)}"
    return f"every {choose(NOUNS)} in {choose(PLACES)} {choose(VERBS)} {choose(ADVERBS)} cost {number} crowns"


def sentence(dice: random.Random) -> str:
    """One sentence that is most likely in no other article."""
    form = dice.randrange(5)
    if form == 0:
        return f"{dice.choice(PEOPLE)} said {clause(dice)}, {dice.choice(CLAUSES)} {clause(dice)}."
    if form == 1:
        return (
            f"“In the end {clause(dice)},” said {dice.choice(PEOPLE)}, {dice.choice(ROLES)} of {dice.choice(PLACES)}."
        )
    text = f"{clause(dice)} {dice.choice(CLAUSES)} {clause(dice)}."
    return text[0].upper() + text[1:]


def paragraphs(dice: random.Random) -> list[str]:
    """The paragraphs of an article of about 2.2 kB."""
    return [" ".join(sentence(dice) for _ in range(dice.randint(2, 4))) for _ in range(dice.randint(4, 7))]


Edit = Callable[[random.Random, list[str], dict[str, object]], list[str]]


def same(_dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """As it is."""
    return parts


def furniture(dice: random.Random, parts: list[str], record: dict[str, object]) -> list[str]:
    """Share buttons, an advertisement, a feed footer and a list of other stories."""
    others = [clause(dice).capitalize() for _ in range(dice.randint(2, 5))]
    footer = f"The post {record['title']} appeared first on {record['source']}."
    middle = dice.randint(1, len(parts) - 1)
    return [
        "Share Tweet Email Print",
        *parts[:middle],
        "Advertisement",
        *parts[middle:],
        footer,
        "You may also like",
        *others,
    ]


def credit(dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """Another dateline, byline and credit line."""
    agency, place = dice.choice(("Coastwatch", "Marl Wire", "North Sea News")), dice.choice(PLACES).upper()
    return [f"By {dice.choice(PEOPLE)}", f"{place}, May 14 ({agency}) -- {parts[0]}", *parts[1:], f"– {agency}"]


def cut(dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """Up to half of it gone: its end, or paragraphs here and there."""
    keep = max(2, round(len(parts) * dice.uniform(0.5, 0.9)))
    return parts[:keep] if dice.random() < 0.6 else [parts[at] for at in sorted(dice.sample(range(len(parts)), keep))]


def extended(dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """One to three paragraphs of the outlet's own."""
    parts = list(parts)
    for _ in range(dice.randint(1, 3)):
        parts.insert(dice.randint(1, len(parts)), " ".join(sentence(dice) for _ in range(dice.randint(1, 3))))
    return parts


_PLAIN = [word for table in (ADJECTIVES, NOUNS, VERBS) for word in table if " " not in word]


def _reworded(dice: random.Random, parts: list[str], share: float) -> list[str]:
    made = []
    for part in parts:
        words = part.split(" ")
        for at, word in enumerate(words):
            if word.isalpha() and word.islower() and len(word) > 3 and dice.random() < share:
                words[at] = dice.choice(_PLAIN)
        made.append(" ".join(words))
    return made


def reworded(dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """One to six of a hundred longer words replaced."""
    return _reworded(dice, parts, dice.uniform(0.01, 0.06))


def rewritten(dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """Six to fourteen of a hundred longer words replaced."""
    return _reworded(dice, parts, dice.uniform(0.06, 0.14))


def mojibake(_dice: random.Random, parts: list[str], _record: dict[str, object]) -> list[str]:
    """Characters damaged as by a wrong encoding, and quotes and dashes of another style."""
    text = "\n\n".join(parts).replace(" a ", " a\u00a0").replace(", ", " – ", 3)
    return text.encode("utf-8").decode("cp1252", errors="ignore").split("\n\n")


def retitled(dice: random.Random, parts: list[str], record: dict[str, object]) -> list[str]:
    """Another headline, and a sentence less."""
    record["title"] = sentence(dice).rstrip(".")
    return [*parts[:-1], parts[-1].rpartition(". ")[0] + "." if ". " in parts[-1] else parts[-1]]


def mixed(dice: random.Random, parts: list[str], record: dict[str, object]) -> list[str]:
    """Cut, reworded, credited and dressed."""
    for edit in (cut, reworded, credit, furniture):
        parts = edit(dice, parts, record)
    return parts


EDITS: tuple[Edit, ...] = (same, furniture, credit, cut, extended, reworded, rewritten, mojibake, retitled, mixed)


def market_report(dice: random.Random) -> list[str]:
    """Today's numbers in a form that appears every day."""
    a, b, c, d, e = (dice.randrange(10, 9900) for _ in range(5))
    shares = ", ".join(
        f"{name} {dice.choice(('rose', 'lost'))} {dice.randrange(1, 40)} crowns"
        for name in dice.sample([*PLACES, *PEOPLE], 8)
    )
    return [
        (
            f"The grain exchange of {dice.choice(PLACES)} closed {dice.choice(('higher', 'lower', 'mixed'))} on "
            f"{dice.choice(('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'))}, traders said."
        ),
        (
            f"The benchmark contract for delivery in the next month stood at {a} crowns a tonne, after it had opened "
            f"at {b}, and turnover on the market came to {c} lots at the end of the session."
        ),
        f"Open interest was {d} contracts. Among the companies that are traded most, {shares}.",
        (
            f"The physical price for delivery in the southern region was quoted at {e} crowns a tonne by the board of "
            "millers, which meets again next week to review the rules for storage, insurance and weighing."
        ),
    ]


def article(dice: random.Random, number: int, parts: list[str] | None = None) -> dict[str, object]:
    """One record; its text is an article of about 2.2 kB unless `parts` are given."""
    outlet = dice.choice(OUTLETS)
    day = f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return {
        "id": f"g{number:08}",
        "url": f"https://{_host(outlet)}/{day}/{number}",
        "title": sentence(dice).rstrip("."),
        "text": "\n\n".join(parts or paragraphs(dice)),
        "source": outlet,
        "author": dice.choice(PEOPLE),
        "published_at": f"{day}T{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:00Z",
        "retrieved_at": "2025-01-02T00:00:00Z",
        "language": "en",
        "planted": None,
    }


def _host(outlet: str) -> str:
    return outlet.lower().replace("the ", "").replace(" ", "") + ".example"


def copy_of(dice: random.Random, original: dict[str, object], number: int) -> tuple[dict[str, object], str]:
    """A copy as another outlet prints it, and how it was edited."""
    outlet = dice.choice([name for name in OUTLETS if name != original["source"]])
    edit = dice.choice(EDITS)
    record = original | {
        "id": f"g{number:08}",
        "url": f"https://{_host(outlet)}/{number}",
        "source": outlet,
        "planted": original["id"],
    }
    parts = edit(dice, str(original["text"]).split("\n\n"), record)
    return record | {"text": "\n\n".join(parts)}, edit.__name__


class _Traps:
    """Records that look like copies and are none."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._lists = {name: [clause(dice).capitalize() for _ in range(30)] for name in OUTLETS}
        self._quotes = [f"“{clause(dice).capitalize()}, and {clause(dice)},” {clause(dice)}." for _ in range(4)]

    def record(self, number: int) -> tuple[dict[str, object], str]:
        """One trap, and what kind it is."""
        dice = self._dice
        kind = dice.choice(("daily report", "shared list", "shared quotes"))
        if kind == "daily report":
            record = article(dice, number, market_report(dice))
            return record | {"title": "How the grain exchange closed"}, kind
        record = article(dice, number)
        parts = str(record["text"]).split("\n\n")
        if kind == "shared list":
            parts = [*parts[:1], "You may also like", *self._lists[str(record["source"])]]
        else:
            parts = [parts[0], self._quotes[0], parts[1], self._quotes[1], *parts[2:3], *self._quotes[2:]]
        return record | {"text": "\n\n".join(parts)}, kind


def corpus(records: int, seed: int, copies: int = 0) -> Iterator[tuple[dict[str, object], str]]:
    """The records, in a fixed order, each with how it was made: "" for an article of its own."""
    dice = random.Random(seed)
    recent: list[dict[str, object]] = []
    traps = _Traps(dice)
    release: dict[str, object] = {}
    for number in range(records):
        made, chance = "", dice.random()
        if recent and chance < 1 / 8:
            record, made = copy_of(dice, dice.choice(recent), number)
        elif chance < 1 / 8 + 1 / 30:
            record, made = traps.record(number)
        else:
            record = article(dice, number)
            recent.append(record)
            if len(recent) > 1000:
                del recent[:500]
        if dice.random() < 1 / 15:
            broken = str(record["text"]).encode("utf-8").decode("cp1252", errors="ignore")
            record = record | {"text": broken}
        release = release or record
        yield record, made
    for number in range(records, records + copies):
        yield copy_of(dice, release, number)


def write(
    records: int, seed: int, lines: Callable[[str], object], truth: Callable[[str], object] | None, copies: int = 0
) -> None:
    """Hand over the records and what is true of them, as lines of JSON."""
    for record, made in corpus(records, seed, copies):
        lines(json.dumps(record, ensure_ascii=False) + "\n")
        if made and truth is not None:
            row = {"id": record["id"], "story": record["planted"] or record["id"], "made": made}
            truth(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    """Write the corpus to stdout."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--copies", type=int, default=0, help="of the first record, behind the others")
    ask.add_argument("--truth", type=Path, help="where the truth about copies and traps goes")
    given = ask.parse_args()
    if given.truth is None:
        write(given.records, given.seed, sys.stdout.write, None, given.copies)
        return
    with given.truth.open("w", encoding="utf-8") as truth:
        write(given.records, given.seed, sys.stdout.write, truth.write, given.copies)


if __name__ == "__main__":
    main()
