"""Places: unique, growing, and kept from an earlier run as long as that holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.io.places import Places


def entered(path: str) -> Places:
    places = Places()
    places.enter(path)
    return places


def test_a_record_without_a_place_gets_its_line():
    places = entered("a")
    assert [places.of_record(line) for line in (1, 4)] == [("a", 1), ("a", 4)]


def test_a_record_keeps_the_place_of_an_earlier_run():
    places = entered("out")
    assert [places.of_record(line, "raw", at) for line, at in ((1, 2), (2, 9))] == [("raw", 2), ("raw", 9)]
    assert places.of_record(3, "raw2", 1) == ("raw2", 1)
    assert places.sources == ["raw", "raw2"]


def test_a_place_that_breaks_the_order_is_not_kept():
    places = entered("out")
    places.of_record(1, "raw", 5)
    assert places.of_record(2, "raw", 5) == ("out", 2)
    assert places.of_record(3, "raw", 6) == ("out", 3)


def test_a_place_that_is_none_is_not_kept():
    places = entered("out")
    for line, (file, number) in enumerate(
        [(None, 1), ("x", None), ("", 1), ("x", 0), ("x", True), ("x", "1"), (3, 4)], 1
    ):
        assert places.of_record(line, file, number) == ("out", line)


def test_a_file_read_twice_gets_a_number():
    places = entered("a")
    places.of_record(1)
    places.enter("a")
    assert places.of_record(1) == ("a#2", 1)
    places.enter("a")
    assert places.of_record(1) == ("a#3", 1)


def test_a_quarantined_row_does_not_end_the_file_of_its_neighbours():
    places = entered("out")
    places.of_record(1, "raw", 1)
    assert places.of_quarantined(2) == ("out", 2)
    assert places.of_record(3, "raw", 2) == ("raw", 2)
    assert places.sources == ["raw", "out"]
    assert places.of_record(4) == ("out", 4)
    assert places.of_quarantined(5) == ("out", 5)


def test_a_file_of_quarantined_rows_is_a_source_too():
    places = entered("a")
    places.of_quarantined(1)
    places.enter("b")
    assert (places.of_record(1), places.sources) == (("b", 1), ["a", "b"])


CARRIED = st.tuples(st.sampled_from(["a", "b", "a#2", None]), st.integers(0, 6) | st.none())


@given(st.lists(st.tuples(st.sampled_from("ab"), st.lists(st.tuples(st.booleans(), CARRIED), max_size=6)), max_size=5))
def test_places_of_records_are_unique_and_sorted_whatever_they_bring(files):
    places = Places()
    given_out = []
    for path, rows in files:
        places.enter(path)
        for line, (broken, (file, number)) in enumerate(rows, 1):
            if broken:
                places.of_quarantined(line)
            else:
                given_out.append(places.of_record(line, file, number))
    keys = [(places.sources.index(file), line) for file, line in given_out]
    assert keys == sorted(set(keys))
    assert len(set(places.sources)) == len(places.sources)
