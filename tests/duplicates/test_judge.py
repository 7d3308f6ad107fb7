import pytest

from corpus_tools.index.judge import Surroundings, judge
from corpus_tools.text.likeness import Likeness, compare, likenesses, print_of, prints_of, shared_by
from corpus_tools.text.tokens import tokens_of

from .articles import article, sentences_of


def like(one: str, other: str) -> Likeness:
    a, b = (print_of(tokens_of([text])[0]) for text in (one, other))
    assert compare(a, b) == compare(b, a)
    return compare(a, b)


REPORT = (
    "The palm oil futures contract closed {a} ringgit higher on the exchange on {day}, traders in the port said. "
    "The benchmark contract for delivery in the next month rose to {b} ringgit a tonne, after it had opened lower. "
    "Turnover on the market came to {c} lots, while open interest stood at {d} contracts at the end of the session. "
    "The physical price for delivery in the southern region was quoted at {e} ringgit a tonne by the board of millers."
)
MONDAY = REPORT.format(a=12, b=3950, c=41020, d=210330, e=3940, day="Monday")
FRIDAY = REPORT.format(a=57, b=4120, c=38115, d=207915, e=4105, day="Friday")


def test_yesterdays_report_with_todays_numbers_is_not_a_copy() -> None:
    assert judge(like(MONDAY, FRIDAY), Surroundings(same_title=True)).judgement == "different"


def test_a_report_and_itself_with_a_credit_is_a_copy() -> None:
    assert judge(like(MONDAY, MONDAY + " – Agency"), Surroundings()).judgement == "same"


def test_a_copy_without_its_last_third_is_the_same_article() -> None:
    whole = article(5)
    assert judge(like(whole, " ".join(sentences_of(whole)[:16])), Surroundings()).judgement == "same"


def test_a_teaser_belongs_to_the_article_it_opens() -> None:
    whole = article(5, 60)
    assert judge(like(whole, " ".join(sentences_of(whole)[:3])), Surroundings()).judgement == "same"


def test_one_item_of_a_round_up_is_borderline() -> None:
    item = article(6, 15)
    round_up = article(7) + item + article(8)
    assert judge(like(item, round_up), Surroundings()).judgement == "borderline"


def test_reports_that_share_a_statement_are_two_stories() -> None:
    statement = " ".join(sentences_of(article(9))[:3])
    assert judge(like(article(10) + statement, statement + article(11)), Surroundings()).judgement == "different"


def test_a_rewrite_of_half_an_article_is_borderline() -> None:
    lines = sentences_of(article(12))
    rewritten = " ".join(lines[:17] + sentences_of(article(13))[:7])
    assert judge(like(" ".join(lines), rewritten), Surroundings()).judgement == "borderline"


def test_a_page_rewritten_at_its_address_is_a_version() -> None:
    lines = sentences_of(article(14))
    rewritten = " ".join(lines[:10] + sentences_of(article(15)))
    assert judge(like(" ".join(lines), rewritten), Surroundings(same_page=True)).judgement == "same"


def test_a_feed_item_rewritten_at_its_address_is_a_version() -> None:
    before = "The ferry to the island ran aground before dawn, and nobody on board was hurt."
    after = "Nobody on board was hurt when before dawn the island ferry ran aground, its owner said."
    assert judge(like(before, after), Surroundings(same_page=True, other_title=True)).judgement == "same"


def test_another_text_at_one_address_is_borderline() -> None:
    assert (
        judge(like(article(16), article(17)), Surroundings(same_page=True, other_title=True)).judgement == "borderline"
    )


@pytest.mark.parametrize("title", [{"other_title": True}, {}])
def test_two_teasers_that_share_a_stock_phrase_are_two_stories(title: dict[str, bool]) -> None:
    one = "Subscribe to read the full story and many more from our newsroom in the harbour town: the ferry"
    other = "Subscribe to read the full story and many more from our newsroom in the harbour town: a new mayor speaks"
    assert judge(like(one, other), Surroundings(**title)).judgement == "different"


def test_a_brief_with_another_number_is_another_brief() -> None:
    brief = "A light earthquake of magnitude {} was felt along the northern coast this morning, nobody was hurt"
    assert judge(like(brief.format(4.1), brief.format(5.3)), Surroundings(same_title=True)).judgement == "different"


def test_texts_without_a_common_phrase_have_nothing_in_common() -> None:
    assert like(article(1), "") == Likeness(0.0, 0.0, 0.0, 0, 1.0, 0, 0, 0)


def test_pairs_that_are_looked_at_together_are_as_alike_as_each_by_itself() -> None:
    whole = article(18)
    lines = sentences_of(whole)
    turned = " ".join([*lines[9:], *lines[:9], *lines[2:4]])
    texts = [MONDAY, FRIDAY, whole, " ".join(lines[::2]), turned, article(19), "One brief.", ""]
    tokens = [tokens_of([text])[0] for text in texts]
    pairs = [(one, other) for one in range(len(texts)) for other in range(one)]
    alone = [compare(print_of(tokens[one]), print_of(tokens[other])) for one, other in pairs]
    prints = prints_of(tokens)
    assert likenesses([shared_by(prints[one], prints[other]) for one, other in pairs]) == alone
    assert len({like.aligned for like in alone}) >= 5
