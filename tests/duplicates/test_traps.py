"""What looks like a copy and is none, and what is one and does not look it. All texts are invented."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from corpus_tools.chain import load_step

from .articles import article, sentences_of

CHAIN = ("trace_syndication", "strip_furniture", "flag_provenance", "mark_duplicates")
PROMISE = (
    "“We will not leave the pier until every passenger has been heard, every ticket paid back and every promise kept "
    "in writing by the people who made it,” the harbour master told reporters at a crowded meeting on Monday evening."
)
THREAT = (
    "“Nobody in this village will forget who stood with us in the rain that night and who looked away, and we shall "
    "say so at every election until the last of us is gone,” said the head of the fishermen's union, to long applause."
)
RECOMMENDED = "\n\n".join(f"{sentences_of(article(700 + number))[0][:90]}" for number in range(5))
CAPTION = (
    "Passengers wait for the first ferry of the morning at the pier of the lower village on Monday, 13 May 2024, after "
    "the service was suspended for a year because of the damaged bridge. (AP Photo/Ana Lim)"
)
ARABIC = (
    "العبارة الميناء القرية الركاب المدرسة الجسر الصيف الأطفال البحر الشركة التذاكر المدير قال أعلن رفض وعد باع افتتح "
    "بعد قبل منذ لأن العمال المجلس الصيادون السوق المطر الليل الصباح الطريق"
).split()
CHINESE = "渡轮码头乘客船长村庄学校桥梁花园灯笼市长渔民会议价格车票夏天冬天早晨夜晚河流大海公司工人学生老师孩子"
THAI = (
    "เรือ ท่าเรือ หมู่บ้าน ผู้โดยสาร โรงเรียน สะพาน ฤดูร้อน เด็ก ทะเล บริษัท ตั๋ว ผู้จัดการ ชาวประมง ตลาด ฝน กลางคืน ตอนเช้า ถนน ครู นักเรียน "
    "กล่าว ประกาศ ปฏิเสธ สัญญา ขาย เปิด ก่อน หลังจาก เพราะว่า ราคา โคมไฟ สวน นายกเทศมนตรี ประชุม แม่น้ำ ลูกเรือ"
).split()


def record(name: str, text: str, **more: Any) -> dict[str, Any]:
    page = f"https://www.{name}.example/news/one-two-three-{name}"
    return {"id": name, "text": text, "url": page, "source": name} | more


def on_bay(name: str, text: str, **more: Any) -> dict[str, Any]:
    return record(name, text, url=f"https://www.bay.example/news/one-two-three-{name}", source="bay") | more


def clusters(*records: dict[str, Any]) -> list[list[str]]:
    frame = pd.DataFrame(list(records))
    for name in CHAIN:
        frame = load_step(name)(frame)
    told: dict[str, list[str]] = {}
    for id_, cluster in zip(frame["id"], frame["cluster_id"], strict=True):
        if isinstance(cluster, str):
            told.setdefault(cluster, []).append(id_)
    return sorted(told.values())


def words_of(vocabulary: Sequence[str], seed: int, gap: str, stop: str, *, size: int) -> str:
    dice = random.Random(seed)
    return stop.join(gap.join(dice.choice(vocabulary) for _ in range(size)) for _ in range(30)) + stop


def market_report(day: str, seed: int) -> str:
    dice = random.Random(seed)
    names = dice.sample(
        "Acme Ferries|Bell Bridges|Corn Mills|Dawn Choirs|East Piers|Firth Sails|Gull Post".split("|"), 4
    )
    shares = ", ".join(f"{name} {dice.choice(['rose', 'lost'])} {dice.randrange(1, 20)} sen" for name in names)
    mood, breadth = dice.choice(["higher", "lower", "mixed"]), dice.choice(["positive", "negative"])
    gainers, losers, same = dice.randrange(300, 700), dice.randrange(200, 600), dice.randrange(300, 500)
    return (
        f"The harbour exchange closed {mood} on {day}. At 5pm the benchmark index stood at "
        f"{dice.uniform(1400, 1600):,.2f}, {dice.uniform(1, 20):.2f} points from the day before, and moved between "
        f"{dice.randrange(1400, 1500)} and {dice.randrange(1500, 1600)} throughout the session. Market breadth was "
        f"{breadth}, with gainers leading losers {gainers} to {losers}, while {same} counters were unchanged and "
        f"{dice.randrange(5, 60)} others suspended. Total volume stood at {dice.uniform(2, 5):.2f} billion units worth "
        f"{dice.uniform(1, 4):.2f} billion ringgit. Among the heavyweights, {shares}. Of the most active stocks, "
        f"{names[3]} added half a sen."
    )


def weather_report(seed: int) -> str:
    dice = random.Random(seed)
    towns = dice.sample("Bay|Marl|Cross|Firth|Dale|Moor|Ford|Pool".split("|"), 5)
    return (
        f"The weather office forecasts {dice.choice(['thunderstorms', 'light rain', 'heavy rain'])} over {towns[0]}, "
        f"{towns[1]} and {towns[2]} until {dice.randrange(1, 12)}pm today. Temperatures will range from "
        f"{dice.randrange(20, 25)} to {dice.randrange(30, 36)} degrees, with winds from the "
        f"{dice.choice(['south-west', 'north-east'])} at {dice.randrange(10, 40)} kilometres an hour. Waves of up to "
        f"{dice.randrange(1, 4)}.{dice.randrange(9)} metres are expected off {towns[3]} and {towns[4]}. Members of the "
        "public are advised to follow the office's pages for the latest information, and to call it with any question."
    )


def league_table(seed: int) -> str:
    dice = random.Random(seed)
    teams = "Bay|Marl|Cross|Firth|Dale|Moor|Ford|Pool|Quay|Wick".split("|")
    dice.shuffle(teams)
    rows = [
        f"{place}. {team} {dice.randrange(10, 38)} {dice.randrange(9)} {dice.randrange(10, 90)}"
        for place, team in enumerate(teams, 1)
    ]
    return "\n".join(["The league before the weekend", *rows, "The next round of matches takes place on Saturday."])


def live_blog(start: int) -> str:
    entries = sentences_of(article(50, 30))[start : start + 18]
    return "\n\n".join(f"{hour}:00 {entry}" for hour, entry in enumerate(entries, 6))


def report_with_quotes(number: int) -> str:
    own = sentences_of(article(60 + number, 16))
    return "\n\n".join([" ".join(own[:5]), PROMISE, " ".join(own[5:10]), THREAT, " ".join(own[10:])])


def words_of_signs(first: int, count: int, vowels: str, seed: int) -> str:
    """A text in a script without spaces: consonants from the code point `first` on, each with one of the vowels."""
    dice = random.Random(seed)
    words = ["".join(chr(first + dice.randrange(count)) + dice.choice(vowels) for _ in range(4)) for _ in range(60)]
    return " ".join("".join(dice.choice(words) for _ in range(9)) for _ in range(24))


def chinese_report(seed: int) -> str:
    dice = random.Random(seed)
    return "".join(
        f"{place}交易所今日收盘报{dice.randrange(1000, 9999)}点，较前一交易日{dice.choice('涨跌')}{dice.randrange(1, 99)}点，"  # noqa: E501  # wide
        f"成交额为{dice.randrange(100, 999)}亿元，其中{dice.randrange(100, 999)}只个股上涨，{dice.randrange(100, 999)}只下跌。"  # noqa: E501  # wide
        for place in ("海港", "北山", "东湖", "南岭", "西渡")
    )


def reworded(text: str, every: int) -> str:
    """Each so-many-th word replaced by another one."""
    dice = random.Random(5)
    words = text.split(" ")
    for at in range(every // 2, len(words), every):
        if words[at].isalpha() and words[at].islower():
            words[at] = "".join(dice.choice("abcdefghij") for _ in range(6))
    return " ".join(words)


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")
LONG_LIST = "\n\n".join(sentences_of(article(720 + number))[0] for number in range(14))
CAPTIONS = [
    f"Passengers at pier {n} wait for {' '.join(sentences_of(article(740 + n))[0].split()[:14])}" for n in range(6)
]
LONG = "\n\n".join(article(2000 + number, 30) for number in range(170))
SIGNS = {
    "Japanese": (0x3042, 60, "のをにはがで"),
    "Khmer": (0x1780, 30, "ាិីុូេ"),
    "Lao": (0x0E81, 4, "າິີຸູ"),
    "Burmese": (0x1000, 30, "ာိီုူ"),
    "Tibetan": (0x0F40, 28, "ིེོུ་"),
    "Hebrew": (0x05D0, 26, " אהוי"),
    "Devanagari": (0x0915, 34, " ािीु"),
}
STRANGERS = {
    "market reports": [on_bay(f"m{at}", market_report(day, at)) for at, day in enumerate(DAYS)],
    "market reports under one title": [
        on_bay(f"m{at}", market_report(day, at), title="How the exchange closed") for at, day in enumerate(DAYS)
    ],
    "market reports of several outlets": [record(f"m{at}", market_report(day, at)) for at, day in enumerate(DAYS)],
    "weather": [on_bay(f"w{at}", weather_report(at), title="The weather for today") for at in range(5)],
    "league tables": [on_bay(f"t{at}", league_table(at)) for at in range(5)],
    "live blogs of two days that share entries": [
        on_bay("one", live_blog(0), title="Day one, live"), on_bay("two", live_blog(12), title="Day two, live")
    ],
    "three outlets that share two long quotes": [
        record(f"q{at}", report_with_quotes(at), title="Passengers refuse to leave the pier") for at in range(3)
    ],
    "feed items of one headline": [
        record(f"f{at}", " ".join(sentences_of(article(80 + at))[:3]), title="Morning briefing for readers")
        for at in range(4)
    ],
    "pages told apart by their query": [
        record(f"p{at}", article(90 + at), url=f"https://bay.example/?p={at}", source="bay") for at in (1, 2)
    ],
    "recommended stories below unrelated ones": [
        record(f"r{at}", f"{article(130 + at, 5)}\n\n{RECOMMENDED}", title=f"Story {at}") for at in range(5)
    ],
    "one photo's caption above unrelated stories": [
        record(f"c{at}", f"{CAPTION}\n\n{article(150 + at, 6)}") for at in range(3)
    ],
    "one brief and the round-up that has it": [
        record("round", "\n\n".join(article(200 + at, 4) for at in range(5)), title="Five things to know today"),
        record("brief", article(202, 4), title="The third thing happened today"),
    ],
    "short stories above one long list of recommended ones": [
        record(f"l{at}", f"{article(160 + at, 3)}\n\n{LONG_LIST}", title=f"Story number {at}") for at in range(2)
    ],
    "press releases that end with the same words about the company": [
        record(f"b{at}", f"{article(170 + at, 6)}\n\n{article(169, 8)}", title=f"Release number {at}")
        for at in range(2)
    ],
    "two galleries that share most of their captions": [
        record(f"g{at}", "\n\n".join([article(180 + at, 5), *CAPTIONS, article(190 + at, 4)]), title=f"Pictures {at}")
        for at in range(2)
    ],
    "headlines that differ by one word": [
        record(f"k{at}", f"The council of the lower village votes to {verb} the old bridge at the harbour")
        for at, verb in enumerate(("keep", "close", "widen"))
    ],
    "Chinese market reports": [record(f"y{at}", chinese_report(at)) for at in range(3)],
    **{
        f"{name} articles": [record(f"s{at}", words_of_signs(first, count, vowels, at)) for at in range(3)]
        for name, (first, count, vowels) in SIGNS.items()
    },
    "Chinese articles": [record(f"z{at}", words_of(CHINESE, at, "", "。", size=20)) for at in range(3)],
    "Arabic articles": [record(f"a{at}", words_of(ARABIC, at, " ", ". ", size=12)) for at in range(3)],
    "Thai articles": [record(f"h{at}", words_of(THAI, at, "", " ", size=9)) for at in range(3)],
}  # fmt: skip
PARAGRAPHS = article(120).split("\n\n")
FOREIGN = article(121).split("\n\n")
TELEGRAM = words_of(CHINESE, 7, "", "。", size=20)
COPIES = {
    "a column under another headline": [
        record("one", article(100), title="Why ferries matter", author="Ana Lim"),
        record("two", article(100), title="The sea belongs to all of us", author="Ana Lim"),
    ],
    "a teaser that breaks off": [
        record("one", article(110), title="The bridge opens"),
        record("two", article(110)[:380] + " […]", title="The bridge opens"),
    ],
    "a copy with two foreign paragraphs for every three": [
        record("one", "\n\n".join(PARAGRAPHS)),
        record(
            "two",
            "\n\n".join(
                f"{mine}\n\n{yours}" if at % 3 else mine
                for at, (mine, yours) in enumerate(zip(PARAGRAPHS, FOREIGN, strict=True))
            ),
        ),
    ],
    "a market report and its copy": [
        record("one", market_report("Monday", 1)), record("two", market_report("Monday", 1) + " – Bernama")
    ],
    "one page with two ways to reach it": [
        record(f"p{at}", article(90), url=f"https://bay.example/?p=1&utm_source=s{at}", source="bay") for at in (1, 2)
    ],
    "a copy with every fourteenth word replaced": [
        record("one", article(122, 30)), record("two", reworded(article(122, 30), 14))
    ],
    "one headline and opening, cut and dressed by another outlet": [
        record("one", article(123, 24), title="The council of the lower village keeps its bridge"),
        record(
            "two",
            " ".join(sentences_of(article(123, 24))[:16]) + "\n\n" + " ".join(sentences_of(article(124, 9))),
            title="The council of the lower village keeps its bridge",
        ),
    ],
    "a text of 100,000 words and its reprint": [
        record("one", LONG), record("two", "Reprinted with permission. " + LONG[: len(LONG) * 4 // 5])
    ],
    "one canonical address, fetched under two": [
        record(
            f"p{at}", " ".join(sentences_of(article(125))[at * 12 :][:18]), source="bay",
            url=f"https://bay.example/{at}/a-b-c-d", canonical_url="https://bay.example/2024/the-long-bridge-opens",
        )
        for at in (0, 1)
    ],
    **{
        f"a {name} story and its reprint": [
            record("one", words_of_signs(first, count, vowels, 7)),
            record("two", words_of_signs(first, count, vowels, 7)[: -len(vowels) * 9]),
        ]
        for name, (first, count, vowels) in SIGNS.items()
    },
    "a Chinese telegram and its reprint": [
        record("one", f"新华社北京9月12日电 {TELEGRAM}"), record("two", f"{TELEGRAM}\n来源：新华网")
    ],
    "an Arabic story and its reprint": [
        record("one", words_of(ARABIC, 7, " ", ". ", size=12)),
        record("two", words_of(ARABIC, 7, " ", ". ", size=12) + "(رويترز)"),
    ],
    "a Thai story and its reprint": [
        record("one", words_of(THAI, 7, "", " ", size=9)), record("two", words_of(THAI, 7, "", " ", size=9) + "อ่านต่อ")
    ],
}  # fmt: skip


@pytest.mark.parametrize("trap", STRANGERS)
def test_stories_that_look_alike_stay_apart(trap: str) -> None:
    assert clusters(*STRANGERS[trap]) == []


@pytest.mark.parametrize("kind", COPIES)
def test_copies_in_other_dress_are_found(kind: str) -> None:
    assert clusters(*COPIES[kind]) == [[copy["id"] for copy in COPIES[kind]]]


def test_one_event_with_later_numbers_is_left_to_a_person() -> None:
    lines = sentences_of(article(210, 20))
    state = "At the pier at least {} people were hurt, and before nightfall some {} had left the village by boat."
    early, late = (
        " ".join([lines[0], state.format(*numbers), *lines[1:]]) for numbers in (("12", "340"), ("19", "512"))
    )
    assert flags(record("early", early), record("late", late)) == {"early": ["DU003"], "late": ["DU003"]}


def test_a_brief_that_differs_by_a_word_is_left_to_a_person() -> None:
    brief = (
        "the ferry company said that nobody was hurt when its oldest boat ran onto a bank of sand in thick fog near "
        "the {} village early on this quiet morning"
    )
    found = flags(record("one", brief.format("upper")), record("two", brief.format("lower")))
    assert found == {"one": ["DU003"], "two": ["DU003"]}


def flags(*records: dict[str, Any]) -> dict[str, list[str]]:
    frame = load_step("mark_duplicates")(pd.DataFrame(list(records)))
    return dict(zip(frame["id"], frame["flags"], strict=True))
