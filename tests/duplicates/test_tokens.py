import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.text.tokens import NAME, NUMBER, WORD, tokens_of


def words(text: str) -> list[int]:
    return (tokens_of([text])[0] & WORD).tolist()


def test_case_width_and_punctuation_make_no_difference() -> None:
    assert words("The ＢＡＮＫ’s rates—again!") == words("the bank's rates again")


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert words("caf\u00e9 Saint-\u00c9loi") == words("cafe\u0301 saint e\u0301loi")


def test_invisible_characters_do_not_split_a_word() -> None:
    assert words("news\u00adpaper ze\u200bro \ufeffday") == words("newspaper zero day")


def test_marks_belong_to_their_word() -> None:
    assert len(words("समाचार पत्र")) == 2


def test_scripts_without_spaces_give_one_word_a_character() -> None:
    assert len(words("新聞abc新")) == 4
    assert len(words("서울 신문")) == 2


def test_the_order_of_letters_counts() -> None:
    assert words("dog") != words("god")


def test_numbers_and_names_are_known() -> None:
    tokens, _ = tokens_of(["In May 14 ships"])
    assert [bool(t & NUMBER) for t in tokens] == [False, False, True, False]
    assert [bool(t & NAME) for t in tokens] == [True, True, False, False]


def test_empty_texts_and_lone_surrogates_are_no_trouble() -> None:
    assert tokens_of(["", "\ud800", " ", "a\udfffb"])[1].tolist() == [0, 0, 0, 2]
    assert tokens_of([])[1].tolist() == []


@given(st.lists(st.text(max_size=40), max_size=12))
def test_a_text_has_the_same_tokens_whatever_stands_before_it(texts: list[str]) -> None:
    tokens, counts = tokens_of(texts)
    alone = [tokens_of([text])[0] for text in texts]
    assert counts.tolist() == [len(found) for found in alone]
    assert tokens.tolist() == np.concatenate([np.empty(0, np.uint32), *alone]).tolist()
