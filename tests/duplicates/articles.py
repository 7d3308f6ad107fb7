"""Invented articles of any length: the same number gives the same article, two numbers share hardly a phrase."""

import random

_WHO = "the ferry company|a baker|the harbour office|our neighbour|the school board|a retired pilot|the choir".split(
    "|"
)
_DID = "refused|promised|forgot|painted|measured|sold|repaired|counted|borrowed|opened|lost|praised".split("|")
_WHAT = "lanterns|bridges|ledgers|orchards|sails|windows|kettles|tunnels|letters|meadows|bells|ropes".split("|")
_HOW = "slowly|twice|in public|without a word|at dawn|with great care|by mistake|for a month|under protest".split("|")
_LINK = "although|because|while|after|before|until|since|unless".split("|")


def sentence(dice: random.Random) -> str:
    """One sentence of about 20 words."""
    parts = [
        f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.randrange(2, 99)} {dice.choice(_WHAT)} {dice.choice(_HOW)}"
        for _ in range(3)
    ]
    text = f"{parts[0]} {dice.choice(_LINK)} {parts[1]} and {parts[2]}."
    return text[0].upper() + text[1:]


def article(number: int, sentences: int = 24) -> str:
    """Paragraphs of three sentences."""
    dice = random.Random(number)
    lines = [sentence(dice) for _ in range(sentences)]
    return "\n\n".join(" ".join(lines[at : at + 3]) for at in range(0, sentences, 3))


def sentences_of(text: str) -> list[str]:
    """The sentences of an article, in order."""
    return [line.strip() + "." for line in text.replace("\n\n", " ").split(".") if line.strip()]
