"""Generate a news corpus of any size: invented articles, planted copies, planted damage.

    python tests/benchmarks/generate.py --records 200000 > corpus.jsonl

Records are about 2.7 kB. One in eight is a copy of an earlier one (as it is, trimmed, or dressed with a credit line,
a feed footer and furniture; `planted` names the original), one in fifteen has damaged characters. The same arguments
give the same bytes. It stands for size and shape, not for the difficulty of real pages.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator


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
THINGS = _words("""
    the lift bridge | a new ferry | the grain store | the old tannery | the tram line | a flood wall | the night
    school | the fish market | a wind farm | the public library | the tin smelter | a bicycle path | the
    reservoir | the choir hall | the customs house | a row of street lamps | the orchard estate | the weather
    station
""")
ACTS = _words("""
    reopen | close for repairs | be sold to a cooperative | cost more than planned | be inspected again | move
    to the harbour | employ fewer people | be named after its founder | run without public money | serve the
    outlying villages | be rebuilt in brick | lose its licence | open two hours earlier | be handed to the
    county
""")
WHEN = _words("""
    before the first frost | in the spring | by the end of the month | after the elections | once the rain stops
    | within three weeks | on Thursday | next year | when the grant arrives | as soon as the road is clear
""")
WHY = _words("""
    because the timber has rotted | since the old contract ran out | although nobody had asked for it | to the
    relief of the shopkeepers | against the advice of two committees | after a winter of complaints | as the
    council had promised | despite a shortage of bricklayers | following a vote that took all night
""")
OUTLETS = _words("""
    Ellery Courier | Farrow Bay Herald | Coastwatch | The Upper Marl Gazette | Kettle Cross Star | Harbour Post
""")


def sentence(dice: random.Random) -> str:
    """One sentence that is most likely in no other article."""
    who, role, where = dice.choice(PEOPLE), dice.choice(ROLES), dice.choice(PLACES)
    what, act, when, why = dice.choice(THINGS), dice.choice(ACTS), dice.choice(WHEN), dice.choice(WHY)
    number = dice.randrange(11, 9900)
    return dice.choice(
        (
            f"{who}, {role} of {where}, said {what} would {act} {when}, {why}.",
            f"In {where} {what} will {act} {when} {why}, and {number} households are affected.",
            f"“We counted {number} of them, {why},” {who} said of the plan that {what} should {act}.",
            f"The {role} told a meeting in {where} that {number} crowns a day were lost {why}.",
            f"{why.capitalize()}, {what} in {where} has to {act} {when}, according to {who}.",
            f"A report of {number} pages found that {what} could {act} {when} if {where}’s {role} agreed.",
        )
    )


def article(dice: random.Random, number: int) -> dict[str, object]:
    """One article of about 2.2 kB of text."""
    paragraphs = [" ".join(sentence(dice) for _ in range(dice.randint(2, 4))) for _ in range(dice.randint(4, 7))]
    outlet = dice.choice(OUTLETS)
    host = outlet.lower().replace("the ", "").replace(" ", "") + ".example"
    day = f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return {
        "id": f"g{number:08}",
        "url": f"https://{host}/{day}/{number}",
        "title": sentence(dice).rstrip("."),
        "text": "\n\n".join(paragraphs),
        "source": outlet,
        "author": dice.choice(PEOPLE),
        "published_at": f"{day}T{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:00Z",
        "retrieved_at": "2025-01-02T00:00:00Z",
        "language": "en",
        "planted": None,
    }


def copy_of(dice: random.Random, original: dict[str, object], number: int) -> dict[str, object]:
    """A copy as another outlet prints it: the same, trimmed, or dressed."""
    outlet = dice.choice([name for name in OUTLETS if name != original["source"]])
    host = outlet.lower().replace("the ", "").replace(" ", "") + ".example"
    paragraphs = str(original["text"]).split("\n\n")
    kind = dice.choice(("same", "trimmed", "dressed"))
    if kind == "trimmed":
        paragraphs = paragraphs[: max(3, round(len(paragraphs) * dice.uniform(0.65, 0.9)))]
    if kind == "dressed":
        footer = f"The post {original['title']} appeared first on {original['source']}."
        paragraphs = [*paragraphs[:2], "Advertisement", *paragraphs[2:], footer, "You may also like"]
    return original | {
        "id": f"g{number:08}",
        "url": f"https://{host}/{number}",
        "source": outlet,
        "text": "\n\n".join(paragraphs),
        "planted": original["id"],
    }


def corpus(records: int, seed: int) -> Iterator[dict[str, object]]:
    """The records, in a fixed order; memory does not grow with their number."""
    dice = random.Random(seed)
    recent: list[dict[str, object]] = []
    for number in range(records):
        if recent and dice.random() < 1 / 8:
            record = copy_of(dice, dice.choice(recent), number)
        else:
            record = article(dice, number)
            recent = [*recent[-499:], record]
        if dice.random() < 1 / 15:
            broken = str(record["text"]).encode("utf-8").decode("cp1252", errors="ignore")
            record = record | {"text": broken}
        yield record


def main() -> None:
    """Write the corpus to stdout."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    for record in corpus(given.records, given.seed):
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
