import numpy as np

from corpus_tools.index.bands import decoded, likely, pairs_by_key
from corpus_tools.index.sorted_file import distinct
from corpus_tools.text.fingerprints import content_hashes, fingerprints_of, shingles
from corpus_tools.text.tokens import tokens_of

from .articles import article, sentences_of


def keys(*texts: str) -> np.ndarray:
    return fingerprints_of(*tokens_of(texts)).keys


def share(one: str, other: str) -> int:
    a, b = keys(one, other)
    return int(((a == b) & (a != 0)).sum())


def test_an_edited_copy_shares_a_key() -> None:
    text = article(1)
    assert share(text, text.replace("slowly", "quickly").replace("bridges", "fences"))


def test_two_articles_share_none() -> None:
    assert not any(share(article(1), article(number)) for number in range(2, 40))


def test_a_truncated_page_shares_its_opening_with_the_whole_article() -> None:
    text = article(3, 60)
    assert all(share(text, " ".join(sentences_of(text)[:count])) for count in (2, 4, 8, 16))


def test_a_text_of_less_than_five_words_has_no_keys() -> None:
    assert not keys("four words are short", "").any()


def test_keys_do_not_depend_on_the_texts_beside_them() -> None:
    texts = [article(number, number % 7) for number in range(12)]
    assert np.array_equal(keys(*texts), np.concatenate([keys(text) for text in texts]))


def test_the_hash_of_a_text_knows_the_order_of_its_words() -> None:
    hashes = content_hashes(*tokens_of(["a b c", "c b a", "a b c.", ""]))
    assert hashes[0] == hashes[2] != hashes[1]
    assert hashes[3] == 0


def test_a_shingle_is_five_words() -> None:
    tokens, _ = tokens_of(["one two three four five six"])
    assert len(shingles(tokens)) == 2


def pairs(keys: list[int], owners: list[int]) -> list[list[int]]:
    found = pairs_by_key(np.array(keys, np.uint64), np.array(owners, np.int64))
    return decoded(distinct(np.concatenate(list(found)))).tolist()


def test_a_key_that_thousands_share_gives_linearly_many_pairs() -> None:
    assert len(pairs([7] * 5000, list(range(5000)))) < 4 * 5000


def test_a_key_that_few_share_gives_all_their_pairs() -> None:
    assert len(pairs([7] * 6, list(range(6)))) == 15


def test_a_text_is_no_pair_of_itself() -> None:
    assert pairs([7, 7, 7], [0, 0, 1]) == [[0, 1]]


def test_texts_whose_keys_are_alike_in_one_half_are_no_pair() -> None:
    assert pairs([7 << 32 | 1, 7 << 32 | 2, 9 << 32 | 1, 7 << 32 | 2], [0, 1, 2, 3]) == [[1, 3]]


def test_both_halves_of_a_key_tell_texts_apart() -> None:
    found = np.unique(keys(*(article(number) for number in range(300))))
    for half in (found >> np.uint64(32), found & np.uint64(0xFFFFFFFF)):
        assert len(np.unique(half)) == len(found)


def test_no_texts_give_no_pairs() -> None:
    assert pairs([], []) == []


def is_likely(one: str, other: str) -> bool:
    tokens, counts = tokens_of([one, other])
    samples = fingerprints_of(tokens, counts).samples
    return len(likely(np.array([1], np.uint64), lambda texts: (samples[texts], counts[texts]))) == 1


def test_two_briefs_with_one_phrase_in_common_are_not_worth_comparing() -> None:
    one, other = (" ".join(f"{letter}{place}" for place in range(60)) for letter in "ab")
    phrase = "the harbour office said on"
    assert not is_likely(f"{phrase} {one}", f"{phrase} {other}")


def test_a_brief_is_worth_comparing_with_its_edited_and_its_shortened_copy() -> None:
    words = article(5).split()[:60]
    assert is_likely(" ".join(words), " ".join([*words[:30], "twice", *words[31:]]))
    assert is_likely(" ".join(words), " ".join(words[:36]))
